import { rmSync } from 'node:fs';
import { openChat, openHouse, promptIn, until, type Customer, type TestHouse } from '../server/house.ts';
import { heldStore, type Round } from '../server/rounds.ts';
import { middle, pause, timed, type Measure } from './measure.ts';
import { good, openTown, type Chat, type Town } from './town/town.ts';

const COUNTED = 3;
const TIMED = 30;
const TIMED_ELSEWHERE = 10;
const STORE_MS = 5;
/** What a return sets off goes on a moment after its answer. */
const SETTLE_MS = 300;

/** A customer whose browser is opened again: until they are asked, and from their click on *Continue* to the transcript. */
export async function returning(): Promise<readonly Measure[]> {
  return [...(await trips()), ...(await times())];
}

/** Rounds of store requests one after the other that a click on *Continue* waits for, and store requests in all. */
async function trips(): Promise<readonly Measure[]> {
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
    const rounds = counted.map((one) => one.length);
    const all = counted.map((one) => one.flat().length);
    return [
      middle('reconnect-store-trips', 'rounds', rounds, { most: 2 }),
      middle('reconnect-store-requests', 'requests', all),
    ];
  } finally {
    await house.close();
    await store.cosmos.close();
    rmSync(store.folder, { recursive: true, force: true });
  }
}

/**
 * The same against production with a store whose answers take 5 ms. Every fourth prompt comes from another instance, which
 * has heard on the change feed that what it knew of them is old.
 */
async function times(): Promise<readonly Measure[]> {
  const town = await openTown({ instances: 2 });
  try {
    const [, other = town.house] = town.instances;
    const chat = await town.chat();
    await town.delayStore(STORE_MS);
    const here = { ms: [] as number[], reads: [] as number[] };
    const elsewhere = { ms: [] as number[], reads: [] as number[] };
    const took = { click: [] as number[] };
    let { customer } = chat;
    for (let i = 0; i < TIMED + TIMED_ELSEWHERE; i += 1) {
      customer = await customer.again();
      await pause(SETTLE_MS);
      await town.takeRequests();
      const [at, into] = i % 4 === 3 ? [other, elsewhere] : [town.house, here];
      const from = performance.now();
      const [{ at: shownAt, prompt }] = await Promise.all([
        promptAt(town, customer.conversation),
        customer.join(at),
      ]);
      into.ms.push(shownAt - from);
      into.reads.push((await town.takeRequests()).filter(isRead).length);
      await pause(SETTLE_MS);
      const { conversation, asking } = customer;
      const body = { prompt: { ...prompt, conversation, choice: 'agent' } };
      took.click.push(
        await timed(async () => good(await town.house.ask('POST', '/api/reconnect', body, asking))),
      );
      await pause(SETTLE_MS);
    }
    return [
      middle('prompt-latency-p50', 'ms', here.ms, { most: 15 }),
      middle('prompt-store-reads', 'requests', here.reads, { most: 2 }),
      middle('prompt-latency-p50-elsewhere', 'ms', elsewhere.ms),
      middle('prompt-store-reads-elsewhere', 'requests', elsewhere.reads),
      middle('reconnect-latency-p50', 'ms', took.click, { most: 25 }),
    ];
  } finally {
    await town.close();
  }
}

/** What the prompt in that conversation would submit, and when the connector was given it. */
const promptAt = (town: Town, conversation: Chat['customer']['conversation']) =>
  new Promise<{ readonly at: number; readonly prompt: object }>((resolve) => {
    town.hear((delivered) => {
      const at = performance.now();
      if (delivered.conversation !== conversation) return;
      const prompt = promptIn([{ attachments: delivered.activity['attachments'] as [] }]);
      if (prompt !== undefined) resolve({ at, prompt });
    });
  });

const isRead = ({
  container,
  operation,
}: {
  readonly container: string;
  readonly operation: string;
}): boolean => container === 'sessions' && (operation === 'read' || operation === 'query');

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
