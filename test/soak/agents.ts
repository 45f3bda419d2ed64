import { TAB, TENANT } from '../production/azure.ts';
import type { Answer } from '../server/house.ts';
import type { Street } from './street.ts';

/** Somebody at a tab that stays open. */
export interface Agent {
  readonly id: string;
  readonly act: (sid: string, act: Readonly<Record<string, unknown>>) => Promise<Answer>;
  /** Looks through a list, as a tab does when it is opened. */
  readonly list: (name: string) => Promise<void>;
  readonly leaves: () => void;
}

/** Everybody at work, and who of them takes the next chat. */
export interface Agents {
  /** An agent with a free place takes it. */
  readonly take: (sid: string) => Promise<Agent>;
  readonly besides: (agent: Agent) => Agent;
  readonly leave: () => void;
}

/** Lets so many agents come; each has a stream open, and the bot in Teams. */
export async function openAgents(street: Street, count: number): Promise<Agents> {
  const all = await Promise.all(Array.from({ length: count }, (_, n) => openAgent(street, n + 1)));
  let turn = 0;
  const next = (): Agent => {
    turn += 1;
    const agent = all[turn % all.length];
    if (agent === undefined) throw new Error('Nobody is at work');
    return agent;
  };
  return {
    take: async (sid) => {
      for (let tries = 0; ; tries += 1) {
        const agent = next();
        try {
          await agent.act(sid, { act: 'accept' });
          return agent;
        } catch (reason) {
          if (tries >= all.length) throw reason;
        }
      }
    },
    besides: (agent) => {
      const other = next();
      return other === agent ? next() : other;
    },
    leave: () => all.forEach((agent) => agent.leaves()),
  };
}

let acts = 0;

async function openAgent(street: Street, n: number): Promise<Agent> {
  const oid = `b3a0c6f2-5d1e-4a7b-8c11-${String(n).padStart(12, '0')}`;
  const name = `Agent ${n}`;
  const bearer = street.kept(() =>
    street.town.azure.sign('entra', {
      ...{ oid, name, tid: TENANT, scp: 'access_as_user', roles: ['Chat.Agent'] },
      // Far off, for a house whose clock is moved.
      exp: Math.floor(Date.now() / 1_000) + 6 * 3_600,
      iss: `${street.town.azure.origin}/${TENANT}/v2.0`,
      aud: `api://chat.contoso.com/${TAB}`,
    }),
  );
  const tab = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    street.ask(method, path, body, { bearer: await bearer() });
  await tab('GET', '/api/agent/me');
  await tab('PUT', '/api/agent/presence', { status: 'available' });
  await street.from('msteams', {
    type: 'conversationUpdate',
    from: { id: `29:${oid}`, aadObjectId: oid, name },
    conversation: { id: `19:${oid}`, conversationType: 'personal', tenantId: TENANT },
    channelData: { tenant: { id: TENANT } },
    membersAdded: [{ id: `29:${oid}` }],
  });
  const leaving = new AbortController();
  void streaming(street, bearer, leaving.signal);
  return {
    id: `${TENANT}:${oid}`,
    act: (sid, act) => {
      acts += 1;
      return tab('POST', `/api/sessions/${encodeURIComponent(sid)}/acts`, { id: `act-${acts}`, ...act });
    },
    list: async (name) => {
      await tab('GET', `/api/inbox/${name}`);
    },
    leaves: () => leaving.abort(),
  };
}

/** Keeps a tab's stream open; one that ends is opened again, as tabs do. */
async function streaming(street: Street, bearer: () => Promise<string>, signal: AbortSignal): Promise<void> {
  const [{ origin } = { origin: '' }] = street.town.instances;
  while (!signal.aborted) {
    try {
      const headers = { authorization: `Bearer ${await bearer()}` };
      const stream = await fetch(`${origin}/api/stream`, { headers, signal });
      await stream.body?.pipeTo(new WritableStream());
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
