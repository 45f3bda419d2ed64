import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTown, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open({ running: false });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

describe.each(['support', 'strict'])(
  'a customer of widget %s whose session has moved to a newer page',
  (widget) => {
    /** Mia, with Anna on her newer page; the older one is still open. */
    async function moved(): Promise<{
      readonly mia: Customer;
      readonly older: string;
      readonly newer: string;
    }> {
      const mia = new Customer(town);
      const older = mia.conversation;
      await mia.beats(house, { widget });
      await mia.says(house, 'agent');
      const { id } = await mia.session();
      await anna.act(house, id, 'accept');
      mia.conversation = `${older}-newer`;
      await house.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
      return { mia, older, newer: mia.conversation };
    }

    test('may write on the older page: it is the same session, and the answer comes there', async () => {
      const { mia, older } = await moved();
      mia.conversation = older;
      expect(await mia.says(house, 'From the older page')).toBe(200);
      expect(await mia.sessions()).toHaveLength(1);
      expect(await mia.ledger()).toContain('customer: From the older page');
      await anna.says(house, (await mia.session()).id, 'I read you there');
      await until(() => mia.sees(older)).toContain('I read you there');
    });

    test('may write on both in turn', async () => {
      const { mia, older, newer } = await moved();
      for (const [i, page] of [newer, older, newer, older].entries()) {
        mia.conversation = page;
        expect(await mia.says(house, `Line ${i}`)).toBe(200);
      }
      expect(await mia.sessions()).toHaveLength(1);
      expect((await mia.ledger()).filter((line) => line.startsWith('customer: Line'))).toHaveLength(4);
    });

    test('has one that beats on the older page left where it is', async () => {
      const { mia, older, newer } = await moved();
      mia.conversation = older;
      expect(await mia.beats(house, { widget })).toBe('none');
      expect((await mia.session()).conversation).toBe(newer);
    });
  },
);

test('a customer who starts fresh on the older page has a session of its own there', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'agent');
  const older = mia.conversation;
  const { id } = await mia.session();
  await anna.act(house, id, 'accept');
  mia.conversation = `${older}-newer`;
  await house.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
  mia.conversation = older;
  const thread = mia.thread;
  await house.house.sessions.reindex(mia.id, (index) => ({ ...index, freshIn: thread }));
  expect(await mia.says(house, 'Something else')).toBe(200);
  expect(await mia.sessions()).toHaveLength(2);
});
