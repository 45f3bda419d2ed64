import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type TestHouse } from './house.ts';
import { heldStore, type HeldStore, type Round } from './rounds.ts';
import { redeem, talking, textsOf } from './ways.ts';

let store: HeldStore;
let house: TestHouse;
beforeAll(async () => {
  store = await heldStore();
  house = await openHouse({ cosmos: store.cosmos, folder: store.folder });
});
afterAll(async () => {
  await house.close();
  await store.cosmos.close();
});

/** Slots of agents are settled and rows written after the answer; the roster is read beside the rest, once a second. */
const isWaitedFor = (one: string): boolean => !/^(?:agents|inbox)\.|\.metadata$/u.test(one);
const waitedFor = (rounds: readonly Round[]): readonly Round[] =>
  rounds.map((round) => round.filter(isWaitedFor));
const WRITES = ['sessions.batch', 'sessions.upsert'];

test('from the click on a link to the transcript it is one round of reads and one of writes, where its customer is known', async () => {
  const talk = await talking(house);
  const { token } = await talk.give();
  await house.settled();
  const { done, rounds } = await store.roundsOf(() => redeem(house, { token }));
  expect(done.status).toBe(200);
  expect(textsOf(done)).toContain('agent');
  expect(waitedFor(rounds)).toEqual([expect.arrayContaining(['sessions.query', 'sessions.read']), WRITES]);
});

test('on a server that has never seen its customer it is one round more: a token names no session', async () => {
  const talk = await talking(house);
  const { token } = await talk.give();
  await house.settled();
  const other = await openHouse({ cosmos: store.cosmos, folder: store.folder, name: 'other' });
  const { done, rounds } = await store.roundsOf(() => redeem(other, { token }));
  await other.close();
  expect(done.status).toBe(200);
  expect(waitedFor(rounds)).toEqual([
    ['sessions.read', 'sessions.read'],
    ['sessions.query', 'sessions.read', 'sessions.read'],
    WRITES,
  ]);
});

test('unknown, malformed, foreign and revoked ask the store the same, known customer or not', async () => {
  const [mia, ben, eve] = [
    await talking(house, { bearer: await house.siteToken('mia') }),
    await talking(house),
    await talking(house),
  ];
  const [foreign, revoked] = [await mia.give(), await ben.give()];
  await ben.act('revokeLinks');
  await house.settled();
  const other = await openHouse({ cosmos: store.cosmos, folder: store.folder, name: 'third' });
  const asked = async (token: string): Promise<readonly Round[]> => {
    const { done, rounds } = await store.roundsOf(() => redeem(other, { token }));
    expect(done.status).toBe(404);
    return waitedFor(rounds);
  };
  const tokens = [
    foreign.token,
    revoked.token,
    `rt1_${eve.chat.userId}.${'A'.repeat(43)}`,
    `rt1_dl_${'x'.repeat(30)}.${'A'.repeat(43)}`,
    'rt1_',
  ];
  const [first, second]: (readonly Round[])[][] = [[], []];
  for (const token of tokens) first?.push(await asked(token));
  for (const token of tokens) second?.push(await asked(token));
  await other.close();
  for (const all of [first, second]) for (const rounds of all ?? []) expect(rounds).toEqual(all?.[0]);
});
