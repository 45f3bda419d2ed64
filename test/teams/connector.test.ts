import { type Activity, type ConversationReference, TeamsInfo, type TurnContext } from 'botbuilder';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, cardMessage, chatOf, type Office, offerCard, openOffice, people, tenantId } from './office.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice({
    onMessage: (context) => context.sendActivity(`You said ${context.activity.text}`),
  });
  await ask(office, '/local/teams/chats/1/open', {});
});
afterEach(() => office.close());

const proactively = (
  reference: Partial<ConversationReference>,
  act: (context: TurnContext) => Promise<unknown>,
) =>
  office.adapter.continueConversationAsync('', reference, async (context) => {
    await act(context);
  });

test('an agent who opens the chat has the bot installed once, with the activities Teams sends', async () => {
  await ask(office, '/local/teams/chats/1/open', {});

  expect(office.heard.map(({ type }) => type)).toEqual(['conversationUpdate', 'installationUpdate']);
  expect(office.heard[0]).toMatchObject({
    channelId: 'msteams',
    serviceUrl: office.serviceUrl,
    from: { aadObjectId: people[0].oid, name: people[0].name },
    conversation: { conversationType: 'personal', tenantId },
    channelData: { tenant: { id: tenantId } },
  });
  expect(office.heard[0]?.membersAdded?.[0]?.id).toBe(office.heard[0]?.recipient.id);
});

test('an agent who writes to the bot is answered in the same chat', async () => {
  await ask(office, '/local/teams/chats/1/messages', { text: 'hello' });

  const { activities } = await chatOf(office, 1);
  expect(activities.map(({ text }) => text)).toEqual(['hello', 'You said hello']);
});

test('a bot sends, edits and takes back a message on its own', async () => {
  let id = '';
  await proactively(office.referenceTo(1), async (context) => {
    id = (await context.sendActivity(cardMessage(offerCard())))?.id ?? '';
    await context.sendActivity('second');
    await context.updateActivity({ ...cardMessage(offerCard('Taken')), id });
  });
  expect((await chatOf(office, 1)).activities[0]).toMatchObject({
    id,
    attachments: [{ content: { body: [{ text: 'Taken' }, {}, {}] } }],
  });

  await proactively(office.referenceTo(1), (context) => context.deleteActivity(id));
  const chat = await chatOf(office, 1);
  expect(chat.activities.map(({ text }) => text)).toEqual(['second']);
  expect(chat.writes).toEqual({ send: 2, update: 1, delete: 1 });
});

test('a bot keeps its own channel data on what it sends', async () => {
  await proactively(office.referenceTo(1), (context) =>
    context.sendActivity({ type: 'message', text: 'x', channelData: { seq: 7 } }),
  );

  expect((await chatOf(office, 1)).activities[0]?.channelData).toMatchObject({
    seq: 7,
    tenant: { id: tenantId },
  });
});

test('a bot starts a chat with somebody who never opened it', async () => {
  const parameters = {
    isGroup: false,
    members: [{ id: people[1].oid, name: '' }],
    tenantId,
    bot: { id: '28:bot', name: '' },
    activity: undefined as never,
    channelData: {},
  };
  await office.adapter.createConversationAsync(
    '',
    'msteams',
    office.serviceUrl,
    '',
    parameters,
    async (context) => {
      await context.sendActivity('Hello Ines');
    },
  );

  expect((await chatOf(office, 2)).activities.map(({ text }) => text)).toEqual(['Hello Ines']);
});

test('a bot starts a thread in a channel and writes on in it', async () => {
  const channel = '19:local-support-handoffs@thread.tacv2';
  const { status, body } = await ask(office, '/local/connector/teams/v3/conversations', {
    isGroup: true,
    channelData: { channel: { id: channel } },
    activity: { type: 'message', text: 'root' },
  });
  expect(status).toBe(201);
  const { id } = body as { id: string };
  expect(id).toMatch(/^19:.*;messageid=\d+$/);

  await proactively({ ...office.referenceTo(1), conversation: { id } as never }, (context) =>
    context.sendActivity('more'),
  );
  const { conversations } = (await ask(office, '/local/teams')).body as {
    conversations: { id: string; activities: Activity[] }[];
  };
  expect(conversations.find((one) => one.id === id)?.activities.map(({ text }) => text)).toEqual([
    'root',
    'more',
  ]);
});

test('a bot learns who is in a chat, in pages and one by one', async () => {
  await proactively(office.referenceTo(1), async (context) => {
    const paged = await TeamsInfo.getPagedMembers(context, 1);
    expect(paged.members).toHaveLength(1);
    const member = await TeamsInfo.getMember(context, paged.members[0]?.id ?? '');
    expect(member).toMatchObject({ aadObjectId: people[0].oid, email: people[0].upn, surname: 'Brandt' });
  });
});

test('a bot learns about the team, its channels and its members', async () => {
  await proactively(office.referenceTo(1), async (context) => {
    const team = '19:local-support-general@thread.tacv2';
    expect(await TeamsInfo.getTeamDetails(context, team)).toMatchObject({ name: 'Support' });
    expect((await TeamsInfo.getTeamChannels(context, team)).map(({ name }) => name)).toEqual([
      'General',
      'Handoffs',
    ]);
    const first = await TeamsInfo.getPagedTeamMembers(context, team, 2);
    const rest = await TeamsInfo.getPagedTeamMembers(context, team, 2, first.continuationToken);
    expect([...first.members, ...rest.members].map(({ name }) => name)).toEqual(
      people.map(({ name }) => name),
    );
  });
});

test('a bot that uploads a file gets it back, as a download only', async () => {
  const chat = (await chatOf(office, 1)).id;
  const at = '/local/connector/teams/v3';
  const file = { name: 'a.html', type: 'text/html', originalBase64: Buffer.from('<b>').toString('base64') };
  const { body } = await ask(office, `${at}/conversations/${encodeURIComponent(chat)}/attachments`, file);

  const { id } = body as { id: string };
  expect((await ask(office, `${at}/attachments/${id}`)).body).toMatchObject({
    name: 'a.html',
    type: 'text/html',
  });
  const view = await fetch(`${office.origin}${at}/attachments/${id}/views/original`);
  expect([await view.text(), view.headers.get('content-type')]).toEqual(['<b>', 'application/octet-stream']);
});
