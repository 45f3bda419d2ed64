import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until, type Answer } from '../server/house.ts';
import { customerAt, rowIn, type Customer } from '../production/people.ts';
import { codeOf, openTown, stored, talking, type Town } from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

/** How a chat's agent reads it. */
const readBy = async (sid: string): Promise<Answer> => town.jonas.tab('GET', `/api/sessions/${sid}`);

describe('T11: a chat becomes an account’s only with both proofs in one request', () => {
  const identify = (conversation: string, asking: object): Promise<Answer> =>
    town.desk.ask('POST', '/api/identify', { conversation }, asking);

  test('who has signed in and names somebody’s conversation does not get it, with or without a device of their own', async () => {
    const talk = await talking(town);
    const eve = await customerAt(town.desk);
    const bearer = await town.tokenOf('eve');
    const pass = String(eve.opened.body['pass']);
    for (const proof of [{}, eve.asking, { headers: { 'x-reconnect-pass': pass } }]) {
      const answer = await identify(talk.customer.conversation, { ...proof, bearer });
      expect([answer.status, codeOf(answer)]).toEqual([403, 'not_permitted']);
    }
    expect((await readBy(talk.sid)).body['customer']).toMatchObject({ verified: false });
  });

  test('nor does who has the device and no token of the site, or one of somebody else’s making', async () => {
    const talk = await talking(town);
    const { asking, conversation } = talk.customer;
    const forged = `${(await town.tokenOf('eve')).slice(0, -8)}AAAAAAAA`;
    expect((await identify(conversation, asking)).status).toBe(401);
    expect((await identify(conversation, { ...asking, bearer: forged })).status).toBe(401);
    const bearer = await town.tokenOf('mia');
    expect((await identify(conversation, { ...asking, bearer })).status).toBe(200);
    expect((await readBy(talk.sid)).body['customer']).toMatchObject({ verified: true, name: 'mia' });
  });
});

describe('T12: who a customer is stands in the token that we had made, and nowhere else', () => {
  test('a page that asks for another’s is given its own', async () => {
    const { desk } = town;
    const victim = await customerAt(desk);
    const asked = {
      ...{ userId: victim.userId, user: { id: victim.userId }, id: victim.userId },
      conversation: victim.conversation,
    };
    const bearer = await town.tokenOf('yan');
    const given = await desk.ask('POST', '/api/directline/token', asked, { bearer });
    const again = await desk.ask('POST', '/api/directline/token', {}, { bearer });
    expect(given.body['userId']).toBe(again.body['userId']);
    expect(given.body['userId']).not.toBe(victim.userId);
    expect(given.body['conversationId']).not.toBe(victim.conversation);
    const users = desk.azure.tokenRequests.slice(-2).map(({ user }) => (user as { id: string }).id);
    expect(users).toEqual([given.body['userId'], given.body['userId']]);
  });

  test('another id in their conversation is another customer, who is shown nothing of theirs and says nothing there', async () => {
    const talk = await talking(town, { bearer: await town.tokenOf('nora') });
    await town.jonas.act(talk.sid, { act: 'message', text: 'Your PIN is 4711' });
    await until(() => talk.customer.reads().includes('4711'), 'she reads it');
    const [lines, shown] = [(await talk.told()).length, talk.customer.shown().length];
    const eve = await customerAt(town.desk);
    for (const activity of [
      { type: 'conversationUpdate', membersAdded: [{ id: eve.userId }] },
      { type: 'event', name: 'webchat/join' },
      { type: 'message', text: 'What was my PIN?' },
    ])
      await town.desk.from('directline', {
        from: { id: eve.userId, name: 'nora' },
        conversation: { id: talk.customer.conversation },
        ...activity,
      });
    await town.desk.settled();
    const since = JSON.stringify(talk.customer.shown().slice(shown));
    for (const secret of ['4711', 'Jonas', talk.sid]) expect(since).not.toContain(secret);
    expect(await talk.told()).toHaveLength(lines);
  });
});

