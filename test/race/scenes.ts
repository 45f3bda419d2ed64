import type { Caller } from '../../src/handoff/links-find.ts';
import { isCardBehind } from '../../src/handoff/agent-cards.ts';
import { owedNow } from '../../src/handoff/owed.ts';
import type { TestHouse, Town } from '../handoff/house.ts';
import { Agent, Customer, post } from '../handoff/people.ts';

/** One turn somebody takes: set up, taken (again, if it is not answered well), and looked at afterwards. */
export interface Scene {
  /** Where its channel shows what comes of it. */
  readonly conversation: string;
  /** Settles with whether it was answered well; a fault of ours is a no, never a throw. */
  readonly take: () => Promise<boolean>;
  /** Whether what it is about stands in the store, once. */
  readonly stands: () => Promise<boolean>;
  /** Whether whoever it is for has been shown it. */
  readonly isShown: () => boolean | Promise<boolean>;
  /** Whether nothing is owed to anybody of it. */
  readonly isQuiet: () => Promise<boolean>;
}

/** Sets the scene of each kind of turn. */
export const SCENES: Readonly<Record<string, (at: Place) => Promise<Scene>>> = {
  'a customer’s line': async (at) => {
    const mia = await talkingAt(at);
    const line = mia.activity({ text: 'Where is my parcel?' });
    return {
      ...about(mia),
      conversation: at.anna.chat,
      take: async () => isWell(await post(at.house, line)),
      stands: async () => count(await mia.ledger(), 'customer: Where is my parcel?') === 1,
      isShown: () => true,
    };
  },
  'an agent’s line': async (at) => {
    const mia = await talkingAt(at);
    const { id } = await mia.session();
    return {
      ...about(mia),
      take: () =>
        answered(at.anna.act(at.house, id, 'message', { id: `line-${mia.id}`, text: 'It is on its way' })),
      stands: async () => count(await mia.ledger(), 'agent: It is on its way') === 1,
      isShown: () => mia.sees().includes('It is on its way'),
    };
  },
  'an agent’s click on Accept': async (at) => {
    const mia = await waitingAt(at);
    const { id } = await mia.session();
    return {
      ...about(mia),
      take: () => answered(at.anna.act(at.house, id, 'accept', { id: `accept-${mia.id}` })),
      stands: async () => (await mia.session()).status === 'active',
      isShown: () => mia.sees().some((text) => text.includes('Anna')),
    };
  },
  'a press on a card': async (at) => {
    const mia = await waitingAt(at);
    const { id: sid, epoch } = await mia.session();
    return {
      ...about(mia),
      conversation: at.anna.chat,
      take: async () => isWell((await at.anna.presses(at.house, 'accept', { sid, epoch })).status),
      stands: async () => (await mia.session()).status === 'active',
      isShown: () => mia.sees().some((text) => text.includes('Anna')),
    };
  },
  'a link that is opened': async (at) => {
    const mia = await talkingAt(at);
    const { id } = await mia.session();
    const { link } = await at.house.house.desk.act(at.anna.ref, id, { id: `link-${mia.id}`, act: 'link' });
    const text = new URL(link?.url ?? '').hash.slice(1);
    const { conversation } = mia;
    const next = `${conversation}-by-link`;
    const caller: Caller = {
      from: '192.0.2.1',
      idempotencyKey: mia.id,
      who: () => Promise.resolve({ devices: [] }),
    };
    const rim = {
      open: () => Promise.resolve({ token: 'dl', conversationId: next, expires_in: 3600 }),
      admit: () => ({ hash: `device of ${next}`, setCookie: 'cookie', pass: 'pass' }),
    };
    return {
      ...about(mia),
      conversation: next,
      take: async () => {
        const redeeming = at.house.house.redemptions.redeem({ way: 'link', text }, caller, rim);
        return (await redeeming.catch(() => undefined))?.kind === 'back';
      },
      stands: async () => (await mia.session()).conversation === next,
      isShown: () => true,
    };
  },
  'a return that meets the prompt': async (at) => {
    const mia = await talkingAt(at);
    mia.conversation = `${mia.conversation}-again`;
    const join = mia.activity({ type: 'event', name: 'webchat/join', value: {} });
    return {
      ...about(mia),
      conversation: mia.conversation,
      take: async () => isWell(await post(at.house, join)),
      stands: async () => (await mia.session()).status === 'active',
      isShown: () => mia.sent().some(({ activity }) => activity['attachments'] !== undefined),
    };
  },
};

/** Where scenes are set. */
export interface Place {
  readonly town: Town;
  readonly house: TestHouse;
  readonly anna: Agent;
}

const isWell = (status: number): boolean => status >= 200 && status < 300;
const answered = (work: Promise<{ readonly refused?: unknown }>): Promise<boolean> =>
  work.then(
    ({ refused }) => refused === undefined,
    () => false,
  );
const count = (lines: readonly string[], line: string): number => lines.filter((one) => one === line).length;

const about = (mia: Customer): Pick<Scene, 'conversation' | 'isQuiet'> => ({
  conversation: mia.conversation,
  isQuiet: async () => {
    const header = await mia.header();
    return header.delivered >= owedNow(header) && !isCardBehind(header);
  },
});

async function waitingAt({ town, house }: Place): Promise<Customer> {
  const mia = new Customer(town);
  await mia.beats(house, { widget: 'portal' });
  await mia.says(house, 'agent');
  return mia;
}
async function talkingAt(at: Place): Promise<Customer> {
  const mia = await waitingAt(at);
  await at.anna.act(at.house, (await mia.session()).id, 'accept');
  return mia;
}
