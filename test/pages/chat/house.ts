/** The house as the customer's page sees it, small: the page's files, its HTTP edges, and one scripted agent, on the real local Direct Line. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  TurnContext,
} from 'botbuilder';
import restify from 'restify';
import { pageWording } from '../../../src/cards/page-words.ts';
import type { CustomerState, Line, LinkShown, PromptAnswer } from '../../../src/cards/views.ts';
import { type Overrides, words } from '../../../src/cards/wording.ts';
import { movableClock, type MovableClock } from '../../../src/clock.ts';
import { bundle } from '../../../src/local/bundle.ts';
import { type LocalDirectLine, localDirectLine } from '../../../src/local/directline/local-direct-line.ts';
import { type CustomerId, sessionIdOf } from '../../../src/session/ids.ts';
import { promptCard } from './prompt-card.ts';

const pages = fileURLToPath(new URL('../../../src/pages/chat/', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const customer = 'dl_abcdefghijklmnop1234' as CustomerId;

export interface FakeHouse {
  readonly origin: string;
  readonly clock: MovableClock;
  readonly line: LocalDirectLine;
  /** What was posted to `/api/…`, newest last. */
  readonly asked: {
    readonly path: string;
    readonly body: Record<string, unknown>;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  }[];
  /** Everything said so far. */
  readonly ledger: Line[];
  /** Makes the calls to this path fail with this status, so many times, or until the answer is called; 0 cuts the connection. */
  readonly failNext: (path: string, status: number, times: number) => () => void;
  /** Makes the next call to this path be answered so. */
  readonly answerNext: (path: string, status: number, body: object, headers?: Record<string, string>) => void;
  /** Whether a page has joined the conversation: before, nothing that is told gets there. */
  readonly isJoined: () => boolean;
  readonly become: (state: Partial<CustomerState>) => Promise<void>;
  readonly agentSays: (text: string) => Promise<void>;
  readonly tell: (code: string, text: string, link?: LinkShown) => Promise<void>;
  /** Sends a card of the house. */
  readonly showCard: (content: object) => Promise<void>;
  readonly agentTypes: () => Promise<void>;
  /** How often the customer was heard typing. */
  readonly typed: () => number;
  /** Forgets every conversation's page, as if another browser of the customer came. */
  readonly say: (line: Pick<Line, 'side' | 'text'> & Partial<Line>) => void;
  readonly close: () => Promise<void>;
}

/** The way back that the fake house gives. */
export const wayBack = {
  url: 'https://northwind.example/help#rt1_dl_abcdefghijklmnop1234.c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA',
  code: 'apple river candle',
};

export interface Looks {
  /** What the answers that open a chat say of the browser's cookies. */
  readonly cookies?: boolean;
  readonly language?: string;
  /** Coming back is only tried out here. */
  readonly preview?: boolean;
  /** Sentences of the widget's own. */
  readonly overrides?: Overrides;
  readonly company?: string;
}

