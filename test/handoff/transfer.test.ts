import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { View } from '../../src/handoff/inbox.ts';
import { isForCustomer } from '../../src/session/ledger.ts';
import { openTown, passes, SETTINGS, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let ben: Agent;
beforeEach(async () => {
  town = await openTown();
  const workStreams = { ...SETTINGS.workStreams, returns: {} };
  house = await town.open({ settings: { ...SETTINGS, workStreams } });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  ben = await new Agent(town, 'Ben Okoro').signsIn(house);
});
afterEach(() => town.close());

const toBen = (): { readonly to: string } => ({ to: `agent:${ben.ref.id}` });
const listed = async (view: View, list: 'queue' | 'mine' | 'suspended'): Promise<readonly string[]> => {
  await house.house.caughtUp();
  return (await house.house.inbox.page(view, list, 10)).rows.map(({ sid }) => sid);
};
const mineOf = ({ ref }: Agent) => listed(`agent:${ref.id}`, 'mine');
const leaves = async (mia: Customer): Promise<void> => {
  const { id } = await mia.session();
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'phone', at: town.clock.now() }),
  });
};
const step = (): Promise<unknown> => passes(town.clock, () => false, 200, 3_000).catch(() => undefined);

describe('row 77: transfer', () => {
  test('an agent hands a customer to a colleague, whose list and place they take when it is accepted', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await anna.act(house, id, 'transfer', { ...toBen(), note: 'Wants the depot manager' });
    expect(await mineOf(ben)).toEqual([id]);
    expect(await mineOf(anna)).toEqual([]);
    await until(() => anna.slots()).toEqual({});
    await until(() => mia.sees().at(-1)).toBe(
      'Anna is asking Ben to take over. Ben can read everything said so far.',
    );
    await ben.act(house, id, 'accept');
    expect(await mia.session()).toMatchObject({ status: 'active', owner: ben.ref, previous: ben.ref });
    await until(() => ben.slots()).toEqual({ [id]: 'owned' });
    await until(() => mia.sees().at(-1)).toBe('Ben is here.');
  });

  test('the note is for colleagues alone, on no path to the customer', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await anna.act(house, id, 'transfer', { ...toBen(), note: 'Shouts' });
    await ben.act(house, id, 'accept');
    await step();
    expect(await mia.ledger()).toContain('agent: Shouts');
    const entries = await house.stores.sessions.entries(id, {});
    const note = entries.find(({ what }) => what.kind === 'comment');
    expect(note !== undefined && isForCustomer(note)).toBe(false);
    expect(JSON.stringify(mia.sent())).not.toContain('Shouts');
  });

  test('row 32: a colleague who passes, and says why, sends them to the line at their earlier place, and everybody is told why', async () => {
    const mia = await talking(town, house, anna);
    const { id, queuedAt } = await mia.session();
    await anna.act(house, id, 'transfer', toBen());
    await ben.act(house, id, 'decline', { reason: 'In a meeting' });
    expect(await mia.session()).toMatchObject({ status: 'queued', queuedAt });
    expect((await mia.ledger()).slice(-3)).toEqual(['(handingOver)', '(declined)', '(toQueue)']);
    expect(await mineOf(ben)).toEqual([]);
    expect(await listed('queue:support', 'queue')).toEqual([id]);
    await until(() => mia.sees().at(-1)).toMatch(/^Ben cannot take this right now\. You are in line/u);
    expect(mia.sees().join()).not.toContain('In a meeting');
  });

  test('a colleague who is away is not asked: the agent keeps the customer', async () => {
    await house.house.agents.setPresence(ben.ref.id, { status: 'away' });
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    const { refused } = await anna.act(house, id, 'transfer', toBen());
    expect(refused).toEqual({ kind: 'agentAway', agent: ben.ref });
    expect((await mia.session()).status).toBe('active');
  });

  test('moved to another work stream, it stands in its queue and no longer in the old one', async () => {
    const mia = new Customer(town);
    await mia.says(house, 'agent');
    const { id } = await mia.session();
    await anna.act(house, id, 'accept');
    await anna.act(house, id, 'transfer', { to: 'queue:returns' });
    expect(await listed('queue:returns', 'queue')).toEqual([id]);
    expect(await listed('queue:support', 'queue')).toEqual([]);
    const day = new Date(town.clock.now()).toISOString().slice(0, 10);
    expect(await listed(`all:support:${day}`, 'queue')).toEqual([]);
    expect(await listed(`all:returns:${day}`, 'queue')).toEqual([id]);
    expect(await mineOf(anna)).toEqual([]);
  });

  test('nobody hands on to an agent or a queue there is none of', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await expect(anna.act(house, id, 'transfer', { to: 'agent:contoso:nobody' })).rejects.toThrow(/^to: /u);
    await expect(anna.act(house, id, 'transfer', { to: 'queue:nowhere' })).rejects.toThrow(/^to: /u);
    await expect(anna.act(house, id, 'transfer', { to: 'ben' })).rejects.toThrow(/^to: /u);
  });

  test('somebody else’s customer is handed on by a supervisor only', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    expect((await ben.act(house, id, 'transfer', { to: 'queue:returns' })).refused?.kind).toBe('notYours');
    const sue = new Agent(town, 'Sue Lund');
    await house.house.agents.admit({ ...sue.ref, roles: ['Chat.Supervisor'] });
    await sue.act(house, id, 'transfer', toBen());
    expect(await mia.session()).toMatchObject({ status: 'resuming', asked: ben.ref, from: sue.ref });
  });

  test('a place kept for a customer who is gone moves with them, and they come back to the new agent', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await leaves(mia);
    await anna.act(house, id, 'transfer', toBen());
    await until(() => ben.slots()).toEqual({ [id]: 'held' });
    await until(() => anna.slots()).toEqual({});
    await mia.says(house, 'back again');
    expect(await mia.session()).toMatchObject({ status: 'active', owner: ben.ref });
  });

  test('a link mailed before the transfer and the drop still leads back, now to the new agent', async () => {
    const mia = new Customer(town);
    await mia.beats(house, { widget: 'portal' });
    await mia.says(house, 'agent');
    const { id } = await mia.session();
    await anna.act(house, id, 'accept');
    const { link } = await house.house.desk.act(anna.ref, id, { id: 'mail', act: 'link' });
    await anna.act(house, id, 'transfer', toBen());
    await ben.act(house, id, 'accept');
    await leaves(mia);
    const clicked = await house.house.redemptions.redeem(
      { way: 'link', text: new URL(link?.url ?? '').hash.slice(1) },
      { from: '192.0.2.1', who: () => Promise.resolve({ devices: [] }) },
      {
        open: () => Promise.resolve({ token: 'dl', conversationId: 'by-mail', expires_in: 3600 }),
        admit: (_, conversation) => ({
          hash: `device of ${conversation}`,
          setCookie: 'cookie',
          pass: 'pass',
        }),
      },
    );
    expect(clicked.kind).toBe('back');
    expect(await mia.session()).toMatchObject({ status: 'active', owner: ben.ref });
  });

  test('from the card an agent chooses a colleague, who gets a card that says who asks and why', async () => {
    await anna.opensTeams(house);
    await ben.opensTeams(house);
    const mia = await talking(town, house, anna);
    const { id, epoch } = await mia.session();
    await step();
    expect(JSON.stringify(anna.cards())).toContain(`agent:${ben.ref.id}`);
    const filled = { 'transfer.to': `agent:${ben.ref.id}`, 'transfer.note': 'Knows the depot' };
    expect((await anna.presses(house, 'transfer', { sid: id, epoch, ...filled })).status).toBe(200);
    await until(() => JSON.stringify(ben.cards())).toContain('Anna asks you to take over');
    expect(JSON.stringify(ben.cards())).toContain('Knows the depot');
    const asked = await mia.session();
    await ben.presses(house, 'accept', { sid: id, epoch: asked.epoch });
    expect(await mia.session()).toMatchObject({ status: 'active', owner: ben.ref });
  });
});

