import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directLineAttachments } from '../../src/adapters/directline/attachments.ts';
import type { Entry, Message } from '../../src/session/ledger.ts';
import { openFiles, type TestFiles } from '../store/blobs.ts';
import { openFileChannel, type FileChannel } from './file-channel.ts';
import { PDF, PNG, WINDOWS_PROGRAM } from './files.ts';
import { openTown, SETTINGS, soon, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';
import { drops, opens, withAgent } from './returning.ts';

const settings = {
  ...SETTINGS,
  widgets: {
    ...SETTINGS.widgets,
    nofiles: { title: 'None', workStream: 'support', promptAudience: 'anyone', files: { enabled: false } },
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
let store: TestFiles;
let channel: FileChannel;
let jonas: Agent;
beforeAll(async () => {
  [town, store, channel] = await Promise.all([openTown(), openFiles(), openFileChannel()]);
  house = await town.open({
    settings,
    files: {
      store: store.files,
      fetch: directLineAttachments([channel.place]),
      servedAt: 'https://chat.example.com',
    },
  });
  jonas = await new Agent(town, 'Jonas Weber').signsIn(house, 100);
});
afterAll(async () => {
  await town.close();
  await store.close();
  await channel.close();
});

/** They send files that the channel holds, and perhaps words with them. */
const sends = (customer: Customer, sent: Readonly<Record<string, string>>, text = '', more = {}) =>
  customer.says(house, text, {
    attachments: Object.entries(sent).map(([name, contentUrl]) => ({
      contentType: 'image/png',
      contentUrl,
      name,
    })),
    ...more,
  });
const entries = async (customer: Customer): Promise<readonly Entry[]> =>
  town.store.stores.sessions.entries((await customer.session()).id, {});
const said = async (customer: Customer): Promise<readonly Message[]> =>
  (await entries(customer)).flatMap(({ by, what }) =>
    by.kind === 'customer' && what.kind === 'message' ? [what] : [],
  );
const lastSaid = async (customer: Customer) => (await said(customer)).at(-1);
const bytesOf = async (customer: Customer, audience: 'customer' | 'agent' = 'agent') => {
  const all = await entries(customer);
  const last = all.findLast(({ what }) => what.kind === 'message' && what.files !== undefined);
  const read = last && (await house.house.files?.read({ sid: last.sid, seq: last.seq, place: 0 }, audience));
  return read && Buffer.from(read.bytes);
};

describe('row 79: a customer’s file', () => {
  test('is taken over before the channel forgets it, and the ledger names ours', async () => {
    const mia = await withAgent(town, house, jonas);
    await sends(mia, { 'label.png': channel.holds(PNG) }, 'Here it is');
    expect(await lastSaid(mia)).toMatchObject({
      text: 'Here it is',
      files: [{ name: 'label.png', type: 'image/png', size: PNG.length }],
    });
    expect(JSON.stringify(await entries(mia))).not.toContain(channel.place);
    expect(await bytesOf(mia)).toEqual(PNG);
    expect((await mia.header()).lastLine?.text).toBe('Here it is');
  });

  test('is kept from the bot’s part of the chat too', async () => {
    const mia = new Customer(town);
    await sends(mia, { 'label.png': channel.holds(PNG) });
    expect((await mia.header()).session.status).toBe('bot');
    expect(await bytesOf(mia)).toEqual(PNG);
  });

  test('without words is called by its name in the agents’ lists', async () => {
    const mia = await withAgent(town, house, jonas);
    await sends(mia, { 'label.png': channel.holds(PNG) });
    expect((await mia.header()).lastLine?.text).toBe('label.png');
  });

  test('sent again by the channel is kept and said once', async () => {
    const mia = await withAgent(town, house, jonas);
    const again = { id: 'the-same', channelData: { clientActivityID: `client-${mia.id}` } };
    const sent = { 'label.png': channel.holds(PNG) };
    await sends(mia, sent, '', again);
    await sends(mia, sent, '', { ...again, id: 'another-id' });
    expect(await said(mia)).toHaveLength(2);
    expect(await store.files.removeAll(mia.id)).toBe(1);
  });

  test.each([
    [
      'a program called a picture',
      'invoice.png',
      WINDOWS_PROGRAM,
      /“invoice.png” was not passed on: what is in it/u,
    ],
    ['of a type that is not listed', 'paper.pdf', PDF, /Files like “paper.pdf” cannot.*\.png, \.txt\./u],
    ['too large', 'long.txt', Buffer.alloc(1_025, 'x'), /too large.* 1 kB\./u],
    ['empty', 'nothing.txt', Buffer.alloc(0), /is empty/u],
  ])(
    'that is %s is refused by name and reason, and the words beside it are not lost',
    async (_, name, bytes, why) => {
      const mia = await withAgent(town, house, jonas, { widget: 'small' });
      expect(await sends(mia, { [name]: channel.holds(bytes), 'ok.png': channel.holds(PNG) }, 'Look')).toBe(
        200,
      );
      expect(await lastSaid(mia)).toMatchObject({ text: 'Look', files: [{ name: 'ok.png' }] });
      await until(() => mia.sees().some((text) => why.test(text))).toBe(true);
    },
  );

  test('that is refused and came without words leaves a notice for both, and no empty line', async () => {
    const mia = await withAgent(town, house, jonas, { widget: 'nofiles' });
    await sends(mia, { 'label.png': channel.holds(PNG) });
    expect((await mia.ledger()).at(-1)).toBe('(fileRefused)');
    await until(() => mia.sees().some((text) => text.startsWith('Files cannot be sent'))).toBe(true);
  });

  test('T28: is fetched from the channel’s own place and from nowhere else', async () => {
    const mia = await withAgent(town, house, jonas);
    const elsewhere = await openFileChannel();
    const secret = elsewhere.holds(PNG);
    const onItsHost = channel.place.replace('/files/', '/secret/');
    const before = channel.asked.length;
    for (const url of [
      secret,
      onItsHost,
      `${channel.place}../secret/1`,
      channel.place.replace('http://', 'http://user:password@'),
      channel.place.replace('127.0.0.1', '127.0.0.1.example.com'),
      'file:///etc/passwd',
      'data:image/png;base64,AAAA',
      'http://169.254.169.254/metadata',
    ])
      await sends(mia, { 'label.png': url }, 'words');
    expect(elsewhere.asked).toEqual([]);
    expect(channel.asked.slice(before)).toEqual([]);
    expect((await said(mia)).filter(({ text }) => text === 'words')).toHaveLength(8);
    expect((await mia.ledger()).filter((line) => line === '(fileRefused)')).toHaveLength(8);
    await elsewhere.close();
  });

  test('T28: is not followed to another place', async () => {
    const mia = await withAgent(town, house, jonas);
    const elsewhere = await openFileChannel();
    const moved = channel.answers((response) => {
      response.writeHead(302, { location: elsewhere.holds(PNG) });
      response.end();
    });
    await sends(mia, { 'label.png': moved });
    expect(elsewhere.asked).toEqual([]);
    expect((await mia.ledger()).at(-1)).toBe('(fileRefused)');
    await elsewhere.close();
  });

  test('T28: that is larger than announced is not read to its end', async () => {
    const mia = await withAgent(town, house, jonas, { widget: 'small' });
    const cut = { is: false };
    const endless = channel.answers((response) => {
      response.on('close', () => (cut.is = true));
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(4_096), more);
      };
      more();
    });
    await sends(mia, { 'label.png': endless }, 'Look');
    expect((await lastSaid(mia))?.text).toBe('Look');
    await until(() => cut.is).toBe(true);
  });

  test('that never comes is told to be sent again, and the words go through in time', async () => {
    const mia = await withAgent(town, house, jonas);
    const hangs = channel.answers(() => undefined);
    expect(await soon(sends(mia, { 'label.png': hangs }, 'Look'), town.clock, 500)).toBe(200);
    expect((await lastSaid(mia))?.text).toBe('Look');
    await until(() => mia.sees().some((text) => /“label.png” did not reach us/u.test(text))).toBe(true);
  });
});

describe('row 79: an agent’s file', () => {
  const sendsFile = async (customer: Customer, id: string) => {
    const { id: sid, customer: partition, widget } = await customer.session();
    const kept = await house.house.files?.keep(
      { name: 'offer.pdf', bytes: PDF },
      { customer: partition, widget, key: id },
    );
    if (kept === undefined || !('file' in kept)) throw new Error('It was not kept');
    return house.house.desk.act(jonas.ref, sid, { act: 'file', files: [kept.file], id });
  };

  test('reaches the customer as an attachment with an address of ours', async () => {
    const mia = await withAgent(town, house, jonas);
    await sendsFile(mia, 'one');
    await until(() => mia.sent().at(-1)?.activity['attachments']).toMatchObject([
      {
        contentType: 'application/pdf',
        name: 'offer.pdf',
        contentUrl: expect.stringMatching(/^https:\/\/chat\.example\.com\/api\/files\/.*proof=/u) as string,
      },
    ]);
  });

  test('B5: resumes a session that was set aside', async () => {
    const mia = await withAgent(town, house, jonas);
    await jonas.act(house, (await mia.session()).id, 'suspend');
    const { events } = await sendsFile(mia, 'two');
    expect(events).toMatchObject([{ type: 'resumed', implied: true }]);
    expect((await mia.session()).status).toBe('active');
  });

  test('cannot be named by a tab or a card: another customer’s would be shown to this one', async () => {
    const mia = await withAgent(town, house, jonas);
    const theirs = { id: 'x', name: 'x.pdf', type: 'application/pdf', size: 1 };
    const act = jonas.act(house, (await mia.session()).id, 'file', { file: theirs });
    await expect(act).rejects.toMatchObject({ code: 'bad_input' });
  });
});

test('O31: a customer who comes back finds every file where it was sent, with addresses that work', async () => {
  const mia = await withAgent(town, house, jonas);
  await sends(mia, { 'label.png': channel.holds(PNG) });
  await drops(town, house, mia);
  await opens(mia, house);
  const { transcript } = await house.house.customers.comeBack(
    (await mia.session()).id,
    mia.thread,
    'prompt',
    'agent',
  );
  const shown = transcript.flatMap(({ attachments = [] }) => attachments) as {
    contentUrl: string;
    name: string;
  }[];
  expect(shown.map(({ name }) => name)).toEqual(['label.png']);
  const { pathname, searchParams } = new URL(shown[0]?.contentUrl ?? '');
  const [, , , sid = '', seq, place] = pathname.split('/');
  const of = { sid: (await mia.session()).id, seq: Number(seq), place: Number(place) };
  const { links } = house.house.files ?? {};
  const [until_, proof] = [searchParams.get('until'), searchParams.get('proof')];
  expect(decodeURIComponent(sid)).toBe(of.sid);
  expect(links?.admits(of, until_, proof)).toBe(true);
  expect(links?.admits({ ...of, place: 1 }, until_, proof)).toBe(false);
  expect(links?.admits(of, String(Number(until_) + 1), proof)).toBe(false);
  expect(await bytesOf(mia, 'customer')).toEqual(PNG);
  town.clock.advance(61 * 60_000);
  expect(links?.admits(of, until_, proof)).toBe(false);
});
