import { activityOf, environment, identityOf, SETTINGS, type Channel } from '../../production/desk.ts';
import { channelToken, openAzure, type Azure, type Delivered } from '../../production/azure.ts';
import { customerAt, rowIn, type Customer, type Door } from '../../production/people.ts';
import { ask, type Answer } from '../../server/house.ts';
import { readConfig } from '../../../src/config.ts';
import { until } from '../measure.ts';
import type { Request } from '../requests.ts';
import { startChild, type Child } from './child.ts';
import { tabOf, type Tab } from './tab.ts';

/** One instance of production, in a process of its own. */
export interface Instance extends Door {
  readonly origin: string;
  readonly child: Child;
}

/** Production and its store, each in a process of its own; sign-in and channels are in this one. */
export interface Town {
  readonly azure: Azure;
  readonly instances: readonly Instance[];
  readonly house: Instance;
  readonly store: { readonly endpoint: string; readonly key: string };
  /** The framework's settings of where tokens of channels come from. */
  readonly channels: Readonly<Record<string, string>>;
  /** What the store was asked since it was last taken. */
  readonly takeRequests: () => Promise<readonly Request[]>;
  /** Every answer of the store takes so much longer, ms. */
  readonly delayStore: (ms: number) => Promise<void>;
  /** Hears what arrives at a channel's connector from now on. */
  readonly hear: (heard: (delivered: Delivered) => void) => void;
  /** A customer in a chat with an agent whose tab is open. */
  readonly chat: () => Promise<Chat>;
  /** A customer in a chat with the bot; sends their next line, and settles with the acknowledgement. */
  readonly withBot: () => Promise<(text: string) => Promise<void>>;
  readonly close: () => Promise<void>;
}

/** A customer in a chat with an agent. */
export interface Chat {
  readonly customer: Customer;
  readonly tab: Tab;
  readonly sid: string;
  /** Sends the customer's next line, through the first instance or another; settles with the acknowledgement. */
  readonly say: (text: string, at?: Instance) => Promise<void>;
}

/** Opens one over a store in memory, or in a file. */
export async function openTown(
  given: {
    readonly instances?: number;
    readonly file?: string;
    readonly flags?: readonly string[];
    readonly settings?: object;
    /** Where the pages of a build lie; left out, they come from their sources. */
    readonly pages?: URL;
    /** Another town's; left out, it has its own. */
    readonly azure?: Azure;
  } = {},
): Promise<Town> {
  const listeners: ((delivered: Delivered) => void)[] = [];
  const azure =
    given.azure ??
    (await openAzure((delivered) => {
      for (const heard of listeners) heard(delivered);
    }));
  const store = await startChild('store.ts', { args: [given.file ?? ':memory:'] });
  const place = { endpoint: String(store.told['endpoint']), key: String(store.told['key']) };
  const settings = given.settings ?? SETTINGS;
  const env = {
    ...environment(azure, place),
    ...identityOf(azure),
    SETTINGS_JSON: JSON.stringify(settings),
  };
  const started = await Promise.all(
    Array.from({ length: given.instances ?? 1 }, () =>
      startChild('house.ts', {
        env,
        args: [azure.origin, ...(given.pages === undefined ? [] : [given.pages.href])],
        flags: given.flags ?? [],
      }),
    ),
  );
  const instances = started.map((child) => instanceOf(azure, child));
  const [house] = instances;
  if (house === undefined) throw new RangeError('A town has an instance');
  const { channels } = readConfig({ ...env, AZURE_AUTHORITY_HOST: azure.origin }, () => '');
  let people = 0;
  return {
    ...{ azure, instances, house, channels, store: place },
    hear: (heard) => void listeners.push(heard),
    takeRequests: async () => (await store.ask('take')) as readonly Request[],
    delayStore: async (ms) => {
      await store.ask('delay', ms);
    },
    chat: async () => {
      people += 1;
      return chatIn(house, people);
    },
    withBot: async () => {
      const customer = await customerAt(house);
      return (text) => write(customer, text, house);
    },
    close: async () => {
      await Promise.all(started.map((child) => child.close()));
      await store.close();
      if (given.azure === undefined) await azure.close();
    },
  };
}

function instanceOf(azure: Azure, child: Child): Instance {
  const origin = String(child.told['origin']);
  // Channels sign once in a while, not for each activity.
  const tokens = new Map<Channel, Promise<string>>();
  return {
    ...{ azure, origin, child },
    ask: (method, path, body, asking) => ask(origin, method, path, body, asking),
    from: async (channel, activity) => {
      const bearer = tokens.get(channel) ?? channelToken(azure, channel);
      tokens.set(channel, bearer);
      const sent = activityOf(azure, channel, activity);
      return ask(origin, 'POST', '/api/messages', sent, { bearer: await bearer });
    },
  };
}

async function chatIn(house: Instance, n: number): Promise<Chat> {
  const customer = await customerAt(house);
  const tab = await tabOf(house, n);
  await write(customer, 'agent', house);
  const sid = await rowIn(tab.agent, 'queue', customer);
  good(await tab.agent.act(sid, { act: 'accept', epoch: 0 }));
  await until('their chat is in the tab', async () => {
    const { rows } = (await tab.agent.tab('GET', '/api/inbox/mine')).body as { rows: { sid: string }[] };
    return rows.find((row) => row.sid === sid);
  });
  return { customer, tab, sid, say: (text, at = house) => write(customer, text, at) };
}

async function write({ conversation, userId }: Customer, text: string, at: Instance): Promise<void> {
  good(
    await at.from('directline', {
      ...{ type: 'message', text, from: { id: userId }, conversation: { id: conversation } },
    }),
  );
}

/** The answer, when it is a 2xx. */
export function good(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(`Answered ${answer.status}: ${answer.text}`);
  return answer;
}
