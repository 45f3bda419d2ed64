import type { Request, Server } from 'restify';
import { partitionsOf } from '../handoff/aliases.ts';
import type { Header } from '../handoff/header.ts';
import type { House } from '../handoff/house.ts';
import { rowOfRecord, type InteractionRecord } from '../handoff/interaction.ts';
import type { Log } from '../handoff/ports.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import type { Session } from '../session/session.ts';
import { isTheirs } from '../session/whose.ts';
import { readable, rowSeenBy } from './agent-reading.ts';
import { Hidden, route } from './http.ts';

/** More than this many earlier chats of a customer are not listed. */
const MOST_PREVIOUS = 20;

/** What became of chats: by reference number, by customer, and how each came to where it is. */
export function interactionRoutes(
  server: Server,
  given: {
    readonly house: House;
    readonly log: Log;
    /** The agent who asks, permitted. */
    readonly agentOf: (req: Request) => Promise<AgentRecord>;
  },
): void {
  const { house, log, agentOf } = given;
  const { clock } = house;

  server.get(
    '/api/interactions/:reference',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const sid = await house.interactions.find((req.params as { reference: string }).reference);
      const header = sid === undefined ? undefined : await house.sessions.header(sid);
      const record = sid === undefined ? undefined : await house.interactions.record(sid);
      // A number that leads nowhere and one that is not theirs to follow look the same.
      if (record === undefined || !mayRead(house, agent, record, header))
        throw new Hidden(`Agent ${agent.id} may not read this interaction`);
      const { interaction } = record;
      // The record outlives what was said.
      const row = header === undefined ? rowOfRecord(interaction) : rowSeenBy(house, agent, header);
      return { body: { row, interaction, now: clock.now() } };
    }),
  );

  server.get(
    '/api/sessions/:sid/timeline',
    route(log, async (req) => {
      const { session } = await readable(house, await agentOf(req), req);
      return { body: { steps: await house.story(session), now: clock.now() } };
    }),
  );

  server.get(
    '/api/sessions/:sid/previous',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const { session } = await readable(house, agent, req);
      const isThere = ({ interaction }: InteractionRecord): boolean =>
        clock.now() - interaction.endedAt < house.retention.transcriptMs;
      const records = isConcerned(agent, session) ? await previousOf(house, session) : [];
      return {
        body: {
          previous: records
            .slice(0, MOST_PREVIOUS)
            .map((one) => previousBody(agent, session, one, isThere(one))),
          now: clock.now(),
        },
      };
    }),
  );
}

const mayRead = (
  house: House,
  agent: AgentRecord,
  { interaction }: InteractionRecord,
  header: Header | undefined,
): boolean =>
  header === undefined
    ? agent.roles.includes('Chat.Supervisor') || interaction.agents.some(({ id }) => id === agent.id)
    : house.desk.mayRead(agent, header.session);

/** Whoever may read a session only because it waits in the queue is told nothing of the customer's other chats. */
const isConcerned = (agent: AgentRecord, session: Session): boolean =>
  agent.roles.includes('Chat.Supervisor') ||
  isTheirs(session, agent) ||
  session.agents.some(({ id }) => id === agent.id);

/** What became of the customer's other chats: theirs, and those of devices they have signed in on. */
async function previousOf(house: House, session: Session): Promise<readonly InteractionRecord[]> {
  const { customer, subject } = session;
  const partitions =
    subject.kind === 'anonymous'
      ? [customer]
      : [customer, ...(await partitionsOf(house.sessions, subject.account ?? customer))];
  const all = await house.interactions.ofCustomers(partitions);
  return all.filter(({ interaction }) => interaction.sid !== session.id);
}

/** That there was a chat is told; what was said in it is for who had it, supervisors, and whom its customer lets. */
const previousBody = (
  agent: AgentRecord,
  session: Session,
  { interaction }: InteractionRecord,
  isThere: boolean,
) => ({
  sid: interaction.sid,
  reference: interaction.reference,
  endedAt: interaction.endedAt,
  ...(interaction.agents.length > 0 && { agent: interaction.agents.at(-1)?.name }),
  ...(interaction.disposition !== undefined && { disposition: interaction.disposition }),
  ...(interaction.reason !== undefined && { reason: interaction.reason }),
  mayOpen:
    isThere &&
    (agent.roles.includes('Chat.Supervisor') ||
      session.follows === interaction.sid ||
      interaction.agents.some(({ id }) => id === agent.id)),
});
