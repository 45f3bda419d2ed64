import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../src/clock.ts';
import { startCosmos } from '../../src/local/cosmos/server.ts';
import { startLocalHouse } from '../../src/local/house.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { pause, until } from './measure.ts';
import { requestReader, type Request } from './requests.ts';

/** A house and one customer in a chat with an agent, on a clock that moves; every store request is seen. */
export interface Office {
  /** Where the customer's activities go. */
  readonly messages: string;
  /** What the store was asked so far, in the order of the answers. */
  readonly requests: readonly Request[];
  /** How many of them there were when the agent's tab was open, and no customer had come yet. */
  readonly signedIn: number;
  /** Sends the customer's next line there; settles with the acknowledgement. Throws unless it is a 2xx. */
  readonly say: (to: string, more?: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Sends the agent's next line, as their tab does; settles with the acknowledgement. */
  readonly answer: () => Promise<void>;
  /** The customer's page says that it is there, as it does every 90 s: whoever is silent for 3 min counts as gone. */
  readonly beat: () => Promise<void>;
  /** What lies in the store of all chats for good, in bytes of JSON. */
  readonly stored: () => number;
  /** Ends the chat, as the agent's tab does. */
  readonly end: () => Promise<void>;
  /** Moves the house's clock. */
  readonly advance: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** By then whoever waits is in the queue's rows. */
const SHOWN_MS = 1_500;

/** Opens one in a folder of its own. */
export async function openOffice(): Promise<Office> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const requests: Request[] = [];
  const read = requestReader();
  const cosmos = await startCosmos({
    port: 0,
    file: join(folder, 'cosmos.db'),
    clock: systemClock,
    containers: CONTAINERS,
    database: DATABASE,
    observe: (seen) => {
      const request = read(seen);
      if (request !== undefined) requests.push(request);
    },
  });
  const house = await startLocalHouse({
    port: 0,
    folder,
    settings: readSettings(
      JSON.parse(readFileSync(new URL('../../src/local/settings.json', import.meta.url), 'utf8')),
    ),
    log: () => undefined,
    cosmos,
  });
  const { origin } = house;
  const post = (path: string, body: unknown, token?: string): Promise<unknown> =>
    call(`${origin}${path}`, 'POST', body, token === undefined ? {} : bearer(token));

  const agent = await agentComes(origin, post);
  const signedIn = requests.length;
  const opened = await answered(`${origin}/api/directline/token`, 'POST', { widget: 'support' });
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { userId, conversationId, token } = (await opened.json()) as {
    userId: string;
    conversationId: string;
    token: string;
  };
  await post('/v3/directline/conversations', {}, token);
  let count = 0;
  const say: Office['say'] = async (to, more = {}) => {
    count += 1;
    await call(to, 'POST', {
      type: 'message',
      id: `${conversationId}|bench-${count}`,
      channelId: 'directline',
      serviceUrl: `${origin}/local/connector/directline`,
      conversation: { id: conversationId },
      from: { id: userId, role: 'user' },
      recipient: { id: 'bot', name: 'Bot' },
      text: `My parcel ${count} has not come yet`,
      ...more,
    });
  };
  const messages = `${origin}/api/messages`;
  await say(messages, { text: 'agent' });
  await agent.takes();

  return {
    ...{ messages, requests, signedIn },
    say,
    answer: () => agent.acts('message', { text: 'I am looking for it' }),
    stored: () => {
      // What duplicates are known by is gone after a day.
      const sql = `SELECT sum(length(CAST(body AS BLOB))) AS bytes FROM "docs:sessions" WHERE json_extract(body, '$.kind') <> 'dedupe'`;
      const [row] = [...cosmos.storage.stream(sql, [])];
      return Number(row?.['bytes']);
    },
    end: () => agent.acts('close', { disposition: 'Resolved' }),
    beat: async () => {
      const body = { conversation: conversationId, phone: false };
      await call(`${origin}/api/presence`, 'POST', body, { cookie });
    },
    advance: async (ms) => {
      await post('/local/clock', { advanceMs: ms });
    },
    close: async () => {
      agent.leaves();
      await house.close();
      await cosmos.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first agent opens their tab, and accepts whoever waits when they are told to. */
async function agentComes(
  origin: string,
  post: (path: string, body: unknown, token?: string) => Promise<unknown>,
) {
  await post('/local/teams/chats/1/open', {});
  const { token } = (await post('/local/teams/chats/1/token', {})) as { token: string };
  const get = (path: string): Promise<unknown> => call(`${origin}${path}`, 'GET', undefined, bearer(token));
  await get('/api/agent/me');
  const leaving = new AbortController();
  const stream = await fetch(`${origin}/api/stream`, { headers: bearer(token), signal: leaving.signal });
  void stream.body?.pipeTo(new WritableStream()).catch(() => undefined);
  await pause(SHOWN_MS);
  let [sid, epoch] = ['', 0];
  const acts = async (act: string, more: object = {}): Promise<void> => {
    const done = await post(
      `/api/sessions/${sid}/acts`,
      { id: crypto.randomUUID(), act, epoch, ...more },
      token,
    );
    ({
      row: { sid, epoch },
    } = done as { row: { sid: string; epoch: number } });
  };
  return {
    acts,
    takes: async () => {
      // Every look asks the store for the agent: it must not be a look that comes too soon.
      await pause(SHOWN_MS);
      ({ sid, epoch } = await until('a customer in the queue', async () => {
        const { rows } = (await get('/api/inbox/queue')) as {
          rows: readonly { sid: string; epoch: number }[];
        };
        return rows[0];
      }));
      await acts('accept');
    },
    leaves: () => leaving.abort(),
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function call(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const text = await (await answered(url, method, body, headers)).text();
  return text === '' ? undefined : JSON.parse(text);
}

/** The answer, when it is a 2xx. */
async function answered(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url} was answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
