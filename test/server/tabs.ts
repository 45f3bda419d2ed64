import { once } from 'node:events';
import { agentRoutes } from '../../src/server/agent-routes.ts';
import { createServer } from '../../src/server/server.ts';
import type { TestHouse } from '../handoff/house.ts';
import type { Agent } from '../handoff/people.ts';
import { ask, type Answer } from './house.ts';

/** The agents' calls over a house; who calls is told by the bearer alone, for tokens have tests of their own. */
export interface Tabs {
  readonly get: (agent: Agent, path: string) => Promise<Answer>;
  readonly post: (agent: Agent, path: string, body: unknown) => Promise<Answer>;
  readonly put: (agent: Agent, path: string, body: unknown) => Promise<Answer>;
  readonly del: (agent: Agent, path: string) => Promise<Answer>;
  /** What the agent's open tab is told from now on, one event each. */
  readonly listens: (agent: Agent) => Promise<readonly string[]>;
  readonly close: () => void;
}

/** Opens them for these agents, each with their roles. */
export async function openTabs(
  house: TestHouse,
  people: ReadonlyMap<Agent, readonly string[]>,
): Promise<Tabs> {
  const server = createServer(() => undefined);
  agentRoutes(server, {
    house: house.house,
    identities: (req) => {
      const id = req.header('authorization').replace('Bearer ', '');
      const [known] = [...people].filter(([agent]) => agent.ref.id === id);
      if (known === undefined) throw new TypeError(id);
      return Promise.resolve({ ...known[0].ref, roles: known[1] });
    },
    streams: ['support'],
    log: () => undefined,
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    get: (agent, path) => ask(origin, 'GET', path, undefined, { bearer: agent.ref.id }),
    post: (agent, path, body) => ask(origin, 'POST', path, body, { bearer: agent.ref.id }),
    put: (agent, path, body) => ask(origin, 'PUT', path, body, { bearer: agent.ref.id }),
    del: (agent, path) => ask(origin, 'DELETE', path, undefined, { bearer: agent.ref.id }),
    listens: async (agent) => {
      const events: string[] = [];
      const { body } = await fetch(`${origin}/api/stream`, {
        headers: { authorization: `Bearer ${agent.ref.id}` },
      });
      let rest = '';
      const read = async (): Promise<void> => {
        for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
          const parts = (rest + chunk).split('\n\n');
          rest = parts.pop() ?? '';
          events.push(...parts);
        }
      };
      // It ends with the server.
      read().catch(() => undefined);
      return events;
    },
    close: () => {
      server.server.closeAllConnections();
      server.close();
    },
  };
}
