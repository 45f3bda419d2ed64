/**
 * What ours is compared with, as a process of its own: `compared.ts {…}`. Each route is a bot of its own on one server; all
 * authenticate as ours does, and what they relay goes to an agent's chat through the connector.
 *
 * - `bare`: echoes, by `expectReplies`; remembers nothing.
 * - `memory`: relays, remembers nothing: the least latency there is.
 * - `floor`: one awaited create, then relays: the least anybody needs who keeps what was said.
 * - `framework`: relays with the framework's own ConversationState, UserState and TranscriptLoggerMiddleware.
 * - `…-as-shipped`: over the framework's own authentication, which proves and makes everything anew for each turn.
 * - `beside`: `bare` with our middleware in front; its house rests, for what it does by time alone is measured apart.
 */
import { CosmosClient, type Container } from '@azure/cosmos';
import {
  ActivityHandler,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConversationState,
  TranscriptLoggerMiddleware,
  UserState,
  type ConversationReference,
  type Middleware,
  type Request,
  type TurnContext,
} from 'botbuilder';
import { once } from 'node:events';
import restify from 'restify';
import { channelAuthentication } from '../../../src/adapters/botframework/channel-authentication.ts';
import { cosmosStores } from '../../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../../src/clock.ts';
import { reconnect } from '../../../src/reconnect.ts';
import { readSettings } from '../../../src/settings/settings.ts';
import { cosmosStorage, cosmosTranscript } from '../framework.ts';
import { ready } from './asked.ts';
import { readGiven } from './given.ts';

const { store, channels, bot, tenant, agent, pepper, settings } = readGiven(process.argv[2]);
const client = new CosmosClient({
  ...store,
  connectionPolicy: { enableEndpointDiscovery: false, enablePartitionLevelFailover: false },
});
const container = (id: string): Container => client.database(DATABASE).container(id);
const identity = { MicrosoftAppId: bot, MicrosoftAppType: 'UserAssignedMSI', MicrosoftAppTenantId: tenant };
// Ours, which keeps what the framework's makes anew for each turn: what is compared are relays, not adapters.
const { authentication } = channelAuthentication(identity, channels, () => true);
const shipped = new ConfigurationBotFrameworkAuthentication({ ...identity, ...channels });
const server = restify.createServer();
server.use(restify.plugins.bodyParser());

const echo = handler(async (context) => {
  await context.sendActivity(context.activity.text);
});
route('/bare', (context) => echo.run(context));
route('/bare-as-shipped', (context) => echo.run(context), [], shipped);
const beside = route('/beside', (context) => echo.run(context));
const remembered = readSettings(settings);
const middleware = reconnect({
  ...{ adapter: beside, bot: echo, appId: bot, settings: remembered, pepper },
  stores: cosmosStores({
    ...{ ...store, database: DATABASE, clock: systemClock, log: () => undefined },
    retention: remembered.retention,
  }),
});
beside.use(middleware);

const relaying = handler(relay);
route('/memory', (context) => relaying.run(context));
route('/floor', async (context) => {
  await container('floor').items.create({ ...context.activity, id: crypto.randomUUID() });
  await relaying.run(context);
});

const storage = cosmosStorage(container('framework'));
const states = [new ConversationState(storage), new UserState(storage)];
const counts = states.map((state) => state.createProperty<{ said: number }>('count'));
const counting = handler(async (context) => {
  for (const count of counts) (await count.get(context, { said: 0 })).said += 1;
  await relay(context);
});
const remembering = async (context: TurnContext): Promise<void> => {
  await counting.run(context);
  for (const state of states) await state.saveChanges(context);
};
const transcript = new TranscriptLoggerMiddleware(cosmosTranscript(container('framework')));
route('/framework', remembering, [transcript]);
route('/framework-as-shipped', remembering, [transcript], shipped);

server.listen(0, '127.0.0.1');
await once(server.server, 'listening');
ready({ origin: `http://127.0.0.1:${server.address().port}` });

function route(
  path: string,
  run: (context: TurnContext) => Promise<void>,
  uses: readonly Middleware[] = [],
  by: ConfigurationBotFrameworkAuthentication = authentication,
): CloudAdapter {
  const adapter = new CloudAdapter(by);
  for (const one of uses) adapter.use(one);
  adapter.onTurnError = (_context, error) => Promise.reject(error);
  server.post(path, async (req, res) => {
    await adapter.process(req as unknown as Request, res, run);
  });
  return adapter;
}

function handler(said: (context: TurnContext) => Promise<void>): ActivityHandler {
  const made = new ActivityHandler();
  made.onMessage(async (context, next) => {
    await said(context);
    await next();
  });
  return made;
}

/** As a bot of the framework does it: a proactive message into the agent's chat. */
async function relay(context: TurnContext): Promise<void> {
  const { text } = context.activity;
  const reference: Partial<ConversationReference> = {
    ...{ channelId: 'msteams', serviceUrl: agent.serviceUrl },
    bot: { id: `28:${bot}`, name: 'Contoso' },
    user: { id: '29:agent', name: 'Jonas' },
    conversation: { id: agent.conversation, name: '', isGroup: false, conversationType: 'personal' },
  };
  const adapter = context.adapter;
  if (!(adapter instanceof CloudAdapter)) throw new Error('Not the adapter of these routes');
  await adapter.continueConversationAsync(bot, reference, async (there) => {
    await there.sendActivity(text);
  });
}
