import { once } from 'node:events';
import {
  type Activity,
  ActivityHandler,
  type ConversationReference,
  type Request,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  TurnContext,
} from 'botbuilder';
import type { Server as HttpServer } from 'node:http';
import restify from 'restify';
import { type MovableClock, movableClock } from '../../src/clock.ts';
import { localTeams } from '../../src/local/teams/teams.ts';

export const people = [
  {
    n: 1,
    oid: '11111111-0000-4000-8000-000000000001',
    name: 'Tomás Brandt',
    upn: 'tomas@contoso.example',
    roles: ['Chat.Agent'],
  },
  {
    n: 2,
    oid: '22222222-0000-4000-8000-000000000002',
    name: 'Ines Okafor',
    upn: 'ines@contoso.example',
    roles: ['Chat.Agent'],
  },
  {
    n: 3,
    oid: '33333333-0000-4000-8000-000000000003',
    name: 'Mary Ann Smith',
    upn: 'mary@contoso.example',
    roles: ['Chat.Supervisor'],
  },
] as const;

export const tenantId = '99999999-0000-4000-8000-000000000009';
export const botId = '55555555-0000-4000-8000-000000000005';

/** A local Teams with a bot on the real `CloudAdapter` beside it, in one server. */
export interface Office {
  readonly origin: string;
  readonly serviceUrl: string;
  readonly clock: MovableClock;
  readonly adapter: CloudAdapter;
  /** Every activity the bot got, oldest first. */
  readonly heard: readonly Activity[];
  readonly server: restify.Server;
  /** Where a proactive message to agent `n` goes; known once their chat was opened. */
  readonly referenceTo: (n: number) => Partial<ConversationReference>;
  readonly close: () => Promise<void>;
}

export interface OfficeSettings {
  readonly file?: string;
  readonly tabUrl?: string;
  readonly clock?: MovableClock;
  readonly port?: number;
  /** Whether the server parses every body itself, as most bots' servers do. */
  readonly parsesBodies?: boolean;
  /** What the bot does with messages and invokes. */
  readonly onMessage?: (context: TurnContext) => Promise<unknown>;
  readonly onInvoke?: (context: TurnContext) => Promise<{ status: number; body?: unknown }>;
}

export async function openOffice(settings: OfficeSettings = {}): Promise<Office> {
  const clock = settings.clock ?? movableClock();
  const server = restify.createServer();
  server.use(restify.plugins.queryParser());
  if (settings.parsesBodies) server.use(restify.plugins.bodyParser());
  const heard: Activity[] = [];
  const references = new Map<string, Partial<ConversationReference>>();
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const bot = botOf(settings);

  server.post('/api/messages', restify.plugins.bodyParser(), async (req, res) => {
    await adapter.process(req as Request, res, async (context): Promise<void> => {
      heard.push(context.activity);
      references.set(
        context.activity.from.aadObjectId ?? '',
        TurnContext.getConversationReference(context.activity),
      );
      await bot(context);
    });
  });

  server.listen(settings.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const serviceUrl = `${origin}/local/connector/teams`;
  const teams = localTeams({
    file: settings.file ?? ':memory:',
    clock,
    serviceUrl,
    botEndpoint: `${origin}/api/messages`,
    tenantId,
    botId,
    people,
    signTabToken: (person) => Promise.resolve(`signed-for-${person.oid}`),
    tabUrl: settings.tabUrl ?? '/test-tab/',
    log: () => {},
  });
  teams.mount(server);
  // Not in restify's types: the node server inside.
  const http = Reflect.get(server, 'server') as HttpServer;

  return {
    origin,
    serviceUrl,
    clock,
    adapter,
    heard,
    server,
    referenceTo: (n) => references.get(people[n - 1]!.oid) ?? {},
    close: async () => {
      teams.close();
      const closed = once(http, 'close');
      server.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function botOf({ onMessage, onInvoke }: OfficeSettings) {
  const handler = new ActivityHandler();
  if (onMessage)
    handler.onMessage(async (context) => {
      await onMessage(context);
    });
  return async (context: TurnContext): Promise<void> => {
    if (context.activity.type === 'invoke' && onInvoke) {
      const value: unknown = await onInvoke(context);
      await context.sendActivity({ type: 'invokeResponse', value });
    } else {
      await handler.run(context);
    }
  };
}

/** Asks the local Teams' own pages' API, as the host page does. */
export async function ask(office: Office, path: string, body?: unknown) {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  };
  const response = await fetch(`${office.origin}${path}`, body === undefined ? {} : init);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

export interface Seen {
  readonly id: string;
  readonly agent?: number;
  readonly kind: string;
  readonly writes: { readonly send: number; readonly update: number; readonly delete: number };
  readonly activities: readonly Activity[];
}

/** What is in the chat of agent `n`, as `GET /local/teams` tells it. */
export async function chatOf(office: Office, n: number): Promise<Seen> {
  const { body } = await ask(office, '/local/teams');
  return (body as { conversations: Seen[] }).conversations.find(({ agent }) => agent === n)!;
}

export const cardMessage = (card: object) => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
});

export const offerCard = (text = 'Lea Moreau waits') => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    { type: 'TextBlock', text, weight: 'Bolder', size: 'Medium', wrap: true },
    { type: 'TextBlock', text: 'Parcel 4711 · 2 min in line', isSubtle: true, spacing: 'None', wrap: true },
    {
      type: 'FactSet',
      facts: [
        { title: 'Account', value: 'C-20931' },
        { title: 'Before', value: '3 Nov, invoice copy' },
      ],
    },
  ],
  actions: [
    {
      type: 'Action.Execute',
      title: 'Accept',
      verb: 'reconnect/accept',
      data: { session: 's1' },
      style: 'positive',
    },
    { type: 'Action.Execute', title: 'Decline', verb: 'reconnect/decline', data: { session: 's1' } },
    {
      type: 'Action.OpenUrl',
      title: 'Open in Inbox',
      url: `https://teams.microsoft.com/l/entity/${botId}/inbox?context=${encodeURIComponent('{"subEntityId":"s1"}')}`,
    },
  ],
});