export async function openFakeHouse(looks: Looks = {}): Promise<FakeHouse> {
  const clock = movableClock();
  const directory = mkdtempSync(join(tmpdir(), 'chat-page-'));
  const [script, style] = await Promise.all([
    bundle(join(pages, 'main.ts')),
    bundle(join(pages, 'chat.css')),
  ]);

  const sid = sessionIdOf(customer, 'session-1');
  const ledger: Line[] = [];
  const asked: FakeHouse['asked'] = [];
  const faults: { path: string; status: number; left: number }[] = [];
  let signIns = 0;
  let typed = 0;
  const given: { path: string; status: number; body: object; headers: Record<string, string> }[] = [];
  const references = new Map<string, Partial<ConversationReference>>();
  let conversation: string | undefined;
  let state: CustomerState = { status: 'none', now: clock.now() };
  let agent = 'Jonas';
  let nonce = randomUUID();
  let prompting = new Set<string>();
  const streams = new Set<restify.Response>();

  const say: FakeHouse['say'] = (line) => {
    const seq = ledger.length + 1;
    ledger.push({
      id: `${sid}:${seq}`,
      sid,
      seq,
      at: clock.now(),
      kind: 'message',
      format: 'plain',
      ...line,
    });
  };
  const told = (): CustomerState => ({ ...state, now: clock.now(), seq: ledger.length });

  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const turn = async (context: TurnContext) => {
    const { activity } = context;
    references.set(activity.conversation.id, TurnContext.getConversationReference(activity));
    if (activity.type === 'event' && activity.name === 'webchat/join') {
      if (!prompting.has(activity.conversation.id)) return;
      nonce = randomUUID();
      const answer = { sid, epoch: 1, nonce, choice: 'agent' } as const;
      await context.sendActivity({
        type: 'message',
        attachments: [promptCard(answer, agent, ledger.at(-1))],
        channelData: { reconnect: { prompt: true } },
      });
      return;
    }
    if (activity.type === 'typing') typed += 1;
    if (activity.type !== 'message') return;
    const client = (activity.channelData as { clientActivityID?: string } | undefined)?.clientActivityID;
    if (client !== undefined && heard.has(client)) return;
    if (client !== undefined) heard.add(client);
    say({ side: 'customer', text: activity.text, activityId: activity.id ?? '' });
    if (state.status === 'none') await become({ status: 'bot' });
    if (state.status !== 'bot') return;
    const text = `You said: ${activity.text}`;
    const sent = await context.sendActivity({ type: 'message', text, replyToId: 'nowhere' });
    say({ side: 'bot', text, activityId: sent?.id ?? '' });
  };
  const heard = new Set<string>();

  const send = async (activity: Partial<Activity>) => {
    const reference = conversation === undefined ? undefined : references.get(conversation);
    if (reference === undefined) return;
    await adapter.continueConversationAsync('', reference, async (context) => {
      context.onSendActivities((_context, activities, next) => {
        for (const one of activities) delete one.replyToId;
        return next();
      });
      await context.sendActivity(activity);
    });
  };
  const become: FakeHouse['become'] = async (change) => {
    state = { sid, epoch: 1, ...state, ...change, now: clock.now() };
    if (change.agent !== undefined) agent = change.agent;
    await send({ type: 'event', name: 'reconnect/state', value: told() });
  };

  const server = restify.createServer();
  const file = (path: string, type: string, content: () => string | Buffer) =>
    server.get(path, (_request: restify.Request, response: restify.Response, next: restify.Next) => {
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data: blob:; connect-src 'self' ws:; font-src 'self'; base-uri 'none'; form-action 'none'`,
      });
      response.end(content());
      next();
    });
  file('/', 'text/html; charset=utf-8', () => readFileSync(join(pages, 'index.html'), 'utf8'));
  file('/chat/chat.css', 'text/css', () => style);
  file('/chat/main.js', 'text/javascript; charset=utf-8', () => script);
  const webChat = readFileSync(join(modules, 'botframework-webchat/dist/webchat.js'));
  const directLine = readFileSync(join(modules, 'botframework-directlinejs/dist/directline.js'));
  file('/vendor/webchat.js', 'text/javascript; charset=utf-8', () => webChat);
  file('/vendor/directline.js', 'text/javascript; charset=utf-8', () => directLine);

  server.get('/local/clock', (_request: restify.Request, response: restify.Response, next: restify.Next) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: {"now":${clock.now()}}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
    next();
  });
  server.get(
    '/api/widgets/:id',
    (_request: restify.Request, response: restify.Response, next: restify.Next) => {
      response.send({
        id: 'support',
        title: 'Support',
        company: looks.company ?? 'Northwind Parcels',
        language: looks.language ?? 'en',
        wording: pageWording(words(looks.language ?? 'en', looks.overrides)),
        closedWindow: 'disconnect',
        reconnect: { enabled: true, preview: looks.preview === true },
        all: [
          { id: 'support', title: 'Support' },
          { id: 'sales', title: 'Sales' },
        ],
        site: {
          signIn: '/local/signin',
          people: [
            { subject: 'lea', name: 'Lea Moreau' },
            { subject: 'tom', name: 'Tom Okafor' },
          ],
        },
        clock: '/local/clock',
      });
      next();
    },
  );

  server.use(restify.plugins.bodyParser());
  server.post('/api/messages', (request: restify.Request, response: restify.Response, next: restify.Next) => {
    adapter.process(request as Parameters<typeof adapter.process>[0], response, turn).then(
      () => next(),
      () => {
        if (!response.headersSent) response.send(500);
        next();
      },
    );
  });
  const edge = (path: string, answer: (body: Record<string, unknown>) => Promise<object>) =>
    server.post(path, (request: restify.Request, response: restify.Response, next: restify.Next) => {
      const body = (request.body ?? {}) as Record<string, unknown>;
      asked.push({ path, body, headers: request.headers });
      const at = given.findIndex((one) => one.path === path);
      const [designed] = at < 0 ? [] : given.splice(at, 1);
      if (designed !== undefined) {
        response.send(designed.status, designed.body, designed.headers);
        next();
        return;
      }
      const fault = faults.find((one) => one.path === path && one.left > 0);
      if (fault !== undefined) {
        fault.left -= 1;
        if (fault.status === 0) request.socket.destroy();
        else
          response.send(fault.status, {
            error: { code: 'no', message: 'This choice is out of date.' },
            state: told(),
          });
        next();
        return;
      }
      answer(body).then(
        (given) => {
          response.send(given);
          next();
        },
        (error: unknown) => {
          response.send(500, { error: { code: 'bug', message: String(error) } });
          next();
        },
      );
    });

  edge('/local/signin', ({ subject }) => {
    const claims = Buffer.from(JSON.stringify({ sub: subject, exp: clock.now() / 1_000 + 3_000 }));
    return Promise.resolve({ token: `e30.${claims.toString('base64url')}.${signIns++}`, name: 'Lea Moreau' });
  });
  edge('/api/presence', () => Promise.resolve({ state: told() }));
  edge('/api/seen', ({ seq }) => {
    state = { ...state, seen: Math.max(state.seen ?? 0, Number(seq)) };
    return Promise.resolve({});
  });
  edge('/api/act', async (body) => {
    if (body['act'] === 'end') await become({ status: 'closed' });
    if (body['act'] === 'suspend') await become({ status: 'suspended', agent });
    if (body['act'] === 'anyone') await become({ status: 'queued', place: 1 });
    if (body['act'] === 'link') return { link: { ...wayBack, codeUntil: clock.now() + 600_000 } };
    return { state: told() };
  });
  edge('/api/transcript', () => Promise.resolve({ lines: ledger, transcript: ledger, state: told() }));
  edge('/api/reconnect/look', () => Promise.resolve({ status: 'open', agent }));
  edge('/api/identify', () => Promise.resolve({ state: told() }));
  edge('/api/forget', (body) => Promise.resolve(body['shared'] === true ? { pass: 'pass-of-the-tab' } : {}));
  edge('/api/share', () => Promise.resolve({ state: told() }));
  edge('/api/reconnect', async (body) => {
    if (body['prompt'] === undefined) {
      const issued = await line.issueToken({ id: customer });
      conversation = issued.conversationId;
      await become({ status: 'active', agent });
      return { ...opened(issued), state: told(), transcript: ledger, pass: 'pass-of-the-return' };
    }
    const { choice, conversation: here } = body['prompt'] as PromptAnswer & { conversation: string };
    conversation = here;
    prompting.delete(here);
    nonce = randomUUID();
    await become({ status: choice === 'fresh' ? 'bot' : 'active', agent });
    return {
      conversationId: here,
      userId: customer,
      state: told(),
      transcript: choice === 'fresh' ? [] : ledger,
    };
  });
  edge('/api/directline/token', async (body) => {
    const here = body['conversation'] as string | undefined;
    const refreshed = here === undefined ? undefined : await refresh(body['token'] as string);
    const issued = refreshed ?? (await line.issueToken({ id: customer }));
    const answer = opened(issued);
    const returns =
      here === undefined && ledger.length > 0 && !['none', 'bot', 'closed', 'expired'].includes(state.status);
    if (returns) {
      prompting = new Set([issued.conversationId]);
      return { ...answer, state: { ...told(), status: 'choosing' } };
    }
    conversation = issued.conversationId;
    if (here === undefined && state.status === 'closed') {
      ledger.length = 0;
      state = { status: 'none', now: clock.now() };
    }
    return {
      ...answer,
      state: prompting.has(issued.conversationId) ? { ...told(), status: 'choosing' } : told(),
      transcript: ledger,
    };
  });
  const opened = ({ token, conversationId }: { token: string; conversationId: string }) => ({
    token,
    conversationId,
    userId: customer,
    expires_in: 3600,
    domain: '/v3/directline',
    ...(looks.cookies !== undefined && { cookies: looks.cookies }),
  });
  const refresh = async (token: string) => {
    const response = await fetch(`${origin}/v3/directline/tokens/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    return response.ok ? ((await response.json()) as { token: string; conversationId: string }) : undefined;
  };

  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const line = localDirectLine({
    file: join(directory, 'directline.sqlite'),
    clock,
    secret: 'secret-of-tests',
    signingKey: 'a key of tests',
    serviceUrl: `${origin}/local/connector/directline`,
    botEndpoint: `${origin}/api/messages`,
    publicOrigin: origin,
    log: () => {},
  });
  line.mount(server);

  return {
    origin,
    clock: {
      ...clock,
      advance: (ms) => {
        clock.advance(ms);
        for (const stream of streams) stream.write(`data: {"now":${clock.now()}}\n\n`);
      },
    },
    line,
    asked,
    ledger,
    say,
    isJoined: () => conversation !== undefined && references.has(conversation),
    become,
    answerNext: (path, status, body, headers = {}) => given.push({ path, status, body, headers }),
    failNext: (path, status, times) => {
      const fault = { path, status, left: times };
      faults.push(fault);
      return () => void (fault.left = 0);
    },
    agentSays: async (text) => {
      say({ side: 'agent', name: 'Jonas Weber', text });
      const reconnect = { sid, seq: ledger.length, agent: 'Jonas' };
      await send({ type: 'message', text, channelData: { reconnect } });
    },
    tell: async (code, text, link) => {
      say({ side: 'house', kind: 'notice', code, text, ...(link !== undefined && { link }) });
      const reconnect = { sid, seq: ledger.length, code, ...(link !== undefined && { link }) };
      await send({ type: 'message', text, channelData: { reconnect } });
    },
    showCard: (content) =>
      send({
        type: 'message',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
      }),
    typed: () => typed,
    agentTypes: () => send({ type: 'typing', from: { id: 'bot', name: 'Jonas' } }),
    close: async () => {
      line.close();
      for (const stream of streams) stream.end();
      server.server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
