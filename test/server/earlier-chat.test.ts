import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Opening } from '../../src/handoff/step.ts';
import { agentRoutes } from '../../src/server/agent-routes.ts';
import { createServer } from '../../src/server/server.ts';
import type { SessionId } from '../../src/session/ids.ts';
import { readConversationId, readCustomerId, sessionIdOf, type CustomerId } from '../../src/session/ids.ts';
import type { Subject } from '../../src/session/session.ts';
import { openTown, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent } from '../handoff/people.ts';
import { ask, type Answer } from './house.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let ben: Agent;
let origin: string;
let closeDoors: () => void;
beforeEach(async () => {
  town = await openTown();
  house = await town.open({ running: false });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  ben = await new Agent(town, 'Ben Ode').signsIn(house);
  // Who calls is told by the bearer alone: the tokens themselves have tests of their own.
  const server = createServer(() => undefined);
  agentRoutes(server, {
    house: house.house,
    identities: (req) => {
      const agent = req.header('authorization').endsWith(anna.ref.id) ? anna : ben;
      return Promise.resolve({ ...agent.ref, roles: ['Chat.Agent'] });
    },
    streams: ['support'],
    log: () => undefined,
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  closeDoors = () => {
    server.server.closeAllConnections();
    server.close();
  };
});
afterEach(async () => {
  closeDoors();
  await town.close();
});

const reads = (agent: Agent, path: string): Promise<Answer> =>
  ask(origin, 'GET', `/api/sessions/${path}`, undefined, { bearer: agent.ref.id });
const account = customer('account');
const device = customer('device');
const lea = { kind: 'signedIn', issuer: 'https://www.example.com', name: 'Lea Moreau' } as const;
const anonymous = { kind: 'anonymous' } as const;

function customer(name: string): CustomerId {
  const id = readCustomerId(`dl_${name.padEnd(22, '0')}`);
  if (id === undefined) throw new TypeError(name);
  return id;
}

/** A session in which something was said; taken by an agent. */
async function aChat(of: CustomerId, agent: Agent, subject: Subject, text: string, widget = 'support') {
  const sid = sessionIdOf(of, `chat${text.length}${text.slice(0, 4).replace(/\W/gu, 'x')}`.padEnd(10, '0'));
  const conversation = readConversationId(`thread-${sid}`);
  if (conversation === undefined) throw new TypeError(sid);
  const opening: Opening = {
    ...{ widget, stream: 'support', subject },
    reference: {
      ...{ channel: 'directline', serviceUrl: town.connector.url, conversation },
      bot: { id: 'bot' },
      user: { id: of },
    },
  };
  await house.house.sessions.ask(sid, {
    actor: 'bot',
    command: () => ({ type: 'handoff' }),
    say: [{ by: { kind: 'customer' }, what: { kind: 'message', text } }],
    opening,
  });
  await agent.act(house, sid, 'accept');
  return sid;
}
const goesOn = (newer: SessionId, earlier: SessionId) =>
  house.house.sessions.ask(newer, { actor: 'customer', command: () => ({ type: 'continues', earlier }) });

test('an agent reads the earlier chat their customer lets them see, by way of the one they have', async () => {
  const earlier = await aChat(device, anna, anonymous, 'my parcel is lost');
  const newer = await aChat(device, ben, anonymous, 'it is me');
  expect((await reads(ben, `${earlier}?via=${newer}`)).status).toBe(404);
  await goesOn(newer, earlier);
  const read = await reads(ben, `${earlier}?via=${newer}`);
  expect(read.status).toBe(200);
  expect(read.text).toContain('my parcel is lost');
  const lines = await reads(ben, `${earlier}/lines?before=3&via=${newer}`);
  expect([lines.status, lines.text]).toEqual([200, expect.stringContaining('my parcel is lost')]);
});

test('the earlier chat is only to be read, and only by way of the chat that goes on from it', async () => {
  const earlier = await aChat(device, anna, anonymous, 'my parcel is lost');
  const newer = await aChat(device, ben, anonymous, 'it is me');
  await goesOn(newer, earlier);
  for (const path of [
    earlier,
    `${earlier}?via=${earlier}`,
    `${earlier}?via=nonsense`,
    `${earlier}?via=&via=${newer}`,
  ]) {
    expect((await reads(ben, path)).status, path).toBe(404);
  }
  for (const act of ['message', 'close', 'suspend', 'resume', 'link', 'revokeLinks']) {
    const answer = await ask(
      origin,
      'POST',
      `/api/sessions/${earlier}/acts?via=${newer}`,
      { id: act, act, text: 'hello' },
      { bearer: ben.ref.id },
    );
    expect(answer.status, act).toBe(409);
  }
  const link = await ask(
    origin,
    'POST',
    `/api/sessions/${earlier}/link?via=${newer}`,
    {},
    { bearer: ben.ref.id },
  );
  expect(link.status).toBe(409);
});

test('an agent who may not read the newer chat does not read the earlier one by way of it', async () => {
  const earlier = await aChat(device, anna, anonymous, 'my parcel is lost');
  const newer = await aChat(device, anna, anonymous, 'it is me');
  await goesOn(newer, earlier);
  expect((await reads(ben, `${earlier}?via=${newer}`)).status).toBe(404);
  expect((await reads(anna, `${earlier}?via=${newer}`)).status).toBe(200);
});

test('a chat that names a stranger’s as its earlier one opens nothing of it', async () => {
  const strangers = await aChat(customer('stranger'), anna, anonymous, 'my secret');
  const newer = await aChat(device, ben, anonymous, 'it is me');
  await goesOn(newer, strangers);
  const read = await reads(ben, `${strangers}?via=${newer}`);
  expect([read.status, read.text.includes('secret')]).toEqual([404, false]);
});

test('chats of an account and of the devices it has taken along are one customer’s', async () => {
  const onDevice = await aChat(device, anna, { ...lea, account }, 'on the phone');
  const inAccount = await aChat(account, ben, lea, 'at the desk');
  await goesOn(inAccount, onDevice);
  expect((await reads(ben, `${onDevice}?via=${inAccount}`)).status, 'not taken along').toBe(404);
  await house.house.sessions.reindex(account, (index) => ({ ...index, aliases: [device] }));
  expect((await reads(ben, `${onDevice}?via=${inAccount}`)).status).toBe(200);
  const later = await aChat(device, ben, { ...lea, account }, 'on the phone again');
  const before = await aChat(account, anna, lea, 'long ago, at the desk');
  await goesOn(later, before);
  expect((await reads(ben, `${before}?via=${later}`)).status).toBe(200);
});

test('what a session’s widget makes possible is told with it: links, coming back, preview', async () => {
  const plain = await aChat(device, anna, anonymous, 'plain');
  const portal = await aChat(device, anna, anonymous, 'with a portal', 'portal');
  const off = await aChat(device, anna, anonymous, 'switched off', 'off');
  const told = async (sid: SessionId) => (await reads(anna, sid)).body;
  expect(await told(plain)).toMatchObject({
    canLink: false,
    enabled: true,
    preview: false,
  });
  expect(await told(portal)).toMatchObject({ canLink: true, enabled: true });
  expect(await told(off)).toMatchObject({ canLink: false, enabled: false });
});

test('row 86: in a preview an agent who is not listed is told that nobody comes back; one who is listed, that they do', async () => {
  const listed = await aChat(device, anna, anonymous, 'listed', 'preview');
  const other = await aChat(device, ben, anonymous, 'not listed', 'preview');
  expect((await reads(anna, listed)).body).toMatchObject({ preview: true, enabled: true, canLink: true });
  expect((await reads(ben, other)).body).toMatchObject({ preview: true, enabled: false, canLink: false });
});

test('row 17: an agent reads a chat, and is refused in it, in its widget’s own words', async () => {
  const plain = await aChat(device, anna, anonymous, 'plain');
  const worded = await aChat(device, anna, anonymous, 'with words', 'worded');
  expect((await reads(anna, plain)).text).toContain('Anna has taken this chat.');
  const own = 'Anna has picked it up.';
  expect((await reads(anna, worded)).text).toContain(own);
  expect((await reads(anna, `${worded}/lines?before=9`)).text).toContain(own);
  const act = { id: 'a', act: 'resume' };
  const no = await ask(origin, 'POST', `/api/sessions/${worded}/acts`, act, { bearer: anna.ref.id });
  expect(no.body).toMatchObject({ error: { message: 'It is running already.' } });
});

test('A7, N9: an agent copies a fresh link and code without an act, and nobody else can', async () => {
  const sid = await aChat(device, anna, anonymous, 'with a portal', 'portal');
  await anna.act(house, sid, 'suspend');
  const ver = (await house.house.sessions.fresh(sid))?.session.ver;
  const copy = (agent: Agent, of = sid) =>
    ask(origin, 'POST', `/api/sessions/${of}/link`, {}, { bearer: agent.ref.id });
  const [first, second] = [await copy(anna), await copy(anna)];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(first.body['link']).toMatchObject({
    url: expect.stringMatching(/^https:\/\/www\.example\.com\/support#rt1_/u) as string,
    code: expect.stringMatching(/^\S+ \S+ \S+$/u) as string,
    until: expect.any(Number) as number,
  });
  expect(first.body['link']).not.toEqual(second.body['link']);
  expect((await house.house.sessions.fresh(sid))?.session).toMatchObject({ status: 'suspended', ver });
  expect((await copy(ben)).status).toBe(404);
  await house.house.sessions.ask(sid, {
    actor: 'customer',
    command: ({ conversation }) => ({
      ...{ type: 'reconnect', way: 'prompt', want: 'anyone', agentHere: true, conversation },
    }),
  });
  await ben.act(house, sid, 'accept');
  expect((await reads(anna, sid)).status, 'it was hers').toBe(200);
  expect(await copy(anna)).toMatchObject({ status: 409, body: { error: { code: 'notYours' } } });
  const plain = await aChat(device, anna, anonymous, 'plain');
  expect(await copy(anna, plain)).toMatchObject({ status: 409, body: { error: { code: 'no_portal' } } });
  await ben.act(house, sid, 'close');
  expect(await copy(ben)).toMatchObject({ status: 409, body: { error: { code: 'over' } } });
});

test('A7: what an act gives comes with its answer; suspending with a link is one act', async () => {
  const sid = await aChat(device, anna, anonymous, 'with a portal', 'portal');
  const act = (body: object) =>
    ask(origin, 'POST', `/api/sessions/${sid}/acts`, body, { bearer: anna.ref.id });
  const given = await act({ id: 'a', act: 'link' });
  expect(given.body['link']).toMatchObject({ lastsMs: 1_200_000 });
  expect(JSON.stringify(given.body['lines'])).not.toMatch(/rt1_|seed/u);
  expect((await act({ id: 'a', act: 'link' })).body['link'], 'repeated').toEqual(given.body['link']);
  const kept = await act({ id: 'b', act: 'suspend', link: true, backBy: town.clock.now() + 3_600_000 });
  expect(kept.body).toMatchObject({
    row: { status: 'suspended' },
    link: { until: expect.any(Number) as number },
  });
  const revoked = await act({ id: 'c', act: 'revokeLinks' });
  expect([revoked.status, revoked.body['link'], (revoked.body['row'] as { status: string }).status]).toEqual([
    200,
    undefined,
    'suspended',
  ]);
});
