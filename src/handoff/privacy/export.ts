import { lineOf } from '../../cards/line.ts';
import type { Line } from '../../cards/views.ts';
import type { Wording } from '../../cards/wording.ts';
import type { FileRef } from '../../session/files.ts';
import { readSessionId, type CustomerId } from '../../session/ids.ts';
import type { Entry } from '../../session/ledger.ts';
import type { Session } from '../../session/session.ts';
import { isOver } from '../../session/whose.ts';
import type { Header } from '../header.ts';
import type { Interaction } from '../interaction.ts';
import type { InteractionStore, SessionStore } from '../ports.ts';
import { referenceOf } from '../reference.ts';
import { customerName } from '../rows.ts';
import { storyReader } from '../story.ts';
import type { Held, HoldingsStore } from './holdings.ts';
import type { Person } from './person.ts';

/** What an export begins with, so that whoever reads one knows what it is. */
export const EXPORT = { format: 'botbuilder-reconnect/customer', version: 1 } as const;

/** How an export is made. */
export interface ExportOptions {
  /** Whether what agents wrote for each other is in it: comments, and their notes on how a chat ended. */
  readonly comments: boolean;
  /** Keeps a file's bytes beside the export and says where; left out, files are only listed. */
  readonly keepFile?: (customer: CustomerId, file: FileRef) => Promise<string | undefined>;
}

const PAGE = 500;

/**
 * Writes everything that is held of one person as JSON, piece by piece: a page of a transcript at a time, however long it
 * is. Of secrets there are only hashes to begin with, and not even those are in it. Throws what the store throws; what was
 * written by then is no whole JSON.
 *
 * @returns nothing at all when nothing is held of them.
 */
export async function* exportOf(
  given: {
    readonly store: SessionStore;
    readonly interactions: InteractionStore;
    readonly holdings: HoldingsStore;
    readonly wordsOf: (widget: string) => { readonly words: Wording; readonly agentWords: Wording };
    readonly now: number;
  },
  { customer, partitions }: Person,
  options: ExportOptions,
): AsyncGenerator<string> {
  const { store, holdings } = given;
  const kinds = async (kind: string): Promise<readonly Held[]> =>
    (await Promise.all(partitions.map((one) => allOf(holdings, one, kind)))).flat();
  const sids = (await kinds('header')).flatMap(({ id }) => readSessionId(id.replace(/^s:/u, '')) ?? []);
  const subject = (await store.index(customer))?.value.subject;
  const presences = await kinds('presence');
  if (sids.length === 0 && subject === undefined && presences.length === 0) return;

  const who = {
    id: customer,
    ...(subject?.kind === 'signedIn' && { issuer: subject.issuer, name: subject.name }),
    partitions,
  };
  yield `{${field('format', EXPORT.format)},${field('version', EXPORT.version)},`;
  yield `${field('exportedAt', time(given.now))},\n${field('customer', who)},\n"chats":[`;
  let between = '';
  const headers = (await Promise.all(sids.map((sid) => store.header(sid)))).flatMap(
    (read) => read?.value ?? [],
  );
  for (const header of headers.toSorted((a, b) => a.session.openedAt - b.session.openedAt)) {
    yield between;
    yield* chatOf(given, header, options);
    between = ',';
  }
  yield '\n],\n';
  const records = (await Promise.all(partitions.map(given.interactions.interactionsOf))).flat();
  const alone = records.filter(({ interaction }) => !sids.includes(interaction.sid));
  yield `${field(
    'chatsWithoutTranscript',
    alone.map(({ interaction }) => recordOf(interaction, options)),
  )},\n`;
  yield `${field('pages', presences.map(bodyOf))},\n`;
  yield `${field('bot', (await kinds('botState')).map(bodyOf))},\n`;
  yield `${field('exports', (await kinds('access')).map(exportedAt))},\n`;
  const counted = async (kind: string): Promise<number> => (await kinds(kind)).length;
  // Hashes of secrets and of message numbers: that they are there is all that can be told of them.
  yield `${field('hashes', {
    devices: await counted('device'),
    waysBack: await counted('key'),
    receipts: await counted('dedupe'),
  })}}\n`;
}

type Given = Parameters<typeof exportOf>[0];

async function* chatOf(given: Given, header: Header, options: ExportOptions): AsyncGenerator<string> {
  const { session } = header;
  const record = (await given.interactions.interaction(session.id))?.value.interaction;
  yield `\n{${fields(factsOf(header, record, options))},\n"transcript":[`;
  let between = '\n';
  for (let after = 0; after < header.seq; after += PAGE) {
    for (const entry of await given.store.entries(session.id, { after, upTo: after + PAGE })) {
      const line = await shown(given, session, entry, options);
      if (line === undefined) continue;
      yield `${between}${JSON.stringify(line)}`;
      between = ',\n';
    }
  }
  const story = storyReader({
    store: given.store,
    wordsFor: (widget) => given.wordsOf(widget).agentWords,
    now: () => given.now,
  });
  const course = (await story(session)).map(({ at, text }) => ({ at: time(at), text }));
  yield `\n],\n${field('course', course)}}`;
}

