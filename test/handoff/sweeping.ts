import type { InboxStore, Leases, SessionStore } from '../../src/handoff/ports.ts';
import { sweep, type Sweep } from '../../src/handoff/sweep.ts';
import type { TestHouse, Town } from './house.ts';

let made = 0;

/** A sweep of its own over the store of a house that does not sweep; time passes for it where a test says so. */
export function sweepOver(
  { clock }: Town,
  { house, stores }: TestHouse,
  instead: {
    readonly inbox?: Partial<InboxStore>;
    readonly sessions?: Partial<SessionStore>;
    readonly leases?: Partial<Leases>;
  } = {},
): Sweep {
  made += 1;
  return sweep({
    sessions: house.sessions,
    store: { ...stores.sessions, ...instead.sessions },
    inbox: { ...stores.inbox, ...instead.inbox },
    leases: { ...stores.leases, ...instead.leases },
    clock,
    rulesFor: (widget) => house.widget(widget).rules,
    noticed: house.agents.noticed,
    catchUp: () => undefined,
    queueTarget: { dueAt: () => undefined, pass: () => Promise.resolve() },
    retaining: {
      dueAt: () => undefined,
      pass: (header) => Promise.resolve(header),
      gone: () => Promise.resolve(),
    },
    holder: `sweep-${made}-of-the-test`,
    log: () => undefined,
  });
}
