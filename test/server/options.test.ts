import { afterEach, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/settings/settings.ts';
import { openHouse, promptIn, until, type TestHouse } from './house.ts';
import { codeOf, redeem, statusOf, talking, type Talk } from './ways.ts';

let house: TestHouse;
afterEach(() => house.close());

/** A house with one widget, set so and not otherwise. */
const opens = async (widget: object): Promise<void> => {
  house = await openHouse({
    settings: readSettings({
      company: 'Northwind Parcels',
      workStreams: { support: {} },
      widgets: { support: { title: 'Support', workStream: 'support', ...widget } },
    }),
  });
};

async function drops({ chat, told }: Talk): Promise<void> {
  await house.ask('POST', '/api/presence', { conversation: chat.conversation, leaving: true }, chat.asking);
  await house.ask('POST', '/local/clock', { advanceMs: 20_000 });
  await until(
    async () => (await told()).some(({ code }) => code === 'customerGone'),
    'they are noticed gone',
  );
}

/** What the prompt offers in a new page of the same browser. */
async function promptOf({ chat }: Talk) {
  const page = await chat.again();
  await page.join();
  return { page, prompt: promptIn(await page.shown()) };
}

describe('A17: where a widget has', () => {
  test('the link and not the prompt, nobody is asked, and the link leads back', async () => {
    await opens({ promptAudience: 'nobody', portalUrl: 'https://www.example.com/support' });
    const talk = await talking(house);
    const { token } = await talk.give();
    await drops(talk);
    expect((await promptOf(talk)).prompt).toBeUndefined();
    expect(statusOf(await redeem(house, { token }))).toBe('active');
  });

  test('the prompt and not the link, no link is given, and the prompt leads back', async () => {
    await opens({ promptAudience: 'anyone' });
    const talk = await talking(house);
    expect(codeOf(await talk.act('link'))).toBe('no_portal');
    await drops(talk);
    const { page, prompt } = await promptOf(talk);
    const answer = { ...prompt, conversation: page.conversation };
    const back = await house.ask('POST', '/api/reconnect', { prompt: answer }, page.asking);
    expect(statusOf(back)).toBe('active');
  });

  test('no hold, the way back is there all the same: the agent is asked', async () => {
    await opens({ portalUrl: 'https://www.example.com/support', previousAgentWindow: '0 s' });
    const talk = await talking(house);
    const { token } = await talk.give();
    await drops(talk);
    expect(statusOf(await redeem(house, { token }))).toBe('resuming');
  });
});
