import { ChangeFeedStartFrom, type ChangeFeedPullModelIterator, type Container } from '@azure/cosmos';
import { HandoffError } from '../../handoff/errors.ts';
import type { CustomerIndex } from '../../handoff/header.ts';
import type { Log, News, SessionStore } from '../../handoff/ports.ts';
import { readEntry, readEnvelope, readHeader, readIndex, readStanding, readTyping } from './documents.ts';
import type { Persist } from './retry.ts';

const PAGE = 200;

/**
 * Reads the change feed of `sessions`, a page a call. The iterator is kept between calls that follow each other: a new
 * one asks for the container's metadata first.
 */
export function cosmosFeed(container: Container, persist: Persist, log: Log): SessionStore['news'] {
  let kept: { readonly iterator: ChangeFeedPullModelIterator<unknown>; readonly at: string } | undefined;
  const start = (from: string | undefined, origin: 'now' | 'beginning') => {
    const first = origin === 'now' ? ChangeFeedStartFrom.Now() : ChangeFeedStartFrom.Beginning();
    const startFrom: unknown = from === undefined ? first : ChangeFeedStartFrom.Continuation(from);
    // What the SDK's own factories return is declared as something else than what its option takes.
    const changeFeedStartFrom = startFrom as ChangeFeedStartFrom;
    return container.items.getChangeFeedIterator<unknown>({ maxItemCount: PAGE, changeFeedStartFrom });
  };
  return (from, origin = 'now') =>
    persist('sessions.news', async () => {
      const iterator = kept !== undefined && kept.at === from ? kept.iterator : start(from, origin);
      // Whoever asks meanwhile, or after a failure, begins anew from their own continuation.
      kept = undefined;
      const page = await iterator.readNext();
      const next = page.continuationToken;
      kept = { iterator, at: next };
      // 304 brings no list at all.
      const documents: readonly unknown[] = page.statusCode === 200 ? page.result : [];
      return {
        news: documents.flatMap((one) => newsOf(one, log)),
        next,
        isEnd: page.statusCode !== 200,
      };
    });
}

/** A document of a newer house must not stop the feed of this one during an upgrade: it is passed over, and logged. */
function newsOf(document: unknown, log: Log): readonly News[] {
  try {
    const { kind } = readEnvelope(document);
    // Told when it was written; since then nothing but its end was noted.
    if (kind === 'entry' && isRetained(document)) return [];
    if (kind === 'entry') return [{ kind, entry: readEntry(document) }];
    if (kind === 'typing') return [{ kind, typing: readTyping(document) }];
    if (kind === 'standing') return [{ kind: 'agent', agent: readStanding(document).agent }];
    if (kind === 'header') return [{ kind, header: readHeader(document), etag: etagOf(document) }];
    if (kind === 'index') return erasingIn(readIndex(document));
    return [];
  } catch (error) {
    if (!(error instanceof HandoffError) || error.code !== 'store_unreadable') throw error;
    log('store.unreadable', { error: error.message });
    return [];
  }
}

const isRetained = (document: unknown): boolean =>
  typeof document === 'object' && document !== null && 'retained' in document && document.retained === true;

const erasingIn = ({ customer, erasing, erasedAt, sessions }: CustomerIndex): readonly News[] =>
  erasing !== undefined || (erasedAt !== undefined && sessions.length === 0)
    ? [{ kind: 'erasing', customer, sessions: sessions.map(({ sid }) => sid), done: erasing === undefined }]
    : [];

const etagOf = (document: unknown): string =>
  typeof document === 'object' && document !== null && '_etag' in document ? String(document._etag) : '';
