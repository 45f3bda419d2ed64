import { until, type Answer, type TestHouse } from './house.ts';

/** A browser as far as the house can tell: what it keeps, and what its pages send. */
export interface Browser {
  /** What it keeps of the house's cookies; `undefined` when there is none. */
  cookie: string | undefined;
  /** Who is signed in on the company's site. */
  bearer: string | undefined;
  readonly page: () => Page;
}

/** A page of a browser: it shows a conversation, and keeps its pass as long as it is open. */
export interface Page {
  conversation: string;
  user: string;
  pass: string | undefined;
  /** The Direct Line token it has. */
  line: string;
  /** Asks for a token: for what it shows, or for a new chat. */
  readonly open: (more?: object) => Promise<Answer>;
  readonly ask: (path: string, body?: object) => Promise<Answer>;
  readonly say: (text: string, more?: object) => Promise<Answer>;
  readonly join: () => Promise<Answer>;
  readonly beat: () => Promise<Answer>;
  readonly shown: () => Promise<
    readonly { readonly text?: string; readonly attachments?: readonly unknown[] }[]
  >;
}

export function browser(house: TestHouse, keepsCookies = true): Browser {
  const made: Browser = { cookie: undefined, bearer: undefined, page: () => page(house, made, keepsCookies) };
  return made;
}

function page(house: TestHouse, of: Browser, keepsCookies: boolean): Page {
  const line = (method: string, path: string, body?: object): Promise<Answer> =>
    house.ask(method, `/v3/directline/conversations${path}`, body, { bearer: made.line });
  const post = (activity: object): Promise<Answer> =>
    line('POST', `/${made.conversation}/activities`, { from: { id: made.user }, ...activity });
  const made: Page = {
    conversation: '',
    user: '',
    pass: undefined,
    line: '',
    ask: async (path, body = { conversation: made.conversation }) => {
      const answer = await house.ask('POST', path, body, {
        ...(of.cookie !== undefined && { cookie: of.cookie }),
        ...(of.bearer !== undefined && { bearer: of.bearer }),
        ...(made.pass !== undefined && { headers: { 'x-reconnect-pass': made.pass } }),
      });
      const set = answer.headers.get('set-cookie');
      if (set !== null && keepsCookies) of.cookie = set.includes('Max-Age=0') ? undefined : set.split(';')[0];
      if (typeof answer.body['pass'] === 'string') made.pass = answer.body['pass'];
      return answer;
    },
    open: async (more = {}) => {
      const answer = await made.ask('/api/directline/token', { widget: 'support', ...more });
      if (answer.status !== 200) return answer;
      const { token, conversationId, userId } = answer.body as Record<string, string>;
      made.line = token ?? '';
      made.conversation = conversationId ?? '';
      made.user = userId ?? '';
      await line('POST', '', {});
      return answer;
    },
    say: (text, more = {}) => post({ type: 'message', text, ...more }),
    join: () => post({ type: 'event', name: 'webchat/join' }),
    beat: () => made.ask('/api/presence'),
    shown: async () =>
      (await line('GET', `/${made.conversation}/activities`)).body['activities'] as Awaited<
        ReturnType<Page['shown']>
      >,
  };
  return made;
}

/** A page whose customer stands in line; the id of their session. */
export async function inLine(one: Page): Promise<string> {
  await one.open();
  await one.say('agent');
  return until(async () => {
    const { state } = (await one.beat()).body as { state: { status: string; sid?: string } };
    return state.status === 'queued' && state.sid;
  }, 'they are in line');
}

/** How many sessions a page's customer has with people. */
export async function rowsOf(house: TestHouse, customer: string): Promise<readonly string[]> {
  const bearer = await house.tabToken();
  await house.ask('GET', '/api/agent/me', undefined, { bearer });
  const lists = await Promise.all(
    ['queue', 'mine', 'suspended'].map((list) =>
      house.ask('GET', `/api/inbox/${list}`, undefined, { bearer }),
    ),
  );
  return lists
    .flatMap(({ body }) => body['rows'] as readonly { readonly sid: string }[])
    .map(({ sid }) => sid)
    .filter((sid) => sid.startsWith(`${customer}.`));
}

export const stateIn = (answer: Answer): { readonly status: string; readonly sid?: string } =>
  answer.body['state'] as { status: string; sid?: string };

export const advance = (house: TestHouse, ms: number): Promise<Answer> =>
  house.ask('POST', '/local/clock', { advanceMs: ms });
