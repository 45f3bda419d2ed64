import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { movableClock } from '../../src/clock.ts';
import { startLocalHouse, type LocalHouse, type LocalHouseOptions } from '../../src/local/house.ts';
import { AGENTS, AUDIENCE, SITE, TENANT } from '../../src/local/people.ts';
import { newKey, signer } from '../../src/local/site.ts';
import { readSettings } from '../../src/settings/settings.ts';

/** What came back; `body` is read as JSON where it is some. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface Asking {
  readonly bearer?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long an answer is waited for, ms; a minute, so that a busy machine fails nobody. */
  readonly patienceMs?: number;
}

/** The local house in this process, with everything it logged and everything it wrote. */
export interface TestHouse extends LocalHouse {
  readonly logged: () => string;
  readonly ask: (method: string, path: string, body?: unknown, asking?: Asking) => Promise<Answer>;
  /** How often the store was written. Leases are renewed all the time, and inbox rows follow by themselves: not counted. */
  readonly writes: () => Readonly<Record<string, number>>;
  /** A tab token as Entra would sign it; `claims` go over the usual ones, `undefined` takes one away. */
  readonly tabToken: (claims?: Readonly<Record<string, unknown>>, options?: TokenOptions) => Promise<string>;
  /** The site's token for a customer. */
  readonly siteToken: (subject: string, options?: TokenOptions) => Promise<string>;
  readonly folder: string;
  /** Settles when nothing that was begun writes any more: marks of delivery come late. */
  readonly settled: () => Promise<void>;
}

export interface TokenOptions {
  /** Signed so long ago, ms. */
  readonly ago?: number;
  readonly issuer?: string;
  readonly audience?: string;
  /** Signed with a key nobody knows. */
  readonly forged?: boolean;
}

const SETTINGS = new URL('../../src/local/settings.json', import.meta.url);

/** Starts one on a free port, in a folder of its own unless one is given. */
export async function openHouse(options: Partial<LocalHouseOptions> = {}): Promise<TestHouse> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'reconnect-server-'));
  let logged = '';
  const house = await startLocalHouse({
    port: 0,
    folder,
    settings: readSettings(JSON.parse(readFileSync(SETTINGS, 'utf8'))),
    log: (event, fields) => (logged += `${JSON.stringify({ event, ...fields })}\n`),
    ...options,
  });
  const kept = JSON.parse(readFileSync(join(folder, 'house.json'), 'utf8')) as {
    siteKey: string;
    tabKey: string;
    clockAheadMs: number;
  };
  const sign = async (
    key: string,
    kid: string,
    claims: object,
    about: { issuer: string; audience: string; subject: string },
    how: TokenOptions,
  ) => {
    const clock = movableClock(undefined, kept.clockAheadMs);
    const at = { ...clock, now: () => clock.now() - (how.ago ?? 0) };
    const by = await signer(how.forged === true ? newKey() : key, kid, at);
    return by.sign(
      { ...claims },
      {
        ...about,
        ...(how.issuer && { issuer: how.issuer }),
        ...(how.audience && { audience: how.audience }),
      },
    );
  };
  const [jonas] = AGENTS;
  const writes = (): Readonly<Record<string, number>> =>
    Object.fromEntries(
      (house.cosmos?.storage.tables ?? [])
        .filter(({ definition }) => definition.id === 'sessions' || definition.id === 'agents')
        .map((table) => [table.definition.id, table.lsn()]),
    );
  return {
    ...house,
    folder,
    logged: () => logged,
    ask: (method, path, body, asking) => ask(house.origin, method, path, body, asking),
    writes,
    settled: async () => {
      await ask(house.origin, 'POST', '/local/clock', { advanceMs: 5_000 });
      let seen = { writes: '', at: Date.now() };
      await until(() => {
        const now = JSON.stringify(writes());
        if (now !== seen.writes) seen = { writes: now, at: Date.now() };
        return Date.now() - seen.at > 300;
      }, 'nobody writes any more');
    },
    tabToken: (claims = {}, how = {}) =>
      sign(
        kept.tabKey,
        'tab',
        {
          oid: jonas?.oid,
          tid: TENANT,
          name: jonas?.name,
          roles: jonas?.roles,
          scp: 'access_as_user',
          ...claims,
        },
        { issuer: `${house.origin}/local/entra`, audience: AUDIENCE, subject: 'x' },
        how,
      ),
    siteToken: (subject, how = {}) =>
      sign(
        kept.siteKey,
        'site',
        { name: subject },
        { issuer: `${house.origin}/local/site`, audience: SITE, subject },
        how,
      ),
  };
}

/** Asks over real HTTP. A string or bytes go out as they are, anything else as JSON. */
export async function ask(
  origin: string,
  method: string,
  path: string,
  body?: unknown,
  asking: Asking = {},
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(asking.bearer !== undefined && { authorization: `Bearer ${asking.bearer}` }),
      ...(asking.cookie !== undefined && { cookie: asking.cookie }),
      ...asking.headers,
    },
    body: body === undefined ? null : isRaw ? (body as string) : JSON.stringify(body),
    signal: AbortSignal.timeout(asking.patienceMs ?? 60_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: jsonIn(text) };
}

function jsonIn(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A customer on the bare protocol: the page's calls, and Direct Line. */
export interface Customer {
  readonly conversation: string;
  readonly userId: string;
  readonly asking: Asking;
  readonly say: (text: string, more?: object) => Promise<Answer>;
  readonly join: () => Promise<Answer>;
  /** Everything the conversation has shown by now. */
  readonly shown: () => Promise<readonly Shown[]>;
  /** The same device in a new conversation. */
  readonly again: () => Promise<Customer>;
}
export interface Shown {
  readonly text?: string;
  readonly attachments?: readonly { readonly content: unknown }[];
}

/** Opens a chat: anonymous, or signed in with the site's token. */
export async function openChat(house: TestHouse, asking: Asking = {}): Promise<Customer> {
  const opened = await house.ask('POST', '/api/directline/token', {}, asking);
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? asking.cookie;
  const known = { ...asking, ...(cookie !== undefined && { cookie }) };
  const { token, conversationId, userId } = opened.body as {
    token: string;
    conversationId: string;
    userId: string;
  };
  const bearer = { bearer: token };
  await house.ask('POST', '/v3/directline/conversations', {}, bearer);
  const activities = `/v3/directline/conversations/${conversationId}/activities`;
  const post = (activity: object) =>
    house.ask('POST', activities, { from: { id: userId }, ...activity }, bearer);
  return {
    conversation: conversationId,
    userId,
    asking: known,
    say: (text, more = {}) => post({ type: 'message', text, ...more }),
    join: () => post({ type: 'event', name: 'webchat/join' }),
    shown: async () =>
      (await house.ask('GET', activities, undefined, bearer)).body['activities'] as readonly Shown[],
    again: () => openChat(house, known),
  };
}

/** The first of what a card's buttons would submit as `reconnect`. */
export function promptIn(
  shown: readonly Shown[],
): { sid: string; epoch: number; nonce: string; choice: string } | undefined {
  const text = JSON.stringify(shown.at(-1)?.attachments ?? []);
  const [found] = /\{"sid":"[^}]*\}/u.exec(text) ?? [];
  return found === undefined ? undefined : (JSON.parse(found) as ReturnType<typeof promptIn>);
}

/** Waits, in real time, until something holds. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what: string,
  patienceMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`It never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
