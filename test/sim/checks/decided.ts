import { isDeepStrictEqual } from 'node:util';
import { evolveAll } from '../../../src/session/evolve.ts';
import type { Session } from '../../../src/session/session.ts';
import { ownerOf } from '../../../src/session/whose.ts';
import type { StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/** What was decided: I1 one owner, I6 each conversation its epoch, I8 ends are final, I11 the audit tells the header; I13 every turn is answered in time. */
export const decided: Check = ({ taken }, { sessions }) => [
  ...sessions.flatMap(audited),
  ...taken
    .filter(({ ms }) => ms > TURN_MS)
    .map(({ what, ms }) => ({ rule: 'I13', what: `${what} took ${ms} ms` })),
];

/** Not as the product has it: it is what is judged. */
const ENDS: readonly string[] = ['closed', 'expired'];

/** Ten seconds, and what a process that is woken late needs to find out. */
const TURN_MS = 11_000;

function audited({ header, audit }: StoredSession): readonly Broken[] {
  const { id } = header.session;
  const found: Broken[] = [];
  let session: Session | undefined;
  for (const [at, { ver, events }] of audit.entries()) {
    if (ver !== at + 1) return [{ rule: 'I11', what: `${id}: the audit has no version ${at + 1}` }];
    const before = session;
    session = evolveAll(before, events);
    if (before === undefined) continue;
    if (ENDS.includes(before.status) && session.status !== before.status)
      found.push({ rule: 'I8', what: `${id}: ${before.status} became ${session.status} at version ${ver}` });
    if (before.conversation !== session.conversation && session.epoch !== before.epoch + 1)
      found.push({ rule: 'I6', what: `${id}: another conversation under the same epoch at version ${ver}` });
    if (ownerOf(before)?.id !== ownerOf(session)?.id && session.epoch !== before.epoch + 1)
      found.push({ rule: 'I1', what: `${id}: another owner under the same epoch at version ${ver}` });
  }
  const { lastSaid: _, ...stored } = header.session;
  const { lastSaid: __, ...told } = session ?? header.session;
  if (session === undefined || !isDeepStrictEqual(plain(stored), plain(told)))
    found.push({ rule: 'I11', what: `${id}: header and audit differ: ${difference(stored, told)}` });
  return found;
}

/** Without what JSON leaves out. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function difference(stored: object, told: object): string {
  const names = new Set([...Object.keys(stored), ...Object.keys(told)]);
  const differing = [...names].filter(
    (name) => !isDeepStrictEqual(plainOf(Reflect.get(stored, name)), plainOf(Reflect.get(told, name))),
  );
  return differing
    .map(
      (name) =>
        `${name} ${JSON.stringify(Reflect.get(stored, name))} ≠ ${JSON.stringify(Reflect.get(told, name))}`,
    )
    .join(', ');
}
const plainOf = (value: unknown): unknown => (value === undefined ? undefined : plain(value));
