import { sleep, type Clock } from '../clock.ts';
import { noticeText, type Wording } from '../cards/wording.ts';
import type { Entry, NoticeCode } from '../session/ledger.ts';
import { agentOf } from '../session/whose.ts';
import { isPermitted, type Agents } from './agents.ts';
import type { Outcome } from './handle.ts';
import type { AgentWire, Log } from './ports.ts';
import type { AgentRecord } from './roster.ts';
import { customerName } from './rows.ts';

/**
 * Tells agents in their chats what must not wait until they look: a card that changes in place rings no bell. At most
 * once each; the card, the row and the transcript say it as well.
 */
export type RemindAgents = (outcome: Outcome) => Promise<void>;

/** Whom a notice rings for. */
const RINGS: Partial<Record<NoticeCode, 'agent' | 'supervisors' | 'both'>> = {
  answerOwed: 'agent',
  answerOverdue: 'supervisors',
  backSoon: 'agent',
  backByMissed: 'both',
  endsSoon: 'agent',
  offeredToYou: 'agent',
};

const SUPERVISORS = 20;
/** Longer than this nobody is kept waiting for: the card and the row say it, too. */
const PATIENCE_MS = 5_000;

/** Makes the reminders over the agents' wire. */
export function agentReminders(given: {
  readonly agents: Pick<Agents, 'everyone' | 'lately'>;
  readonly wire: AgentWire;
  readonly clock: Clock;
  /** The agents' words for a session's widget. */
  readonly wordsFor: (header: Outcome['header']) => Wording;
  readonly log: Log;
}): RemindAgents {
  const { agents, wire, clock, log } = given;

  const tell = async (to: AgentRecord, text: string, session: string): Promise<void> => {
    const { reference } = to;
    if (reference === undefined || to.blockedAt !== undefined) return;
    let sent = await wire.tell(reference, text);
    if (sent.outcome === 'later' && sent.afterMs <= PATIENCE_MS) {
      await sleep(clock, sent.afterMs);
      sent = await wire.tell(reference, text);
    }
    if (sent.outcome !== 'sent') log('reminder.unsent', { session, agent: to.id, outcome: sent.outcome });
  };

  return async ({ header, entries }) => {
    const { session } = header;
    const rings = entries.filter((entry) => ringsFor(entry) !== undefined);
    if (rings.length === 0) return;
    const now = clock.now();
    const theirs = agentOf(session);
    const known = theirs && (await agents.lately(theirs.id));
    const agent = known !== undefined && isPermitted(known, now) ? known : undefined;
    const forAgentAlone = rings.every((entry) => ringsFor(entry) === 'agent');
    const supervisors = (forAgentAlone ? [] : await agents.everyone())
      .filter((one) => isPermitted(one, now) && one.id !== agent?.id && one.roles.includes('Chat.Supervisor'))
      .slice(0, SUPERVISORS);
    await Promise.all(
      rings.flatMap((entry) => {
        const text = textOf(entry, given.wordsFor(header), now, customerName(session));
        const whom = ringsFor(entry);
        const all = [
          ...(agent !== undefined && whom !== 'supervisors' ? [agent] : []),
          ...(whom === 'agent' ? [] : supervisors),
        ];
        return all.map((one) => tell(one, text, session.id));
      }),
    );
  };
}

const ringsFor = ({ what }: Entry): 'agent' | 'supervisors' | 'both' | undefined =>
  what.kind === 'notice' ? RINGS[what.code] : undefined;

const textOf = ({ what }: Entry, words: Wording, now: number, customer: string): string =>
  what.kind === 'notice' ? noticeText(what, { audience: 'agent', words, now, customer }) : '';
