import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directLineAttachments } from '../../src/adapters/directline/attachments.ts';
import type { Entry } from '../../src/session/ledger.ts';
import { openFiles, type TestFiles } from '../store/blobs.ts';
import { openFileChannel, type FileChannel } from './file-channel.ts';
import { PDF, PNG } from './files.ts';
import { HOUR, MINUTE, openTown, passes, SETTINGS, soon, until, type TestHouse, type Town } from './house.ts';
import { Agent, post, talking, type Customer } from './people.ts';
import { withAgent } from './returning.ts';

const settings = {
  ...SETTINGS,
  widgets: {
    ...SETTINGS.widgets,
    small: {
      title: 'Small',
      workStream: 'support',
      promptAudience: 'anyone',
      files: { maxSize: '1 KB', types: ['png', 'txt'] },
    },
  },
};

let town: Town;
let house: TestHouse;
let other: TestHouse;
let store: TestFiles;
let drive: FileChannel;
let elsewhere: FileChannel;
beforeAll(async () => {
  [town, store, drive, elsewhere] = await Promise.all([
    openTown(),
    openFiles(),
    openFileChannel(),
    openFileChannel(),
  ]);
  const files = {
    store: store.files,
    fetch: directLineAttachments([drive.place]),
    servedAt: 'https://chat.example.com',
    dropsFrom: [drive.place],
  };
  [house, other] = [await town.open({ settings, files }), await town.open({ settings, files })];
});
afterAll(async () => {
  await town.close();
  await Promise.all([store.close(), drive.close(), elsewhere.close()]);
});

let made = 0;
/** An agent with one customer, or two, whom their lists show. */
async function desk(
  ...names: readonly string[]
): Promise<{ readonly anna: Agent; readonly all: Customer[] }> {
  made += 1;
  const anna = await new Agent(town, `Anna Bell ${made}`).signsIn(house);
  const all: Customer[] = [];
  for (const name of names) all.push(await talking(town, house, anna, name));
  await passes(town.clock, async () => {
    const { rows } = await town.store.stores.inbox.page(`agent:${anna.ref.id}`, 'mine', 50);
    return rows.length === names.length;
  });
  return { anna, all };
}
const dropped = (name: string, downloadUrl: unknown) => ({
  contentType: 'application/vnd.microsoft.teams.file.download.info',
  contentUrl: `https://contoso-my.sharepoint.com/personal/anna/Documents/${name}`,
  name,
  content: { downloadUrl, uniqueId: 'one', fileType: name.split('.').at(-1) },
});
const movedTo = (address: string): string =>
  drive.answers((response) => {
    response.writeHead(302, { location: address });
    response.end();
  });
/** What the bot answered to the last line of an agent, as JSON; cards of chats come into the same place at any time. */
const answer = (anna: Agent): string =>
  JSON.stringify(
    town.connector.sent.findLast(
      ({ conversation, activity }) =>
        conversation === anna.chat && activity['replyToId'] !== undefined && activity['replyToId'] !== '',
    )?.activity,
  );
