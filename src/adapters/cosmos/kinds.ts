import type { Kind } from './documents.ts';

/** One kind of document: where it lies, what it tells of a customer, how long it is kept, and how it is found to be erased. */
export interface KindOfDocument {
  readonly container: 'sessions' | 'agents' | 'inbox' | 'lookups';
  /** Of whom it tells something: a customer by words or name, a customer by id or hash alone, or nobody. */
  readonly personal: 'words' | 'id' | 'none';
  readonly holds: string;
  /** Which setting of `retention` holds for it, or how long it is kept otherwise. */
  readonly kept: string;
  /** How an erasure comes to it. */
  readonly erased: string;
}

const PARTITION = 'with the partition';
const BY_SESSION = 'by the ids of sessions';
const STAFF = 'not a customer’s';

/**
 * Everything that is ever written into the store. The README's table is made of it, and a test holds it to what the house
 * writes: a kind that is not here does not compile, one that lies elsewhere or stays longer fails.
 */
export const KINDS: Readonly<Record<Kind, KindOfDocument>> = {
  entry: {
    ...{ container: 'sessions', personal: 'words', kept: 'transcript', erased: PARTITION },
    holds: 'a line of a chat: what was said, told and remarked, and the names of files',
  },
  header: {
    ...{ container: 'sessions', personal: 'words', kept: 'transcript', erased: `${PARTITION}, first` },
    holds: 'a chat as it stands: who, with whom, the last line, the conversation, the browser',
  },
  audit: {
    ...{ container: 'sessions', personal: 'words', kept: 'audit', erased: PARTITION },
    holds: 'who decided what in a chat, with reasons and notes',
  },
  asked: {
    ...{ container: 'sessions', personal: 'id', kept: 'audit', erased: PARTITION },
    holds: 'that a customer was asked whether they go on',
  },
  interaction: {
    ...{ container: 'sessions', personal: 'words', kept: 'record', erased: PARTITION },
    holds: 'what came of a chat: name, agents, disposition, notes',
  },
  index: {
    ...{ container: 'sessions', personal: 'words', kept: 'the longest of them, from its last change on' },
    ...{
      holds: 'a customer’s chats, their name and devices',
      erased: `${PARTITION}, last; a tombstone for a day`,
    },
  },
  presence: {
    ...{ container: 'sessions', personal: 'id', kept: '30 days', erased: PARTITION },
    holds: 'that a page is open, and in which browser',
  },
  typing: {
    ...{ container: 'sessions', personal: 'id', kept: '1 minute', erased: PARTITION },
    holds: 'that a customer is writing',
  },
  device: {
    ...{ container: 'sessions', personal: 'id', kept: '181 days after the last visits', erased: PARTITION },
    holds: 'the hash of a device cookie’s secret',
  },
  key: {
    ...{ container: 'sessions', personal: 'id', kept: '60 days', erased: PARTITION },
    holds: 'the hash of a reconnect link or code',
  },
  dedupe: {
    ...{ container: 'sessions', personal: 'id', kept: '2 days', erased: PARTITION },
    holds: 'the hash of a message’s number',
  },
  botState: {
    ...{ container: 'sessions', personal: 'words', kept: '30 days', erased: PARTITION },
    holds: 'what your bot remembers of a customer or chat',
  },
  access: {
    ...{ container: 'sessions', personal: 'id', kept: 'audit', erased: PARTITION },
    holds: 'that an export was taken, when and by whom',
  },
  buried: {
    ...{ container: 'sessions', personal: 'id', kept: '1 hour', erased: 'left by it' },
    holds: 'a tombstone where a record would be',
  },
  row: {
    ...{ container: 'inbox', personal: 'words', kept: 'transcript, from the end of its chat on' },
    ...{ holds: 'a line of the agents’ lists', erased: `${BY_SESSION}; a tombstone for an hour` },
  },
  due: {
    ...{ container: 'inbox', personal: 'id', kept: 'until its chat needs none', erased: BY_SESSION },
    holds: 'when a chat is to be looked at',
  },
  owed: {
    ...{ container: 'inbox', personal: 'id', kept: 'until the CRM has it', erased: BY_SESSION },
    holds: 'that a CRM is yet to be told',
  },
  erasure: {
    ...{ container: 'inbox', personal: 'id', kept: 'an hour past its end', erased: 'by its end' },
    holds: 'an erasure under way',
  },
  reference: {
    ...{ container: 'lookups', personal: 'id', kept: 'record', erased: 'by the number, made of the id' },
    holds: 'which chat a reference number stands for',
  },
  code: {
    ...{ container: 'lookups', personal: 'id', kept: '70 minutes', erased: 'by the customer in it' },
    holds: 'where a return code leads, under a hash',
  },
  rate: {
    ...{ container: 'lookups', personal: 'none', kept: '2 windows, an hour at most', erased: 'not at all' },
    holds: 'how often somebody tried, under a hash',
  },
  erased: {
    ...{ container: 'lookups', personal: 'none', kept: 'the longest of them', erased: 'left by it' },
    holds: 'that somebody was erased, when, by whom, how much',
  },
  standing: {
    ...{ container: 'sessions', personal: 'none', kept: '1 minute', erased: STAFF },
    holds: 'that a tab is to read anew how its agent stands',
  },
  lease: {
    ...{ container: 'lookups', personal: 'none', kept: 'for good', erased: STAFF },
    holds: 'which instance does what',
  },
  canned: {
    ...{ container: 'lookups', personal: 'none', kept: 'for good', erased: STAFF },
    holds: 'canned responses',
  },
  agent: {
    ...{
      container: 'agents',
      personal: 'id',
      kept: 'for good',
      erased: 'places and lines of the customer’s chats',
    },
    holds: 'an agent, and the ids of the chats they have',
  },
};

/** The README's table; in Markdown, unpadded. */
export const kindsTable = (): string =>
  [
    '| what it holds | container | kept | erased |',
    '| --- | --- | --- | --- |',
    ...Object.values(KINDS).map(
      ({ container, holds, kept, erased }) => `| ${holds} | \`${container}\` | ${shown(kept)} | ${erased} |`,
    ),
  ].join('\n');

const shown = (kept: string): string =>
  kept.replace(/^(?:transcript|record|audit)\b/u, (one) => `\`retention.${one}\``);
