import { CosmosClient } from '@azure/cosmos';
import { ActivityTypes, ConversationState, TestAdapter, TurnContext } from 'botbuilder';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../src/clock.ts';
import { startCosmos } from '../../src/local/cosmos/server.ts';
import { cosmosStorage } from '../bench/framework.ts';

const CONTAINER = 'framework';
const IN_ONE_CONVERSATION = 500;

/**
 * How many of so many increments of a counter in `ConversationState` are lost when two bots over one store take turns at
 * once. Its storage is as `CosmosDbPartitionedStorage`; no error tells of any of them.
 */
export async function lostByBotState(writes: number): Promise<number> {
  const cosmos = await startCosmos({
    ...{ port: 0, file: ':memory:', clock: systemClock, database: DATABASE },
    containers: [{ id: CONTAINER, partitionKey: '/id', defaultTtl: -1, indexed: [] }],
  });
  const bots = [bot(cosmos), bot(cosmos)];
  let lost = 0;
  for (let left = writes; left > 0; left -= IN_ONE_CONVERSATION) {
    const count = Math.min(left, IN_ONE_CONVERSATION);
    const conversation = `c${left}`;
    let next = 0;
    await Promise.all(
      bots.map(async ({ turn }) => {
        for (; next < count;) {
          next += 1;
          await turn(conversation);
        }
      }),
    );
    lost += count - ((await bots[0]?.read(conversation)) ?? 0);
  }
  for (const { close } of bots) close();
  await cosmos.close();
  return lost;
}

function bot({ endpoint, key }: { readonly endpoint: string; readonly key: string }) {
  const client = new CosmosClient({
    ...{ endpoint, key },
    connectionPolicy: { enableEndpointDiscovery: false, enablePartitionLevelFailover: false },
  });
  const adapter = new TestAdapter(() => Promise.resolve());
  const contextOf = (conversation: string): TurnContext =>
    new TurnContext(adapter, {
      type: ActivityTypes.Message,
      channelId: 'directline',
      conversation: { id: conversation, isGroup: false, conversationType: '', name: '' },
      from: { id: 'mia', name: '' },
      recipient: { id: 'bot', name: '' },
    });
  const state = new ConversationState(cosmosStorage(client.database(DATABASE).container(CONTAINER)));
  const counter = state.createProperty<{ said: number }>('count');
  return {
    turn: async (conversation: string): Promise<void> => {
      const context = contextOf(conversation);
      (await counter.get(context, { said: 0 })).said += 1;
      await state.saveChanges(context);
    },
    read: async (conversation: string): Promise<number> =>
      (await counter.get(contextOf(conversation), { said: 0 })).said,
    close: () => client.dispose(),
  };
}
