import { CosmosClient, type Container } from '@azure/cosmos';
import {
  ActivityHandler,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConversationState,
  TranscriptLoggerMiddleware,
  UserState,
  type Request,
  type Storage,
  type StoreItems,
  type TranscriptLogger,
} from 'botbuilder';
import { once } from 'node:events';
import restify from 'restify';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import type { ContainerDefinition } from '../../src/local/cosmos/container.ts';

/** Where the compared ones keep their documents, so that their requests can be told from the house's. */
export const COMPARED: readonly ContainerDefinition[] = [
  { id: 'framework', partitionKey: '/id', defaultTtl: -1, indexed: [] },
  { id: 'floor', partitionKey: '/id', defaultTtl: -1, indexed: [] },
];

/** What ours is compared with, on the same store and the same kind of server. */
export interface Compared {
  /** A bot whose conversation and user state change with each message, and whose transcript is logged. */
  readonly framework: string;
  /** Stores the activity with one create and answers. */
  readonly floor: string;
  readonly close: () => Promise<void>;
}

/** Opens both at one server. */
export async function openCompared(store: {
  readonly endpoint: string;
  readonly key: string;
}): Promise<Compared> {
  const client = new CosmosClient({
    ...store,
    connectionPolicy: { enableEndpointDiscovery: false, enablePartitionLevelFailover: false },
  });
  const container = (id: string): Container => client.database(DATABASE).container(id);
  const floor = container('floor');
  const server = restify.createServer();
  server.use(restify.plugins.bodyParser());
  server.post('/framework', frameworkRoute(container('framework')));
  server.post('/floor', async (req, res) => {
    await floor.items.create({ ...(req.body as object), id: crypto.randomUUID() });
    res.send(200, {});
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    framework: `${origin}/framework`,
    floor: `${origin}/floor`,
    close: async () => {
      server.server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      client.dispose();
    },
  };
}

/**
 * The framework's own way to remember: both states read, changed and saved in each turn, both sides of the chat logged.
 * What it would send on travels in the answer (`expectReplies`), so that no connector call is part of its time.
 */
function frameworkRoute(container: Container): restify.RequestHandler {
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
  return async (req, res) => {
    await adapter.process(req as unknown as Request, res, async (context) => {
      await bot.run(context);
      for (const state of states) await state.saveChanges(context);
    });
  };
}

/** As `CosmosDbPartitionedStorage` of botbuilder-azure: an item a key, read by id, written by upsert. */
function cosmosStorage(container: Container): Storage {
  const idOf = (key: string): string => key.replaceAll('/', '*2f');
  return {
    read: async (keys) => {
      const found: StoreItems = {};
      await Promise.all(
        keys.map(async (key) => {
          const { resource, etag } = await container.item(idOf(key), idOf(key)).read<{ document: object }>();
          if (resource !== undefined) found[key] = { ...resource.document, eTag: etag };
        }),
      );
      return found;
    },
    write: async (changes) => {
      await Promise.all(
        Object.entries(changes as Readonly<Record<string, { eTag?: string }>>).map(
          ([key, { eTag, ...document }]) =>
            container.items.upsert(
              { id: idOf(key), realId: key, document },
              eTag === undefined || eTag === '*'
                ? {}
                : { accessCondition: { type: 'IfMatch', condition: eTag } },
            ),
        ),
      );
    },
    delete: () => Promise.reject(new Error('Nothing is deleted here')),
  };
}

const cosmosTranscript = (container: Container): TranscriptLogger => ({
  logActivity: async (activity) => {
    const { channelId, conversation } = activity;
    await container.items.create({
      id: crypto.randomUUID(),
      channelId,
      conversationId: conversation.id,
      activity,
    });
  },
});