test('T13: what an activity says of its sender changes nobody: name, role, tokens and e-mail are words', async () => {
  const { desk, jonas } = town;
  const talk = await talking(town);
  const { customer, sid } = talk;
  const before = (await readBy(sid)).body['customer'];
  await customer.say('I am Lea', {
    from: {
      ...{ id: customer.userId, name: 'Lea Moreau', role: 'agent' },
      ...{ aadObjectId: 'b3a0c6f2-5d1e-4a7b-8c11-000000000001', email: 'lea@contoso.com' },
    },
    value: { userId: 'lea', email: 'lea@contoso.com', reconnect: { role: 'Chat.Agent' } },
    channelData: { userId: 'lea', jwt: await town.tokenOf('lea'), role: 'Chat.Supervisor' },
    entities: [{ type: 'ClientInfo', aadObjectId: 'b3a0c6f2-5d1e-4a7b-8c11-000000000001' }],
  });
  const { body } = await readBy(sid);
  expect(body['customer']).toEqual(before);
  expect(body['customer']).toMatchObject({
    verified: false,
    name: expect.stringMatching(/^Visitor/u) as string,
  });
  const card = await until(() => JSON.stringify(jonas.cards().at(-1)?.activity), 'Jonas has a card');
  expect(card).toContain('Not verified');
  expect(card).not.toContain('Lea Moreau');
  expect(stored(desk)).not.toContain('lea@contoso.com');
});

describe('T17: what agents do, no customer does', () => {
  const verbs = ['accept', 'close', 'transfer', 'message', 'suspend', 'takeBack', 'revokeLinks'];
  const press = (verb: string, sid: string, epoch: number) => {
    const data = { sid, epoch, text: 'hello', to: 'queue:support', verb: `reconnect/${verb}` };
    return [
      {
        type: 'invoke',
        name: 'adaptiveCard/action',
        value: { action: { type: 'Action.Execute', verb: `reconnect/${verb}`, data } },
      },
      { type: 'message', value: data },
      { type: 'event', name: `reconnect/${verb}`, value: data },
    ];
  };

  test('through Direct Line, for a chat of their own or another’s, and the forgery is noted', async () => {
    const { desk } = town;
    const eve = await talking(town);
    const victim = await customerAt(desk);
    await victim.say('agent');
    const waiting = await rowIn(town.jonas, 'queue', victim);
    const headerOf = async (sid: string): Promise<unknown> => {
      const { body } = await readBy(sid);
      const { ver, epoch, status } = body['row'] as Record<string, unknown>;
      return { ver, epoch, status };
    };
    const before = [await headerOf(eve.sid), await headerOf(waiting)];
    for (const sid of [eve.sid, waiting]) {
      for (const verb of verbs) {
        for (const activity of press(verb, sid, 1))
          await desk.from('directline', {
            from: {
              id: eve.customer.userId,
              aadObjectId: 'b3a0c6f2-5d1e-4a7b-8c11-000000000001',
              role: 'agent',
            },
            conversation: { id: eve.customer.conversation },
            channelData: { tenant: { id: '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0002' } },
            ...activity,
          });
      }
    }
    expect([await headerOf(eve.sid), await headerOf(waiting)]).toEqual(before);
    expect(desk.logged()).toContain(`"event":"denied"`);
    const denied = desk
      .logged()
      .split('\n')
      .filter((line) => line.includes('"denied"') && line.includes('notFromTeams'));
    expect(denied).toHaveLength(2 * 3 * verbs.length);
    for (const line of denied) expect(line).toContain(eve.customer.userId);
  });

  test('over what the tab asks: neither with their cookie, nor with the site’s token, nor with their line’s', async () => {
    const { desk } = town;
    const eve: Customer = await customerAt(desk);
    const talk = await talking(town);
    const proofs = [
      eve.asking,
      { bearer: await town.tokenOf('eve') },
      { bearer: String(eve.opened.body['token']) },
    ];
    const before = desk.logged().split('"denied"').length;
    for (const proof of proofs) {
      const acted = await desk.ask(
        'POST',
        `/api/sessions/${talk.sid}/acts`,
        { id: 'x', act: 'close' },
        proof,
      );
      const read = await desk.ask('GET', `/api/sessions/${talk.sid}`, undefined, proof);
      expect([acted.status, read.status]).toEqual([401, 401]);
    }
    expect(desk.logged().split('"denied"').length - before).toBe(2 * proofs.length);
    expect((await readBy(talk.sid)).body['row']).toMatchObject({ status: 'active' });
  });
});
