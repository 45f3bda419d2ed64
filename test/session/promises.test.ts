import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/session/command.ts';
import { decide } from '../../src/session/decide.ts';
import { evolveAll } from '../../src/session/evolve.ts';
import { RECOMMENDED, type Rules } from '../../src/session/rules.ts';
import type { Session } from '../../src/session/session.ts';
import { slotOf } from '../../src/session/slots.ts';
import { anna, asked, comesBack, held, HOUR, left, MIN, pausedByCustomer, setAside } from './given.ts';
import { withAnna, type Story } from './given.ts';

/** What an admin has cut every limit down to since the promise was given. */
const SHORTER: Rules = {
  ...RECOMMENDED,
  autoCloseMs: 5 * MIN,
  reconnectLimitMs: 5 * MIN,
  previousAgentWindowMs: 0,
  suspendLimitMs: 5 * MIN,
  offerTimeoutMs: 10_000,
};

/** The story goes on so much later, under the shorter settings. */
function goesOn(s: Story, ms: number, command: Command = { type: 'tick' }): Session {
  return evolveAll(s.session(), decide(s.session(), command, s.now() + ms, SHORTER).events);
}

describe('row 56: a setting that was made shorter meanwhile takes nothing from', () => {
  it('a customer who is gone: their agent is kept, and they may come back, for as long as was promised', () => {
    const s = held();
    expect(slotOf(goesOn(s, 10 * MIN - 1))).toMatchObject({ agent: anna.id, kind: 'held' });
    expect(goesOn(s, 10 * MIN - 1, comesBack())).toMatchObject({ status: 'active', owner: anna });
    expect(goesOn(s, 20 * MIN - 1, comesBack()).status).toBe('resuming');
    expect(goesOn(s, 20 * MIN).status).toBe('expired');
  });

  it('a customer who has set the chat aside for a day', () => {
    const s = pausedByCustomer();
    expect(slotOf(goesOn(s, 10 * MIN - 1))?.kind).toBe('held');
    expect(goesOn(s, 24 * HOUR - 1, comesBack())).toMatchObject({ status: 'suspended', owner: anna });
    expect(goesOn(s, 24 * HOUR).status).toBe('expired');
  });

  it('a customer whose agent keeps the chat until they are back', () => {
    const s = setAside({}, { backBy: held().now() + 48 * HOUR });
    const { suspendedUntil } = s.session() as Extract<Session, { status: 'suspended' }>;
    const gone = left(s.after(MIN));
    const end = suspendedUntil - gone.now();
    expect(goesOn(gone, end - 1, comesBack()).status).toBe('suspended');
  });

  it('an agent who is being asked', () => {
    expect(goesOn(asked(), MIN - 1).status).toBe('resuming');
    expect(goesOn(asked(), MIN).status).toBe('queued');
  });

  it('and whoever goes after the change is promised what is set then', () => {
    const gone = goesOn(withAnna(), MIN, {
      type: 'customerLeft',
      cause: 'silent',
      at: withAnna().now() + MIN,
    });
    expect(gone).toMatchObject({ status: 'disconnected', returnUntil: withAnna().now() + 6 * MIN });
    expect(slotOf(gone)).toBeUndefined();
  });
});
