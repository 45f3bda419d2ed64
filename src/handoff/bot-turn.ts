import type { Command } from '../session/command.ts';
import type { SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import type { Agents } from './agents.ts';
import type { Customers } from './customers.ts';
import type { BotSaid, CustomerTurn } from './customer-turn.ts';
import type { Sessions } from './handle.ts';
import { nextSession } from './next-session.ts';
import type { Ask, Opening, Saying } from './step.ts';

/**
 * Lets the bot take a customer's turn: the bot runs, then one batch stores what came in (`said`) and what the bot said. `known`
 * is the session it is about; none opens the conversation's next one, unless nothing comes of the turn. A crash in
 * between means that the resend runs the bot again.
 */
export type TakeBotTurn = (
  turn: CustomerTurn,
  known: SessionId | undefined,
  said?: readonly Saying[],
  dedupe?: readonly string[],
) => Promise<void>;

/** Makes the bot's turn. */
export function makeBotTurn(given: {
  readonly sessions: Sessions;
  readonly customers: Customers;
  readonly agents: Agents;
  readonly streamOf: (widget: string) => string;
  readonly now: () => number;
}): TakeBotTurn {
  const { sessions, customers, agents } = given;

  const botTurn: TakeBotTurn = async (turn, known, said = [], dedupe = []) => {
    const sid = known ?? (await nextSession(sessions, turn.reference));
    const { says, handoff } = await turn.runBot(sid);
    const say: readonly Saying[] = [...said, ...says];
    if (say.length === 0 && handoff === undefined) return;
    const opening = known === undefined ? await openingOf(turn) : undefined;
    await keep(turn, sid, { say, dedupe, ...(opening && { opening }) }, handoff);
  };

  /** Keeps what was said in a bot's turn, whatever has become of the session meanwhile. */
  const keep = async (
    turn: CustomerTurn,
    sid: SessionId,
    ask: Pick<Ask, 'dedupe' | 'opening'> & { readonly say: readonly Saying[] },
    handoff: BotSaid['handoff'],
  ): Promise<void> => {
    const { refused, header } = await sessions.ask(sid, {
      ...ask,
      actor: handoff === undefined ? 'customer' : 'bot',
      command: handoff === undefined ? speaksHere(turn, agents) : () => ({ type: 'handoff', ...handoff }),
      reference: turn.reference,
      ...(handoff !== undefined && (await placeAtEnd(turn, sid))),
    });
    if (refused === undefined) return;
    if (refused.kind === 'over') {
      // It ended by time or by somebody while the bot was answering: what was said opens the next one.
      return keep(
        turn,
        await nextSession(sessions, turn.reference, sid),
        { ...ask, opening: await openingOf(turn) },
        handoff,
      );
    }
    if (handoff === undefined) throw new TypeError(`What a customer says was refused: ${refused.kind}`);
    const told = refused.kind === 'inLine' ? [inLine((await customers.state(header.session.id)).place)] : [];
    return keep(turn, sid, { ...ask, say: [...ask.say, ...told] }, undefined);
  };

  const openingOf = async (turn: CustomerTurn): Promise<Opening> => {
    const { user, conversation } = turn.reference;
    const index = await sessions.index(user.id);
    const widget = await customers.widgetOf(user.id, conversation);
    const subject = index?.subject ?? { kind: 'anonymous' };
    return { widget, stream: given.streamOf(widget), subject, reference: turn.reference };
  };

  /** The place at the end of the line, when the inbox can tell; a handoff does not wait for it to be well. */
  const placeAtEnd = async (turn: CustomerTurn, sid: SessionId): Promise<{ readonly place?: number }> => {
    const { user, conversation } = turn.reference;
    const stream = given.streamOf(await customers.widgetOf(user.id, conversation));
    const place = await customers.placeInLine(stream, given.now(), sid).catch(() => undefined);
    return place === undefined ? {} : { place };
  };

  return botTurn;
}

/** What a customer's line asks of their session: for one who was noticed gone it is a silent return. */
export const speaksHere =
  ({ reference }: CustomerTurn, agents: Agents) =>
  async (session: Session): Promise<Command> => ({
    type: 'customerSays',
    conversation: reference.conversation,
    agentHere: comesBack(session) && (await agents.isHere(session.previous)),
  });

const comesBack = (session: Session): boolean =>
  session.status === 'disconnected' ||
  (session.status === 'suspended' && session.customerBackAt === undefined);

const inLine = (place: number | undefined): Saying => ({
  by: { kind: 'house' },
  what: { kind: 'notice', code: 'queued', to: 'customer', params: place === undefined ? {} : { place } },
});
