import { CosmosClient } from '@azure/cosmos';
import { createHash } from 'node:crypto';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { customerOf, readSessionId } from '../../src/session/ids.ts';
import { type Azure } from '../production/azure.ts';
import { pause } from './measure.ts';
import type { Seeded } from './seed.ts';
import { good, openTown, type Town } from './town/town.ts';

/** So many chats an agent has. */
export const EACH = 5;
/** By then what was said is in rows, marks and deadlines. */
const SETTLE_MS = 5_000;

/** A chat as production wrote it, of which others are copies. */
export interface Model {
  readonly sid: string;
  readonly customer: string;
  readonly conversation: string;
  readonly agent: string;
  readonly documents: Readonly<Record<'sessions' | 'agents', readonly Seeded['document'][]>>;
}

/** Has production over that file carry on a chat, and reads what is stored of it. */
export async function modelIn(file: string, azure: Azure): Promise<Model> {
  const town = await openTown({ file, azure });
  try {
    const chat = await town.chat();
    for (let i = 0; i < 3; i += 1)
      await chat.say('My parcel has not come yet, and nobody can tell me where it is.');
    await pause(SETTLE_MS);
    const client = new CosmosClient({ ...town.store, connectionPolicy: { enableEndpointDiscovery: false } });
    const of = async (container: string): Promise<readonly Seeded['document'][]> =>
      (await client.database(DATABASE).container(container).items.readAll<Seeded['document']>().fetchAll())
        .resources;
    const [sessions, agents] = [await of('sessions'), await of('agents')];
    client.dispose();
    const sid = readSessionId(chat.sid);
    const agent = agents.map((one) => one['agent']).find((one) => typeof one === 'string');
    if (sid === undefined || agent === undefined) throw new Error('The chat is not there');
    return {
      ...{ sid, agent, customer: customerOf(sid), conversation: chat.customer.conversation },
      documents: {
        sessions: sessions.filter(({ kind, customer }) => customer === customerOf(sid) && kind !== 'dedupe'),
        agents: agents.filter((one) => one['agent'] === agent),
      },
    };
  } finally {
    await town.close();
  }
}

/** The agents of so many copies, five chats each. */
export function* agentsOf(model: Model, chats: number): Generator<Seeded> {
  for (let n = 1; n <= chats / EACH; n += 1) {
    for (const one of model.documents.agents) {
      const { body, ...document } = copied(model, one, n, n);
      const here = { ...(body as object), seenAt: Date.now() + LONG_MS };
      yield { partition: String(document['agent']), document: { ...document, body: here } };
    }
  }
}

/** So many copies; whoever has nothing to say gets no ledger, which nobody reads then. */
export function* chatsOf(model: Model, chats: number, speaks: (n: number) => boolean): Generator<Seeded> {
  for (let n = 1; n <= chats; n += 1) {
    for (const one of model.documents.sessions) {
      if (!speaks(n) && !['header', 'index', 'presence'].includes(String(one['kind']))) continue;
      const document = copied(model, one, n, Math.ceil(n / EACH));
      yield {
        partition: String(document['customer']),
        document: document['kind'] === 'presence' ? hereFor(document) : document,
      };
    }
  }
}

/** The customer of the n-th copy writes. */
export async function sayIn(town: Town, model: Model, n: number): Promise<void> {
  const activity = {
    ...{ type: 'message', text: 'Are you still there? It is really urgent by now.' },
    ...{ from: { id: model.customer }, conversation: { id: model.conversation } },
  };
  good(await town.house.from('directline', copied(model, activity, n, 1)));
}

/** Neither customers nor agents are found gone while this goes on. */
const LONG_MS = 3_600_000;
const hereFor = (document: Seeded['document']): Seeded['document'] => ({
  ...document,
  body: { ...(document['body'] as object), beatAt: Date.now() + LONG_MS },
});

/** The n-th copy, whose agent is the m-th; ids are as long, and as much alike, as those of strangers. */
function copied<T extends object>(model: Model, one: T, n: number, m: number): T {
  const { sid, customer, conversation, agent } = model;
  const [tenant] = agent.split(':');
  const text = JSON.stringify(one)
    .replaceAll(sid.slice(customer.length), `.${made('session', n, 22)}`)
    .replaceAll(customer, `dl_${made('customer', n, 26)}`)
    .replaceAll(conversation, `${made('conversation', n, 22)}-eu`)
    .replaceAll(agent, `${tenant}:${guid(m)}`);
  return JSON.parse(text) as T;
}

const made = (what: string, n: number, length: number): string =>
  createHash('sha256').update(`${what} ${n}`).digest('base64url').slice(0, length);
const guid = (n: number): string =>
  createHash('sha256')
    .update(`agent ${n}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/u, '$1-$2-$3-$4-$5');
