import type { Container } from '@azure/cosmos';
import type { Storage, StoreItems, TranscriptLogger } from 'botbuilder';
import type { ContainerDefinition } from '../../src/local/cosmos/container.ts';

/** Where the compared ones keep their documents, so that their requests can be told from the house's. */
export const COMPARED: readonly ContainerDefinition[] = [
  { id: 'framework', partitionKey: '/id', defaultTtl: -1, indexed: [] },
  { id: 'floor', partitionKey: '/id', defaultTtl: -1, indexed: [] },
];

/** As `CosmosDbPartitionedStorage` of botbuilder-azure: an item a key, read by id, written by upsert. */
export function cosmosStorage(container: Container): Storage {
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

/** A log that creates an item an activity; what the adapter tells itself for a proactive message is spared it. */
export const cosmosTranscript = (container: Container): TranscriptLogger => ({
  logActivity: async (activity) => {
    const { channelId, conversation, type } = activity;
    if (type === 'event') return;
    await container.items.create({
      id: crypto.randomUUID(),
      channelId,
      conversationId: conversation.id,
      activity,
    });
  },
});
