import type { TakeAgentTurn } from './agent-turn.ts';
import type { TakeCustomerTurn } from './customer-turn.ts';
import type { Desk } from './desk.ts';
import type { AgentWire, CustomerWire, Sent } from './ports.ts';
import type { Came, Telemetry } from './telemetry.ts';

const OK: Came = { outcome: 'ok' };
const sent = ({ outcome }: Sent): Came => ({ outcome, failed: outcome !== 'sent' });

/** The customers' wire, heard. */
export const observedCustomerWire =
  (wire: CustomerWire, { during }: Telemetry): CustomerWire =>
  (to, activity, stopped) => {
    const what = activity.type === 'message' ? 'line' : 'note';
    return during({ kind: 'delivery', to: 'customer', what }, () => wire(to, activity, stopped), sent);
  };

/** The agents' wire, heard. */
export function observedAgentWire(wire: AgentWire, { during }: Telemetry): AgentWire {
  const heard = (what: 'card' | 'note', run: () => Promise<Sent>): Promise<Sent> =>
    during({ kind: 'delivery', to: 'agent', what }, run, sent);
  return {
    send: (...of) => heard('card', () => wire.send(...of)),
    update: (...of) => heard('card', () => wire.update(...of)),
    tell: (...of) => heard('note', () => wire.tell(...of)),
  };
}

/** Customers' turns, heard, and the bot's part in them. */
export const observedCustomerTurn =
  (take: TakeCustomerTurn, { during }: Telemetry): TakeCustomerTurn =>
  (turn) => {
    const heard = {
      ...turn,
      runBot: (sid: Parameters<typeof turn.runBot>[0]) =>
        during(
          { kind: 'bot' },
          () => turn.runBot(sid),
          () => OK,
        ),
    };
    return during(
      { kind: 'turn', by: 'customer', what: turn.inbound.kind },
      () => take(heard),
      () => OK,
    );
  };

/** Agents' turns from Teams, heard. */
export const observedAgentTurn =
  (take: TakeAgentTurn, { during }: Telemetry): TakeAgentTurn =>
  (turn) =>
    during(
      { kind: 'turn', by: 'agent', what: turn.asks.kind },
      () => take(turn),
      ({ kind }) => ({
        outcome: kind === 'refused' ? 'refused' : 'ok',
      }),
    );

/** What agents do, heard, from whichever door. */
export const observedDesk = (desk: Desk, { during }: Telemetry): Desk => ({
  ...desk,
  act: (agent, sid, act, read) =>
    during(
      { kind: 'act', act: act.act, session: sid },
      () => desk.act(agent, sid, act, read),
      ({ refused }) => ({ outcome: refused === undefined ? 'ok' : refused.kind }),
    ),
});
