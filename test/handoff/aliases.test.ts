import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SignedIn } from '../../src/handoff/adoption.ts';
import { fold } from '../../src/session/fold.ts';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

const LEA: SignedIn = { kind: 'signedIn', issuer: 'https://login.example', name: 'Lea Moreau' };

/** A device of Lea's that talks to Anna, and Lea's account. */
async function begun(): Promise<{ readonly device: Customer; readonly lea: Customer }> {
  return { device: await talking(town, house, anna, 'device'), lea: new Customer(town, 'account') };
}
const adopt = (device: Customer, account: Customer, at = house): Promise<boolean> =>
  at.house.adopt(device.id, account.id, LEA);
const index = async (of: Customer) => (await town.store.stores.sessions.index(of.id))?.value;

describe('a chat begun before signing in (row 92, N16)', () => {
  test('stays where it is, with its number and its agent; only whose it is changes, and fences what was before', async () => {
    const { device, lea } = await begun();
    const before = await device.session();
    expect(await adopt(device, lea)).toBe(true);
    const after = await device.session();
    expect(after).toMatchObject({
      id: before.id,
      status: 'active',
      conversation: before.conversation,
      ver: before.ver + 1,
      epoch: before.epoch + 1,
      subject: { ...LEA, account: lea.id },
    });
    expect(await device.ledger()).toContain('(signedIn)');
    expect(await index(lea)).toMatchObject({ aliases: [device.id], sessions: [] });
    expect(fold(await town.store.stores.sessions.audit(after.id))).toMatchObject({
      ver: after.ver,
      epoch: after.epoch,
      subject: after.subject,
    });
  });

  test('is taken along with every other one of the device', async () => {
    const { device, lea } = await begun();
    const one = device.conversation;
    device.conversation = `${one}-second`;
    const { thread } = device;
    await house.house.sessions.reindex(device.id, (known) => ({ ...known, freshIn: thread }));
    await device.says(house, 'agent');
    const sids = await device.sessions();
    expect(sids).toHaveLength(2);
    await adopt(device, lea);
    const subjects = await Promise.all(
      sids.map(async (sid) => (await town.store.stores.sessions.header(sid))?.value.session.subject),
    );
    expect(subjects).toEqual([1, 2].map(() => ({ ...LEA, account: lea.id })));
    const prompt = await house.house.customers.prompt(lea.id, lea.thread);
    expect([prompt?.sid, ...(prompt?.others ?? []).map(({ sid }) => sid)].sort()).toEqual([...sids].sort());
  });

  test('is taken along once, however often that is asked', async () => {
    const { device, lea } = await begun();
    await Promise.all([adopt(device, lea), adopt(device, lea)]);
    const { ver } = await device.session();
    expect(await adopt(device, lea)).toBe(true);
    expect((await device.session()).ver).toBe(ver);
    expect((await index(lea))?.aliases).toEqual([device.id]);
  });

  test('is nobody else’s for the asking, and nothing of it changes', async () => {
    const { device, lea } = await begun();
    await adopt(device, lea);
    const { ver } = await device.session();
    const thief = new Customer(town, 'another');
    expect(await adopt(device, thief)).toBe(false);
    const { id } = await device.session();
    const { refused } = await house.house.sessions.ask(id, {
      actor: 'customer',
      command: () => ({ type: 'identify', subject: { ...LEA, name: 'Lea Other', account: thief.id } }),
    });
    expect(refused?.kind).toBe('notNow');
    expect((await device.session()).ver).toBe(ver);
    expect((await index(thief))?.aliases).toBeUndefined();
    expect(await house.house.customers.prompt(thief.id, thief.thread)).toBeUndefined();
  });

  test('does not lead from the device to the account', async () => {
    const { device, lea } = await begun();
    await lea.says(house, 'agent');
    await adopt(device, lea);
    expect(await house.house.customers.current(device.id, lea.thread)).toBeUndefined();
    device.conversation = `${device.conversation}-new`;
    const prompt = await house.house.customers.prompt(device.id, device.thread);
    expect(prompt?.others ?? []).toEqual([]);
    expect(prompt?.sid.startsWith(device.id)).toBe(true);
  });

  test('that ends on its page is followed by one that is theirs, too', async () => {
    const { device, lea } = await begun();
    await adopt(device, lea);
    await anna.act(house, (await device.session()).id, 'close');
    await device.says(house, 'agent');
    const next = await device.session();
    expect([next.status, next.subject]).toEqual(['queued', { ...LEA, account: lea.id }]);
  });
});