describe('row 76: conference', () => {
  test('a colleague who was asked in reads everything, speaks by first name, and leaves alone', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await mia.says(house, 'The parcel is wet');
    const record = await house.house.desk.permitted(ben.ref);
    expect(house.house.desk.mayRead(record, await mia.session())).toBe(false);
    await anna.act(house, id, 'invite', { guest: ben.ref.id });
    expect(house.house.desk.mayRead(record, await mia.session())).toBe(true);
    expect(await mineOf(ben)).toEqual([id]);
    await ben.act(house, id, 'join');
    await ben.says(house, id, 'I can send a new one');
    await until(() => mia.sees().slice(-2)).toEqual(['Ben has joined this chat.', 'I can send a new one']);
    expect(await ben.slots()).toEqual({});
    expect(await mineOf(anna)).toEqual([id]);
    await ben.act(house, id, 'leave');
    expect(await mia.session()).toMatchObject({ status: 'active', owner: anna.ref });
    expect(await mineOf(ben)).toEqual([]);
    expect(house.house.desk.mayRead(record, await mia.session())).toBe(false);
    expect((await ben.act(house, id, 'message', { text: 'still here' })).refused?.kind).toBe('notYours');
  });

  test('B6: asking a colleague in resumes what is set aside, from the tab', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await anna.act(house, id, 'suspend');
    await anna.act(house, id, 'invite', { guest: ben.ref.id });
    expect((await mia.session()).status).toBe('active');
    expect((await mia.ledger()).slice(-2)).toEqual(['(resumed)', '(invited)']);
  });

  test('B6: asking a colleague in resumes what is set aside, from the card; they join from theirs', async () => {
    await anna.opensTeams(house);
    await ben.opensTeams(house);
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await anna.act(house, id, 'suspend');
    await step();
    const { epoch } = await mia.session();
    await anna.presses(house, 'invite', { sid: id, epoch, 'invite.guest': ben.ref.id });
    expect(await mia.session()).toMatchObject({ status: 'active', owner: anna.ref });
    await until(() => JSON.stringify(ben.cards())).toContain('Anna asks you into the chat');
    await ben.presses(house, 'join', { sid: id, epoch: (await mia.session()).epoch });
    await until(() => mia.sees()).toContain('Ben has joined this chat.');
    await until(() => JSON.stringify(ben.cards())).toContain('reconnect/leave');
  });

  test('a guest writes no message into what is set aside, but remarks on it', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await anna.act(house, id, 'invite', { guest: ben.ref.id });
    await ben.act(house, id, 'join');
    await anna.act(house, id, 'suspend');
    expect((await ben.says(house, id, 'hello?')).refused?.kind).toBe('notNow');
    expect((await ben.act(house, id, 'comment', { text: 'I asked the depot' })).refused).toBeUndefined();
    expect((await mia.session()).status).toBe('suspended');
    await anna.act(house, id, 'removeGuest', { guest: ben.ref.id });
    expect((await mia.session()).guests).toBeUndefined();
  });
});
