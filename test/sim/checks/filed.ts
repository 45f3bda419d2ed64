import type { Entry } from '../../../src/session/ledger.ts';
import type { StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/**
 * I3, for files: what a ledger names is kept, and is what was sent; a line that came with one has it, or says beside it
 * why not. I14: of whoever is erased no file is left that was sent before.
 */
export const filed: Check = ({ files, said, erased }, { sessions }) => {
  const gone = (text: string): boolean => erased.some(({ mark }) => text.includes(mark));
  const entries = new Map(
    sessions.flatMap((one) => one.entries.map((entry) => [textOf(entry), one] as const)),
  );
  return [
    ...sessions.flatMap((session) =>
      kept(session, files)
        .filter(({ text }) => !gone(text))
        .map(({ broken }) => broken),
    ),
    ...said.flatMap(({ text, ackedAt, file }) => {
      const session = entries.get(text);
      if (file !== true || ackedAt === undefined || gone(text) || session === undefined) return [];
      return hasFile(session.entries, text) ? [] : [{ rule: 'I3', what: `“${text}” has lost its file` }];
    }),
    ...erased.flatMap(({ customer, texts }) =>
      [...files]
        .filter(([name, { bytes }]) => name.startsWith(`${customer}/`) && texts.includes(String(bytes)))
        .map(([name]) => ({ rule: 'I14', what: `the file ${name} is left` })),
    ),
  ];
};

const textOf = ({ what }: Entry): string => (what.kind === 'message' ? (what.text ?? '') : '');

/** What is named, and is not there, or is not what was sent with these words. */
function kept(
  { header, entries }: StoredSession,
  files: ReadonlyMap<string, { readonly bytes: Uint8Array }>,
): readonly { readonly text: string; readonly broken: Broken }[] {
  const { id, customer } = header.session;
  return entries.flatMap(({ seq, what }) => {
    if (what.kind !== 'message') return [];
    const { text = '', files: named = [] } = what;
    return named.flatMap((file) => {
      const bytes = files.get(`${customer}/${file.id}`)?.bytes;
      if (bytes !== undefined && Buffer.from(bytes).toString() === text) return [];
      const is = bytes === undefined ? 'is kept nowhere' : `is “${Buffer.from(bytes).toString()}”`;
      return [{ text, broken: { rule: 'I3', what: `${id}: the file of ${seq} ${is}` } }];
    });
  });
}

const hasFile = (entries: readonly Entry[], text: string): boolean => {
  const at = entries.findIndex((entry) => textOf(entry) === text);
  const { what } = entries[at] ?? {};
  if (what?.kind === 'message' && (what.files ?? []).length > 0) return true;
  return entries
    .slice(at, at + 3)
    .some((one) => one.what.kind === 'notice' && one.what.code === 'fileRefused');
};
