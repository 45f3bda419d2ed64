import type { Request, Server } from 'restify';
import type { House } from '../handoff/house.ts';
import type { InboxList, Row } from '../handoff/inbox.ts';
import type { Log } from '../handoff/ports.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import { readAgentId } from '../session/ids.ts';
import { isHere } from '../session/routing.ts';
import { Hidden, route } from './http.ts';

const PAGE = 50;
/** What an agent has in hand, in the order it is handed on. */
const IN_HAND: readonly InboxList[] = ['mine', 'suspended'];

/** Whom agents hand a chat to, or ask into one; and what an agent has in hand when they go, or are not there. */
export function directoryRoutes(
  server: Server,
  given: {
    readonly house: House;
    readonly streams: readonly string[];
    readonly log: Log;
    /** The agent who asks, permitted. */
    readonly agentOf: (req: Request) => Promise<AgentRecord>;
  },
): void {
  const { house, log } = given;

  server.get(
    '/api/agents',
    route(log, async (req) => {
      const me = await given.agentOf(req);
      const records = new Map((await house.agents.everyone()).map((record) => [record.id, record]));
      const states = (await house.agents.states()).filter(({ id, permitted }) => permitted && id !== me.id);
      const agents = states.map((state) => {
        const backAt = records.get(state.id)?.presence.backAt;
        return {
          ...{ id: state.id, name: state.name, status: state.status, here: isHere(state) },
          ...{ capacity: state.capacity, used: state.used, streams: state.streams },
          ...(backAt !== undefined && { backAt }),
        };
      });
      return {
        body: {
          agents: agents.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
          streams: given.streams,
          now: house.clock.now(),
        },
      };
    }),
  );

  // A day off: what somebody has in hand, for themselves, and to a supervisor when they are not there.
  server.get(
    '/api/agents/:agent/sessions',
    route(log, async (req) => {
      const me = await given.agentOf(req);
      const id = readAgentId((req.params as { agent: string }).agent);
      const isSupervisor = me.roles.includes('Chat.Supervisor');
      const of =
        id === undefined || !(isSupervisor || id === me.id) ? undefined : await house.agents.record(id);
      if (of === undefined) throw new Hidden(`Agent ${me.id} may not see what an agent has in hand`);
      const lists = await Promise.all(IN_HAND.map((list) => all(house, of, list)));
      return { body: { rows: lists.flat(), now: house.clock.now() } };
    }),
  );
}

/** Everything of a list that is this agent's, not only shown to them: nobody hands on what they are a guest in. */
async function all(house: House, { id }: AgentRecord, list: InboxList): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let from: string | undefined;
  do {
    const page = await house.inbox.page(`agent:${id}`, list, PAGE, from);
    rows.push(...page.rows.filter((row) => (row.owner ?? row.previous)?.id === id));
    from = page.next;
  } while (from !== undefined && rows.length < MOST);
  return rows;
}

/** As many as anybody hands on in one go; what is left is shown when they ask again. */
const MOST = 200;