describe('an account that goes on with such a chat in its own conversation', () => {
  async function moved() {
    const { device, lea } = await begun();
    await adopt(device, lea);
    const { id: sid } = await device.session();
    const prompt = await house.house.customers.prompt(lea.id, lea.thread);
    if (prompt === undefined) throw new Error('They are not asked');
    await house.house.customers.answer(lea.id, lea.thread, { ...prompt, choice: 'agent' });
    return { device, lea, sid };
  }

  test('writes into the same session, and is answered there', async () => {
    const { device, lea, sid } = await moved();
    expect((await device.header()).reference).toMatchObject({
      conversation: lea.conversation,
      user: { id: lea.id },
    });
    expect(await lea.says(house, 'Hello from my phone')).toBe(200);
    await anna.says(house, sid, 'I read you');
    await until(() => lea.sees()).toContain('I read you');
    expect(device.sees()).not.toContain('I read you');
    expect(await device.ledger(sid)).toEqual(expect.arrayContaining(['customer: Hello from my phone']));
    expect(await lea.sessions()).toEqual([]);
  });

  test('says a line once that it had already sent from the device', async () => {
    const { device, lea, sid } = await moved();
    const line = { channelData: { clientActivityID: 'sent-before' } };
    await device.says(house, 'Sent twice', line);
    await lea.says(house, 'Sent twice', line);
    expect((await device.ledger(sid)).filter((said) => said === 'customer: Sent twice')).toHaveLength(1);
  });

  test('writes before it has answered: it is asked, and nothing is lost in silence', async () => {
    const { device, lea } = await begun();
    await adopt(device, lea);
    await lea.says(house, 'Hello?');
    expect(lea.sent()).toHaveLength(1);
    expect(JSON.stringify(lea.sent())).toContain((await device.session()).id);
    expect(await lea.sessions()).toEqual([]);
  });

  test('is here as long as its page beats, and gone when it falls silent', async () => {
    const { device, lea } = await moved();
    for (let minute = 0; minute < 5; minute += 1) {
      await lea.beats(house);
      town.clock.advance(MINUTE);
    }
    expect((await device.session()).status).toBe('active');
    await passes(
      town.clock,
      async () => (await device.session()).status === 'disconnected',
      1_000,
      10 * MINUTE,
    );
    expect(await lea.beats(house)).toBe('active');
  });

  test('acts on it', async () => {
    const { device, lea } = await moved();
    await house.house.customers.act(lea.id, lea.thread, 'end');
    expect((await device.session()).status).toBe('closed');
  });
});

describe('a house that dies while somebody signs in', () => {
  test('before the alias is written has it written by the next one', async () => {
    const { device, lea } = await begun();
    const { id } = await device.session();
    const dying = await town.open({ dying: true });
    await dying.house.sessions.ask(id, {
      actor: 'customer',
      command: () => ({ type: 'identify', subject: { ...LEA, account: lea.id } }),
    });
    await dying.stop();
    await until(async () => (await index(lea))?.aliases).toEqual([device.id]);
    expect((await house.house.customers.prompt(lea.id, lea.thread))?.sid).toBe(id);
    // The device's own cookie went with the very step: nobody comes between.
    expect((await index(device))?.subject).toEqual({ ...LEA, account: lea.id });
  });

  test('between two chats leaves the rest to the repeat', async () => {
    const { device, lea } = await begun();
    const first = (await device.session()).id;
    device.conversation = `${device.conversation}-second`;
    const { thread } = device;
    await house.house.sessions.reindex(device.id, (known) => ({ ...known, freshIn: thread }));
    await device.says(house, 'agent');
    await house.house.sessions.ask(first, {
      actor: 'customer',
      command: () => ({ type: 'identify', subject: { ...LEA, account: lea.id } }),
    });
    expect(await adopt(device, lea)).toBe(true);
    expect((await device.session()).subject).toEqual({ ...LEA, account: lea.id });
  });
});

test('another house learns within a moment that the chat is theirs', async () => {
  const other = await town.open();
  const { device, lea } = await begun();
  const { thread } = device;
  // Warm there, and empty.
  expect(await other.house.customers.current(lea.id, thread)).toBeUndefined();
  await adopt(device, lea);
  const { id } = await device.session();
  await until(async () => (await other.house.customers.current(lea.id, thread))?.sid).toBe(id);
});
