import { rmSync } from 'node:fs';
import { openChat, openHouse, promptIn, until, type Customer, type TestHouse } from '../server/house.ts';
import { heldStore, type Round } from '../server/rounds.ts';
import { median, spread, timed, type Measure } from './measure.ts';

const COUNTED = 3;
const TIMED = 20;

/**
 * What a click on *Continue* costs until the transcript is there: rounds of store requests one after the other, store
 * requests in all, and the time of the one request that the browser makes.
 */
export async function returning(): Promise<readonly Measure[]> {
  const store = await heldStore();
  const house = await openHouse({ cosmos: store.cosmos, folder: store.folder });
  try {
    let chat = await talking(house);
    const counted: (readonly Round[])[] = [];
    for (let i = 0; i < COUNTED; i += 1) {
      const { next, click } = await asked(house, chat);
      counted.push((await store.roundsOf(click)).rounds);
      chat = next;
    }
    const took: number[] = [];
    for (let i = 0; i < TIMED; i += 1) {
      const { next, click } = await asked(house, chat);
      took.push(await timed(click));
      chat = next;
    }
    return [
      measure(
        'store-rounds-per-return',
        'rounds',
        counted.map((rounds) => rounds.length),
      ),
      measure(
        'store-requests-per-return',
        'requests',
        counted.map((rounds) => rounds.flat().length),
      ),
      measure('return-latency-p50', 'ms', took),
    ];
  } finally {
    await house.close();
    await store.cosmos.close();
    rmSync(store.folder, { recursive: true, force: true });
  }
}

const measure = (name: string, unit: string, values: readonly number[]): Measure => ({
  ...{ name, unit, ours: median(values), spread: spread(values) },
});

/** A customer whom an agent has accepted, and who has said something. */
async function talking(house: TestHouse): Promise<Customer> {
  const chat = await openChat(house);
  await chat.say('agent');
  const bearer = await house.tabToken();
  await house.ask('GET', '/api/agent/me', undefined, { bearer });
  const { sid, epoch } = await until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, { bearer });
    return (body['rows'] as { sid: string; epoch: number }[])[0];
  }, 'a customer in the queue');
  await house.ask('POST', `/api/sessions/${sid}/acts`, { id: sid, act: 'accept', epoch }, { bearer });
  await chat.say('Where is my parcel?');
  return chat;
}

/** The same customer in another page, who is asked there; `click` answers, and fails unless they are back. */
async function asked(
  house: TestHouse,
  before: Customer,
): Promise<{ readonly next: Customer; readonly click: () => Promise<void> }> {
  const next = await before.again();
  await next.join();
  const shown = await until(async () => promptIn(await next.shown()), 'the prompt');
  await house.settled();
  const prompt = { ...shown, conversation: next.conversation, choice: 'agent' };
  const click = async (): Promise<void> => {
    const { status, text } = await house.ask('POST', '/api/reconnect', { prompt }, next.asking);
    if (status !== 200) throw new Error(`The return was answered ${status}: ${text}`);
  };
  return { next, click };
}