async function drops(anna: Agent, attachments: readonly unknown[], text = ''): Promise<string> {
  const line = anna.activity({ text, attachments });
  expect(await post(house, line)).toBe(200);
  expect(JSON.parse(answer(anna))).toMatchObject({ replyToId: line['id'] });
  return answer(anna);
}
/** What the buttons *Send to …* carry, by customer. */
const choice = (card: string, customer: Customer): Record<string, unknown> => {
  const all = [
    ...card.matchAll(
      /"verb":"reconnect\/sendTo","data":(\{"sid".*?"line":"[^"]*"(?:,"files":\{[^}]*\})?\})/gu,
    ),
  ];
  const found = all
    .map(([, data = '']) => JSON.parse(data) as Record<string, unknown>)
    .find(({ sid }) => String(sid).startsWith(customer.id));
  if (found === undefined) throw new Error(`This customer is not on the card: ${card}`);
  return found;
};
const filesOf = async (customer: Customer): Promise<readonly unknown[]> =>
  (await town.store.stores.sessions.entries((await customer.session()).id, {})).flatMap(({ what }: Entry) =>
    what.kind === 'message' ? (what.files ?? []) : [],
  );

describe('row 79: a file that an agent drops into their chat with the bot', () => {
  test('waits with its line, and goes to whom is chosen, once, and to nobody else', async () => {
    const { anna, all } = await desk('mia', 'ben');
    const [mia, ben] = all as [Customer, Customer];
    const card = await drops(anna, [dropped('label.pdf', drive.holds(PDF))], 'Your label');
    expect(card).toMatch(/label\.pdf.*Kept for you until/u);
    expect([...(await filesOf(mia)), ...(await filesOf(ben))]).toEqual([]);
    const data = { ...choice(card, mia), text: 'Your label' };
    const answers = await Promise.all([house, other, house].map((one) => anna.presses(one, 'sendTo', data)));
    expect(
      answers.map(({ body }) => JSON.stringify(body)).filter((one) => /"Sent to/u.test(one)),
    ).toHaveLength(1);
    await anna.presses(house, 'sendTo', { ...choice(card, ben), text: 'Your label' });
    expect(await filesOf(mia)).toMatchObject([
      { name: 'label.pdf', type: 'application/pdf', size: PDF.length },
    ]);
    expect(await filesOf(ben)).toEqual([]);
    expect((await mia.ledger()).filter((line) => line === 'agent: Your label')).toHaveLength(1);
    await until(() => JSON.stringify(mia.sent())).toContain('label.pdf');
    expect(await store.files.removeAll(mia.id)).toBe(1);
    expect(await store.files.removeAll(ben.id)).toBe(0);
  });

  test('is enough by itself, and a picture that is pasted is fetched with the bot’s own client', async () => {
    const { anna, all } = await desk('mia');
    const [mia] = all as [Customer];
    town.connector.holds('pasted-1', PNG);
    const url = `${town.connector.url}/v3/attachments/pasted-1/views/original`;
    const card = await drops(anna, [{ contentType: 'image/*', contentUrl: url }]);
    await anna.presses(house, 'sendTo', choice(card, mia));
    expect(await filesOf(mia)).toMatchObject([{ name: 'image.png', type: 'image/png' }]);
  });

  test('is followed within the drive', async () => {
    const { anna, all } = await desk('mia');
    const card = await drops(anna, [dropped('label.pdf', movedTo(drive.holds(PDF)))]);
    await anna.presses(house, 'sendTo', choice(card, all[0] as Customer));
    expect(await filesOf(all[0] as Customer)).toMatchObject([{ name: 'label.pdf' }]);
  });

  test('B5: resumes a suspended chat, like one sent from the tab', async () => {
    const { anna, all } = await desk('mia');
    const [mia] = all as [Customer];
    const card = await drops(anna, [dropped('label.pdf', drive.holds(PDF))]);
    await anna.act(house, (await mia.session()).id, 'suspend');
    const { epoch } = await mia.session();
    await anna.presses(house, 'sendTo', { ...choice(card, mia), epoch });
    expect((await mia.session()).status).toBe('active');
  });

  test('that this chat does not take is named, and what was written goes through', async () => {
    const { anna } = await desk();
    const mia = await talking(town, house, anna, 'mia');
    const ben = await withAgent(town, house, anna, { widget: 'small' });
    await passes(town.clock, async () => {
      const { rows } = await town.store.stores.inbox.page(`agent:${anna.ref.id}`, 'mine', 50);
      return rows.length === 2;
    });
    const card = await drops(anna, [dropped('label.pdf', drive.holds(PDF))], 'Your label');
    const { body } = await anna.presses(house, 'sendTo', { ...choice(card, ben), text: 'Your label' });
    expect(JSON.stringify(body)).toMatch(/Sent to.*Files like “label.*pdf” cannot be sent here/u);
    expect(await ben.ledger()).toContain('agent: Your label');
    expect([...(await filesOf(mia)), ...(await filesOf(ben))]).toEqual([]);
  });

  test.each([
    ['at another host', () => elsewhere.holds(PNG), /did not reach us/u],
    ['that sends us elsewhere', () => movedTo(elsewhere.holds(PNG)), /did not reach us/u],
    ['with an address that is none', () => 'file:///etc/passwd', /did not reach us/u],
    ['that is too large', () => drive.holds(Buffer.alloc(10 * 1024 * 1024 + 1, 'x')), /too large/u],
    [
      'that is a page by its bytes',
      () => drive.holds(Buffer.from('<html><script>1</script>')),
      /not what its name says/u,
    ],
    ['that is gone', () => `${drive.place}gone`, /did not reach us/u],
  ])('%s changes nothing, and is named', async (_, address, why) => {
    const { anna, all } = await desk('mia');
    const [mia] = all as [Customer];
    const { seq } = await mia.header();
    const card = await drops(anna, [dropped('photo.png', address())], 'Look');
    expect(card).toMatch(why);
    expect(card).toMatch(/photo/u);
    expect(card).not.toContain('"files":{');
    expect(elsewhere.asked).toEqual([]);
    expect((await mia.header()).seq).toBe(seq);
    await drops(anna, [dropped('photo.png', address())]);
    expect(answer(anna)).toMatch(why);
    expect(answer(anna)).not.toContain('AdaptiveCard');
  });

  test('T28: at another connector is not asked for with our token', async () => {
    const { anna } = await desk('mia');
    const url = elsewhere.holds(PNG).replace('/files/', '/v3/attachments/');
    expect(await drops(anna, [{ contentType: 'image/png', contentUrl: `${url}/views/original` }])).toMatch(
      /did not reach us/u,
    );
    expect(elsewhere.asked).toEqual([]);
  });

  test('T28: that the connector sends us elsewhere for is not followed there', async () => {
    const { anna } = await desk('mia');
    town.connector.holds('moved', elsewhere.holds(PNG));
    const url = `${town.connector.url}/v3/attachments/moved/views/original`;
    expect(await drops(anna, [{ contentType: 'image/png', contentUrl: url }])).toMatch(/did not reach us/u);
    expect(elsewhere.asked).toEqual([]);
  });

  test('that never comes holds up nothing but itself', async () => {
    const { anna, all } = await desk('mia');
    const [mia] = all as [Customer];
    const silent = dropped(
      'slow.png',
      drive.answers(() => undefined),
    );
    const good = dropped('label.pdf', drive.holds(PDF));
    const card = await soon(drops(anna, [silent, good]), town.clock);
    expect(card).toMatch(/slow.*did not reach us/u);
    await anna.presses(house, 'sendTo', choice(card, mia));
    expect(await filesOf(mia)).toMatchObject([{ name: 'label.pdf' }]);
  });

  test('is found by nobody else, whatever their button carries', async () => {
    const { anna } = await desk('mia');
    const { anna: eve, all } = await desk('ben');
    const [ben] = all as [Customer];
    const card = await drops(anna, [dropped('label.pdf', drive.holds(PDF))]);
    const own = await drops(eve, [dropped('own.pdf', drive.holds(PDF))]);
    const [, files = ''] = /("files":\{[^}]*\})/u.exec(card) ?? [];
    const [, line = ''] = /("line":"[^"]*")/u.exec(card) ?? [];
    const forged = { ...choice(own, ben), ...(JSON.parse(`{${files},${line}}`) as object) };
    const { body } = await eve.presses(house, 'sendTo', forged);
    expect(JSON.stringify(body)).toMatch(/no longer kept here/u);
    expect(await filesOf(ben)).toEqual([]);
  });

  test('is not laid down with a customer who is another agent’s', async () => {
    const { all } = await desk('mia');
    const [mia] = all as [Customer];
    const { anna: eve, all: hers } = await desk('ben');
    const card = await drops(eve, [dropped('label.pdf', drive.holds(PDF))]);
    const { session } = await mia.header();
    const forged = { ...choice(card, (hers as [Customer])[0]), sid: session.id, epoch: session.epoch };
    await eve.presses(house, 'sendTo', forged);
    expect(await filesOf(mia)).toEqual([]);
    expect(await store.files.removeAll(mia.id)).toBe(0);
  });

  test('that is never sent is forgotten, and what was written with it is not', async () => {
    const { anna, all } = await desk('mia');
    const [mia] = all as [Customer];
    const card = await drops(anna, [dropped('label.pdf', drive.holds(PDF))], 'Your label');
    expect((await store.names()).some((name) => name.startsWith('held/'))).toBe(true);
    town.clock.advance(HOUR);
    await passes(
      town.clock,
      async () => !(await store.names()).some((name) => name.startsWith('held/')),
      MINUTE,
      HOUR,
    );
    const { body } = await anna.presses(house, 'sendTo', { ...choice(card, mia), text: 'Your label' });
    expect(JSON.stringify(body)).toMatch(/no longer kept here.*"value":"Your label"/u);
    expect(JSON.stringify(body)).not.toContain('"files":{');
    expect(await mia.ledger()).not.toContain('agent: Your label');
  });

  test('of an agent without a chat is not fetched at all, and is named', async () => {
    const { anna } = await desk();
    const asked = drive.asked.length;
    expect(await drops(anna, [dropped('label.pdf', drive.holds(PDF))])).toMatch(/Not kept: label\.pdf/u);
    expect(drive.asked).toHaveLength(asked);
  });
});
