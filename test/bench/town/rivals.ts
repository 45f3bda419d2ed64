import { BOT, channelToken, TENANT } from '../../production/azure.ts';
import { activityOf, identityOf, PEPPER, SETTINGS } from '../../production/desk.ts';
import { ask } from '../../server/house.ts';
import { startChild, type Child } from './child.ts';
import type { Given } from './given.ts';
import { good, type Town } from './town.ts';

/** The routes of what ours is compared with; see `compared.ts`. */
export type Rival =
  'bare' | 'bare-as-shipped' | 'beside' | 'memory' | 'floor' | 'framework' | 'framework-as-shipped';

/** What ours is compared with, in a process of its own over the same store and the same channels. */
export interface Rivals {
  readonly child: Child;
  /** Sends a customer's line to one of them; settles with the acknowledgement. */
  readonly say: (rival: Rival, text: string) => Promise<void>;
  /** Settles with the moment at which the connector is given that text for an agent. */
  readonly relayed: (text: string) => Promise<number>;
}

/** The conversation of the agent whom they relay to. */
const AGENT = '19:compared';

/** Starts them beside a town. */
export async function openRivals({ azure, store, channels, hear }: Town): Promise<Rivals> {
  const waiting = new Map<string, (at: number) => void>();
  hear(({ conversation, activity: { text } }) => {
    if (conversation !== AGENT) return;
    waiting.get(String(text))?.(performance.now());
    waiting.delete(String(text));
  });
  const given: Given = {
    ...{ store, channels, bot: BOT, tenant: TENANT, pepper: PEPPER, settings: SETTINGS },
    agent: { serviceUrl: azure.serviceUrl('msteams'), conversation: AGENT },
  };
  const child = await startChild('compared.ts', {
    env: { ...identityOf(azure) },
    args: [JSON.stringify(given)],
  });
  const bearer = await channelToken(azure, 'directline');
  return {
    child,
    say: async (rival, text) => {
      const activity = activityOf(azure, 'directline', {
        ...{ type: 'message', text, from: { id: 'somebody', name: 'Lea' }, conversation: { id: 'c0' } },
        ...((rival.startsWith('bare') || rival === 'beside') && { deliveryMode: 'expectReplies' }),
      });
      good(await ask(String(child.told['origin']), 'POST', `/${rival}`, activity, { bearer }));
    },
    relayed: (text) => new Promise((resolve) => waiting.set(text, resolve)),
  };
}
