import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openChat, openHouse, until, type Answer, type TestHouse } from './house.ts';
import { redeem, statusOf, talking, textsOf, type Talk } from './ways.ts';

let house: TestHouse;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const jonas = async (path: string): Promise<Answer> =>
  house.ask('GET', path, undefined, { bearer: await house.tabToken() });
const sids = ({ body }: Answer): readonly string[] =>
  (body['rows'] as readonly { readonly sid: string }[]).map(({ sid }) => sid);

/** A customer who told the bot about their parcel, lost the page, and then asked for a person in another. */
async function afterTheForm(): Promise<Talk> {
  const first = await openChat(house);
  for (const text of ['Report a parcel', '4711', 'It is torn']) await first.say(text);
  return talking(house, first.asking);
}

async function drops({ chat, told }: Talk): Promise<void> {
  await house.ask('POST', '/api/presence', { conversation: chat.conversation, leaving: true }, chat.asking);
  await house.ask('POST', '/local/clock', { advanceMs: 20_000 });
  await until(
    async () => (await told()).some(({ code }) => code === 'customerGone'),
    'they are noticed gone',
  );
}

const FORM = [
  'Report a parcel',
  'Which parcel number is it?',
  '4711',
  'What is wrong with it?',
  'It is torn',
];

describe('a customer whose chat broke off', () => {
  test('A3, A4: is back with the same agent, in no line, and sees everything said from the bot’s first question on', async () => {
    const talk = await afterTheForm();
    const { token } = await talk.give();
    await talk.act('message', { text: 'I have asked the depot' });
    await drops(talk);
    await talk.act('message', { text: 'They have found it' });

    const back = await redeem(house, { token });
    expect(back.body['state']).toMatchObject({ sid: talk.sid, status: 'active', agent: 'Jonas' });
    const said = [...FORM, 'agent', 'I have asked the depot', 'They have found it'];
    expect(textsOf(back).filter((text) => said.includes(text))).toEqual(said);
    expect(sids(await jonas('/api/inbox/queue'))).not.toContain(talk.sid);
  });

  test('A3, row 62: has not to explain again: the agent has the bot’s part, the reason, and their own notes', async () => {
    const talk = await afterTheForm();
    const { token } = await talk.give();
    await talk.act('comment', { text: 'Claim opened with the carrier' });
    await drops(talk);
    const back = await redeem(house, { token });
    expect(textsOf(back)).not.toContain('Claim opened with the carrier');

    const { body } = await jonas(`/api/sessions/${talk.sid}`);
    expect(body['row']).toMatchObject({ status: 'active', reason: 'parcel 4711' });
    const read = (await talk.told()).map(({ text }) => text);
    expect(read.filter((text) => FORM.includes(text))).toEqual(FORM);
    expect(read).toContain('Claim opened with the carrier');
  });

  test('B31: is shown what was said by a house that has been started since', async () => {
    const talk = await afterTheForm();
    const { token } = await talk.give();
    await talk.act('message', { text: 'I have asked the depot' });
    const shown = async () => (await talk.chat.shown()).some(({ text }) => text === 'I have asked the depot');
    await until(shown, 'the customer reads it');
    const { folder } = house;
    await house.close();
    house = await openHouse({ folder });
    const back = await redeem(house, { token });
    expect(statusOf(back)).toBe('active');
    const said = [...FORM, 'agent', 'I have asked the depot'];
    expect(textsOf(back).filter((text) => said.includes(text))).toEqual(said);
  });
});

test('row 67: of a chat that is over the agent has everything said, the notes, and the number its customer can quote', async () => {
  const talk = await afterTheForm();
  await talk.act('comment', { text: 'Claim opened with the carrier' });
  await talk.act('close');
  await until(
    async () => sids(await jonas('/api/inbox/closed')).includes(talk.sid),
    'it is among the closed',
  );

  const { body } = await house.ask(
    'POST',
    '/api/transcript',
    { conversation: talk.chat.conversation },
    talk.chat.asking,
  );
  const { ended } = body['state'] as { ended: { reference: string } };
  expect(ended.reference).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/u);
  const read = (await talk.told()).map(({ text }) => text);
  expect(read).toEqual(expect.arrayContaining([...FORM, 'Claim opened with the carrier']));
  expect(read.at(-1)).toContain(`Reference ${ended.reference}.`);
});
