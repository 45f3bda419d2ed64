/** A whole local Direct Line with a small bot on the real adapter, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  TurnContext,
} from 'botbuilder';
import restify from 'restify';
import { type MovableClock, movableClock } from '../../src/clock.ts';
import {
  type Knobs,
  type LocalDirectLine,
  localDirectLine,
} from '../../src/local/directline/local-direct-line.ts';

const secret = 'secret-of-tests';

export interface House {
  readonly origin: string;
  readonly clock: MovableClock;
  readonly line: LocalDirectLine;
  /** Everything the bot was given, in order. */
  readonly heard: Activity[];
  /** What the bot does with a message; by default it repeats it. */
  onMessage: (context: TurnContext) => Promise<unknown>;
  /** Sends something to a conversation outside of any turn. */
  readonly sendLater: (conversation: string, activity: Partial<Activity>) => Promise<string | undefined>;
  /** Asks the Direct Line over HTTP, with the secret unless a token is given. */
  readonly ask: (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;
  /** Closes the server and opens it again on the same port and file. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export async function openHouse(knobs: Partial<Knobs> = {}): Promise<House> {
  const clock = movableClock();
  const directory = mkdtempSync(join(tmpdir(), 'directline-'));
  const heard: Activity[] = [];
  const references = new Map<string, Partial<ConversationReference>>();
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  adapter.onTurnError = (_context, error) => Promise.reject(error);

  const turn = async (context: TurnContext) => {
    heard.push(context.activity);
    references.set(context.activity.conversation.id, TurnContext.getConversationReference(context.activity));
    if (context.activity.type === 'message') await house.onMessage(context);
  };

  const open = async (port: number) => {
    const server = restify.createServer();
    server.get('/page.html', (_request: restify.Request, response: restify.Response, next: restify.Next) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>t</title><div id="chat" style="height:600px"></div>');
      next();
    });
    server.get('/webchat.js', serveScript('botframework-webchat/dist/webchat.js'));
    server.get('/directline.js', serveScript('botframework-directlinejs/dist/directline.js'));
    server.use(restify.plugins.bodyParser());
    server.post(
      '/api/messages',
      (request: restify.Request, response: restify.Response, next: restify.Next) => {
        adapter.process(request as Parameters<typeof adapter.process>[0], response, turn).then(
          () => next(),
          () => {
            if (!response.headersSent) response.send(500);
            next();
          },
        );
      },
    );
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    const bound = server.address().port;
    const origin = `http://127.0.0.1:${bound}`;
    const line = localDirectLine({
      file: join(directory, 'directline.sqlite'),
      clock,
      secret,
      signingKey: 'a key of tests',
      serviceUrl: `${origin}/local/connector/directline`,
      botEndpoint: `${origin}/api/messages`,
      publicOrigin: origin,
      knobs,
      log: () => {},
    });
    line.mount(server);
    const close = async () => {
      line.close();
      server.server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    };
    return { origin, line, close, port: bound };
  };

  let running = await open(0);
  const house: House = {
    clock,
    heard,
    get origin() {
      return running.origin;
    },
    get line() {
      return running.line;
    },
    onMessage: (context) => context.sendActivity(`echo ${context.activity.text}`),
    sendLater: async (conversation, activity) => {
      let id: string | undefined;
      await adapter.continueConversationAsync('', references.get(conversation)!, async (context) => {
        // The framework makes up an activity to answer; a client that has never seen it would hold the message back.
        context.onSendActivities((_context, activities, next) => {
          for (const one of activities) delete one.replyToId;
          return next();
        });
        id = (await context.sendActivity(activity))?.id;
      });
      return id;
    },
    ask: (method, path, body, token = secret) => ask(running.origin, method, path, body, token),
    restart: async () => {
      await running.close();
      running = await open(running.port);
    },
    close: async () => {
      await running.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return house;
}

async function ask(
  origin: string,
  method: string,
  path: string,
  body: unknown,
  token: string,
): Promise<Answer> {
  const response = await fetch(new URL(path, origin), {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

function serveScript(name: string) {
  const file = fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
  return restify.plugins.serveStatic({ directory: dirname(file), file: basename(file) });
}

/** Waits until `look` finds something, for at most ten seconds. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
