import { CosmosClient, type Container } from '@azure/cosmos';
import {
  ActivityHandler,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConversationState,
  TranscriptLoggerMiddleware,
  UserState,
  type Request,
} from 'botbuilder';
import { once } from 'node:events';
import restify from 'restify';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { cosmosStorage, cosmosTranscript } from '../bench/framework.ts';

/**
 * A bot that remembers in the framework's own way: both states read, changed and saved in each turn, both sides of the
 * chat logged. A store that fails its states fails the turn. Gives where it takes activities.
 */
export async function startFrameworkBot(store: {
  readonly endpoint: string;
  readonly key: string;
}): Promise<string> {
  const client = new CosmosClient({
    ...store,
    connectionPolicy: { enableEndpointDiscovery: false, enablePartitionLevelFailover: false },
  });
  const container: Container = client.database(DATABASE).container('framework');
  const storage = cosmosStorage(container);
  const states = [new ConversationState(storage), new UserState(storage)];
  const counts = states.map((state) => state.createProperty<{ said: number }>('count'));
  const bot = new ActivityHandler();
  bot.onMessage(async (context, next) => {
    for (const count of counts) (await count.get(context, { said: 0 })).said += 1;
    await context.sendActivity(context.activity.text);
    await next();
  });
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  adapter.use(new TranscriptLoggerMiddleware(cosmosTranscript(container)));
  adapter.onTurnError = (_, error) => Promise.reject(error);
  const server = restify.createServer();
  server.use(restify.plugins.bodyParser());
  server.post('/', async (req, res) => {
    await adapter.process(req as unknown as Request, res, async (context) => {
      await bot.run(context);
      for (const state of states) await state.saveChanges(context);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return `http://127.0.0.1:${server.address().port}/`;
}
