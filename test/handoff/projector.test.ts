import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Header } from '../../src/handoff/header.ts';
import { projector, type Projector } from '../../src/handoff/projector.ts';
import type { SessionId } from '../../src/session/ids.ts';
import { embeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { customer, header, opening, said, session } from '../store/samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

/** The reader of one instance, which carries nothing by itself; `takenUp` hears of what it would have carried. */
function readerOf(holder: string, takenUp: SessionId[] = []): Projector {
  const done = () => Promise.resolve();
  return projector({
    sessions: { learn: () => true },
    store: store.stores.sessions,
    inbox: store.stores.inbox,
    leases: store.stores.leases,
    agents: { settle: done },
    delivery: { catchUp: ({ session: { id } }: Header) => void takenUp.push(id) },
    cards: { catchUp: () => undefined },
    sweep: {
      looks: {
        own: () => undefined,
        spoken: () => Promise.resolve(undefined),
        all: () => Promise.resolve(undefined),
      },
    },
    adoption: { repair: done },
    interactions: { keep: done },
    hook: undefined,
    erasures: { round: () => undefined },
    observe: undefined,
    tell: () => undefined,
    follow: () => undefined,
    clock: store.clock,
    holder,
    log: () => undefined,
  });
}

/** Until there is no past left. */
async function catchesUp(reader: Projector): Promise<void> {
  while ((await reader.round()) === 'more');
}

test('a line whose writer died, and the reader that had only just read of it, is taken up by the next', async () => {
  const sid = session(customer('mia'));
  const owes = header(sid, { seq: 1, owed: 1, delivered: 0 });
  await store.stores.sessions.commit({ ...opening(sid), header: owes, entries: [said(sid, 1)] });

  await catchesUp(readerOf('the one that dies'));
  store.clock.advance(20_000);

  const takenUp: SessionId[] = [];
  const next = readerOf('the next', takenUp);
  await catchesUp(next);
  store.clock.advance(5_000);
  await next.round();
  expect(takenUp).toEqual([sid]);
});
