import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import { sessionIdOf, customerOf } from '../session/ids.ts';
import { isMessage } from '../session/message.ts';
import { pageFault, type PageFault } from '../session/page.ts';
import type { AgentRef, Session } from '../session/session.ts';
import { agentOf, isTheirs, isToldOf } from '../session/whose.ts';
import type { Agents } from './agents.ts';
import { isPermitted } from './agents.ts';
import { recentlyUsed } from './cache.ts';
import type { Canned } from './canned.ts';
import type { FindColleague } from './colleagues.ts';
import { commandOf, givesLink, sayingsOf, type DeskAct } from './desk-act.ts';
import { HandoffError } from './errors.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { GivenAnswer, Links, Prepared } from './links.ts';
import type { AgentRecord } from './roster.ts';
import type { Step } from './step.ts';

/** What an act came to, and the way back that it gave. */
export interface DeskOutcome extends Outcome {
  readonly link?: GivenAnswer;
  /** The card it was pressed on is older than what stands: nothing was done. */
  readonly stale?: true;
}

/** The agents' side of the house. */
export interface Desk {
  /**
   * Does it, as this agent, whose record is read unless it was just `read` for this. Refusals are values; `resent` acts
   * answer with the session as it is.
   *
   * @throws HandoffError `not_permitted` without the chat permission; `bad_input` a link where none can be given;
   * `not_found`.
   */
  readonly act: (agent: AgentRef, sid: SessionId, act: DeskAct, read?: AgentRecord) => Promise<DeskOutcome>;
  /** Notes that this agent has the transcript before them; kept by this instance only. */
  readonly reads: (agent: Pick<AgentRef, 'id'>, sid: SessionId) => void;
  /** The agent's record, when permitted now. */
  readonly permitted: (agent: Pick<AgentRef, 'id'>) => Promise<AgentRecord>;
  /**
   * Whether this agent may read this session: it is in the queue, was ever theirs, they are asked to take it or into
   * it, or they are a supervisor.
   */
  readonly mayRead: (record: Pick<AgentRecord, 'id' | 'roles'>, session: Session) => boolean;
}