function factsOf(
  { session, reference, device }: Header,
  record: Interaction | undefined,
  options: ExportOptions,
): Readonly<Record<string, unknown>> {
  const { id, widget, stream, status, subject, reason, follows } = session;
  return {
    ...{ id, reference: referenceOf(id), widget, workStream: stream, status },
    openedAt: time(session.openedAt),
    ...(isOver(session) && {
      endedAt: time(session.status === 'closed' ? session.closedAt : session.expiredAt),
    }),
    ...(subject.kind === 'signedIn' && { signedInAt: subject.issuer, name: subject.name }),
    agents: session.agents.map(({ name }) => name),
    ...{ reason, follows, device, language: reference.locale },
    channel: reference.channel,
    ...(reference.user.name !== undefined && { nameInChannel: reference.user.name }),
    ...(record !== undefined && { record: recordOf(record, options) }),
  };
}

const recordOf = (
  { customer, notes, disposition, transcript: _, agents, ...record }: Interaction,
  { comments }: ExportOptions,
) => ({
  ...record,
  ...(record.acceptedAt !== undefined && { acceptedAt: time(record.acceptedAt) }),
  ...(record.queuedAt !== undefined && { queuedAt: time(record.queuedAt) }),
  ...{ openedAt: time(record.openedAt), endedAt: time(record.endedAt), name: customer.name },
  agents: agents.map(({ name }) => name),
  ...(comments && { disposition, notes }),
});

/** A line as its customer read it; where it was not for them, as agents did. */
async function shown(given: Given, session: Session, entry: Entry, options: ExportOptions): Promise<unknown> {
  const { what } = entry;
  if (what.kind === 'comment' && !options.comments) return undefined;
  const { words, agentWords } = given.wordsOf(session.widget);
  const theirs = lineOf(entry, 'customer', words);
  const line: Line | undefined =
    theirs ?? lineOf(entry, 'agent', agentWords, { customer: customerName(session) });
  const files = what.kind === 'message' ? (what.files ?? []) : [];
  if (line === undefined) return undefined;
  return {
    at: time(entry.at),
    by: line.side,
    ...(line.name !== undefined && { name: line.name }),
    ...(line.kind !== 'message' && { kind: line.kind }),
    ...(theirs === undefined && line.kind === 'notice' && { to: 'agents' }),
    text: line.text,
    ...(files.length > 0 && { files: await Promise.all(files.map((one) => fileOf(session, one, options))) }),
    ...(what.kind === 'message' && what.attachments && { attachments: what.attachments.map(withoutKeys) }),
  };
}

const fileOf = async (
  { customer }: Session,
  file: FileRef,
  { keepFile }: ExportOptions,
): Promise<Readonly<Record<string, unknown>>> => ({
  ...{ name: file.name, type: file.type, size: file.size },
  ...(keepFile && { savedAs: (await keepFile(customer, file)) ?? null }),
});

/** What a channel appends to an address is most often a key to it. */
function withoutKeys(attachment: unknown): unknown {
  const url: unknown =
    typeof attachment === 'object' && attachment !== null ? Reflect.get(attachment, 'contentUrl') : undefined;
  return typeof url === 'string'
    ? { ...Object(attachment), contentUrl: url.replace(/\?.*$/su, '') }
    : attachment;
}

async function allOf(holdings: HoldingsStore, customer: CustomerId, kind: string): Promise<readonly Held[]> {
  const all: Held[] = [];
  let from: string | undefined;
  do {
    const page = await holdings.held(customer, { kind, ...(from !== undefined && { from }) });
    all.push(...page.held);
    from = page.next;
  } while (from !== undefined);
  return all;
}

/** When somebody took one; who did is the house's own matter. */
const exportedAt = ({ body }: Held): unknown => {
  const at: unknown = Reflect.get(Object(body), 'at');
  return typeof at === 'number' ? time(at) : undefined;
};

const bodyOf = ({ body }: Held): unknown => body;
const time = (ms: number): string => new Date(ms).toISOString();
const field = (name: string, value: unknown): string => `${JSON.stringify(name)}:${JSON.stringify(value)}`;
const fields = (all: Readonly<Record<string, unknown>>): string => JSON.stringify(all).slice(1, -1);