/** Makes the desk. */
export function desk(given: {
  readonly sessions: Sessions;
  readonly agents: Agents;
  readonly links: Links;
  readonly canned: Canned;
  /** Hears which canned response was said in a session, after the write. */
  readonly onCanned: (agent: AgentRef, session: Session, response: string) => void;
  /** Hosts whose pages may be shown in a widget. */
  readonly pageHosts: (widget: string) => readonly string[];
  readonly clock: Clock;
  readonly unique: () => string;
  /** Notes a sign of life, beside the act. */
  readonly seen: (record: AgentRecord) => void;
  readonly dispositionsOf: (widget: string) => readonly string[];
  /** Whether whoever left a message is still on the page. */
  readonly isCustomerHere: (session: Session) => Promise<boolean>;
  readonly findColleague: FindColleague;
}): Desk {
  const { sessions, agents, links, canned, clock } = given;
  const seenAt = recentlyUsed<string, number>(READ, clock.now, READ_MS);

  const permitted = async (agent: Pick<AgentRef, 'id'>, read?: AgentRecord): Promise<AgentRecord> => {
    const record = read ?? (await agents.record(agent.id));
    if (record === undefined || !isPermitted(record, clock.now())) {
      throw new HandoffError('not_permitted', `Agent ${agent.id} does not hold the chat permission`);
    }
    return record;
  };

  /** The follow-up session of a take back: opened where the customer was, and the agent's at once. */
  const continueIn = async (followUp: SessionId, { header }: Outcome, agent: AgentRef): Promise<void> => {
    const { id, widget, stream, subject, reason } = header.session;
    await sessions.ask(followUp, {
      actor: agent.id,
      command: () => ({ type: 'handoff', ...(reason !== undefined && { reason }) }),
      opening: { widget, stream, subject, reference: header.reference, follows: id },
    });
    await agents.reserve(agent.id, followUp);
    await sessions.ask(followUp, { actor: agent.id, command: () => ({ type: 'accept', agent }) });
  };

  /** Whoever pressed it: one that was begun, by this act or one that died, is finished. */
  const continueAgain = async (outcome: Outcome, agent: AgentRef): Promise<void> => {
    const { session } = outcome.header;
    if (session.status !== 'closed' || session.followedBy === undefined || session.previous?.id !== agent.id)
      return;
    await continueIn(session.followedBy, outcome, agent);
  };

  const sessionOf = async (sid: SessionId): Promise<Session> => {
    const header = await sessions.header(sid);
    if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
    return header.session;
  };

  /** A canned response with its words as they were written down, where the agent has not changed them. */
  const worded = async (agent: AgentRef, sid: SessionId, act: DeskAct): Promise<DeskAct> => {
    if (act.act !== 'canned' || act.text !== undefined) return act;
    const known = await canned.all(agent.id, (await sessionOf(sid)).stream);
    const text = known.find(({ id }) => id === act.response)?.text;
    if (text === undefined)
      throw new HandoffError('bad_input', 'response: there is no such canned response.');
    return { ...act, text };
  };

  /** The same with its placeholders filled. */
  const filled = async (agent: AgentRef, sid: SessionId, act: DeskAct): Promise<DeskAct> => {
    if (act.act !== 'canned' || act.text === undefined) return act;
    const text = canned.fill(act.text, agent, await sessionOf(sid));
    if (text === '') throw new HandoffError('bad_input', 'text: nothing is left of it for this customer.');
    return { ...act, text };
  };

  /** A page is judged again here, whatever a tab or a card has let through. */
  const checkPage = async (sid: SessionId, act: DeskAct): Promise<void> => {
    if (act.act !== 'page') return;
    const hosts = given.pageHosts((await sessionOf(sid)).widget);
    const fault = pageFault(act.url, hosts);
    if (fault !== undefined) throw new HandoffError('bad_input', PAGE_FAULTS[fault](hosts));
  };

  /** Whoever left a message is not watched: it is asked where they are when somebody takes it. */
  const isAway = async (session: Session): Promise<boolean> =>
    isMessage(session) && !(await given.isCustomerHere(session));

  /** The link an act is to give, made beforehand: its keys are written with the act, or it opens nothing. */
  const prepared = async (sid: SessionId, act: DeskAct): Promise<Prepared | undefined> => {
    if (!givesLink(act)) return undefined;
    const session = await sessionOf(sid);
    const { widget, linkFamily = 0 } = session;
    // In a canned response it is one placeholder among others, and left out like others that cannot be filled.
    if (!links.canGive(session) && act.act === 'canned') return undefined;
    if (!links.canGive(session)) {
      throw new HandoffError(
        'bad_input',
        `link: the widget ${widget} has no portalUrl, or reconnect is switched off there, or for this agent`,
      );
    }
    return links.prepare(sid, linkFamily);
  };

  /** A disposition is one of those the work stream counts by; another would fall out of every report. */
  const checkDisposition = async (sid: SessionId, act: DeskAct): Promise<void> => {
    if ((act.act !== 'close' && act.act !== 'record') || act.disposition === undefined) return;
    const header = await sessions.header(sid);
    const known = header === undefined ? [] : given.dispositionsOf(header.session.widget);
    // What was said under earlier settings may be said again.
    const before = header?.session.status === 'closed' ? header.session.wrapUp?.disposition : undefined;
    if (header === undefined || known.includes(act.disposition) || before === act.disposition) return;
    throw new HandoffError(
      'bad_input',
      `disposition: must be one of ${known.join(', ') || 'none: this work stream has no dispositions'}`,
    );
  };

  return {
    permitted: (agent) => permitted(agent),
    reads: ({ id }, sid) => seenAt.set(`${id}|${sid}`, clock.now()),
    mayRead: (record, session) => record.roles.includes('Chat.Supervisor') || isToldOf(session, record.id),
    act: async (agent, sid, asked, read) => {
      const record = await permitted(agent, read);
      given.seen(record);
      const isSupervisor = record.roles.includes('Chat.Supervisor');
      await checkDisposition(sid, asked);
      await checkPage(sid, asked);
      const raw = await worded(agent, sid, asked);
      const takes = asked.act === 'accept';
      const way = await prepared(sid, raw);
      const act = await filled(agent, sid, raw);
      const colleague = await given.findColleague(act);
      if (takes) await agents.reserve(agent.id, sid);
      const followUp = act.act === 'takeBack' ? sessionIdOf(customerOf(sid), given.unique()) : undefined;
      const card = { isStale: false };
      const key = `act|${agent.id}|${act.id}`;
      const readAt = act.from === 'tab' ? clock.now() : seenAt.get(`${agent.id}|${sid}`);
      const outcome = await sessions
        .ask(sid, {
          actor: agent.id,
          command: async (session) => {
            card.isStale = act.epoch !== undefined && act.epoch !== session.epoch;
            if (card.isStale) return { type: 'tick' };
            const asSupervisor = isSupervisor && !isTheirs(session, agent);
            const customerAway = takes && (await isAway(session));
            // A supervisor gives back the place of whoever has it.
            const holder = asSupervisor && act.act === 'releaseHold' ? agentOf(session) : undefined;
            return commandOf(holder ?? agent, act, {
              followUp,
              colleague,
              link: way?.link,
              asSupervisor,
              customerAway,
            });
          },
          say: () => (card.isStale ? [] : sayingsOf(agent, act)),
          dedupe: () => (card.isStale ? [] : [key]),
          resent: [key],
          ...(way !== undefined && { beside: keysOf(way) }),
          ...(readAt !== undefined && { readAt }),
        })
        .catch(async (reason: unknown) => {
          const header = takes ? await sessions.header(sid).catch(() => undefined) : undefined;
          if (header !== undefined) await agents.settle(withAgent(header.session, agent));
          throw reason;
        });
      // A reserved place that came to nothing is given back; one that came to something is made true by `settle`.
      const accepted = outcome.events.some((event) => event.type === 'accepted');
      if (takes && !accepted) await agents.settle(withAgent(outcome.header.session, agent));
      if (act.act === 'canned' && outcome.refused === undefined && !outcome.duplicate)
        given.onCanned(agent, outcome.header.session, act.response);
      if (followUp !== undefined) await continueAgain(outcome, agent);
      const link = way === undefined ? undefined : await links.givenBy(outcome);
      return {
        ...outcome,
        ...(link !== undefined && { link }),
        ...(card.isStale && !outcome.duplicate && { stale: true }),
      };
    },
  };
}

/** Of so many chats it is kept who has read them, and so long: an answer that comes later was not waited for. */
const READ = 10_000;
const READ_MS = 3_600_000;

const PAGE_FAULTS: Readonly<Record<PageFault, (hosts: readonly string[]) => string>> = {
  noHosts: () => 'url: no page can be shown here: this chat’s settings name no pageHosts.',
  notHttps: () => 'url: must be a plain https address, such as https://www.example.com/help.',
  notListed: (hosts) => `url: only pages of these hosts can be shown here: ${hosts.join(', ')}.`,
};

const withAgent = (session: Session, agent: AgentRef): Session => ({
  ...session,
  agents: [...session.agents, agent],
});

/** Links revoked while this one was made: it would be given dead. Whoever asks again gets a good one. */
const keysOf =
  ({ beside }: Prepared) =>
  ({ header, events }: Step): Prepared['beside'] => {
    const { id, linkFamily = 0 } = header.session;
    if (beside.some(({ value }) => value.family !== linkFamily))
      throw new HandoffError('store_contended', `The links of ${id} were revoked while one was being given`);
    return events.some((event) => event.type === 'linkGiven') ? beside : [];
  };
