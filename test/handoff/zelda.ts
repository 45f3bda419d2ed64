import { directLineAttachments } from '../../src/adapters/directline/attachments.ts';
import type { SessionId } from '../../src/session/ids.ts';
import { openFiles, type TestFiles } from '../store/blobs.ts';
import { openFileChannel, type FileChannel } from './file-channel.ts';
import { PNG } from './files.ts';
import { passes, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

/** A customer of whom the house holds something of every kind, and whom every telltale names. */
export interface Zelda {
  readonly device: Customer;
  readonly account: Customer;
  readonly anna: Agent;
  /** A closed chat with a record, a live one, and one of the account's own. */
  readonly closed: SessionId;
  readonly live: SessionId;
  readonly own: SessionId;
}

/** Words that stand in what she said, in what was said to her and of her, and in her name. */
export const TELLTALES = ['telltale', 'Zelda', 'Quill'];

/** Where files are kept and where the channel keeps them. */
export interface Shelf {
  readonly channel: FileChannel;
  readonly kept: TestFiles;
  readonly close: () => Promise<void>;
}

export async function openShelf(): Promise<Shelf> {
  const [channel, kept] = await Promise.all([openFileChannel(), openFiles()]);
  return {
    channel,
    kept,
    close: async () => {
      await kept.close();
      await channel.close();
    },
  };
}

export const partsOf = ({ channel, kept }: Shelf) => ({
  store: kept.files,
  fetch: directLineAttachments([channel.place]),
  servedAt: 'https://chat.example.com',
});

/** Lets Zelda Quill chat on her device, come back, sign in, and chat on her account. */
export async function zelda(town: Town, house: TestHouse, shelf?: Shelf): Promise<Zelda> {
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  await anna.opensTeams(house);
  const device = new Customer(town, 'device');
  const account = new Customer(town, 'account');
  await house.stores.sessions.addDevice(device.id, 'the-hash-of-a-device');
  await device.beats(house, { widget: 'portal' });
  await device.says(house, 'my name is Zelda Quill');
  await device.says(house, 'agent');
  const closed = (await device.session()).id;
  await anna.act(house, closed, 'accept');
  await device.says(house, 'It is about telltale parcel 4711', {
    ...(shelf && {
      attachments: [
        { contentType: 'image/png', contentUrl: shelf.channel.holds(PNG), name: 'telltale-photo.png' },
      ],
    }),
  });
  await anna.act(house, closed, 'comment', { text: 'telltale: was rude before' });
  await anna.act(house, closed, 'close', { disposition: 'Resolved', notes: 'telltale notes of Zelda' });
  await passes(town.clock, async () => (await house.house.interactions.record(closed)) !== undefined);

  await device.says(house, 'agent');
  const live = (await device.session()).id;
  await anna.act(house, live, 'accept');
  await anna.says(house, live, 'telltale answer');
  await anna.act(house, live, 'link');
  await device.says(house, 'telltale question');
  await house.stores.sessions.types(live, town.clock.now());

  const subject = { kind: 'signedIn', issuer: 'https://login.example', name: 'Zelda Quill' } as const;
  await house.house.customers.know(account.id, subject);
  await account.says(house, 'telltale of the account');
  await account.says(house, 'agent');
  const own = (await account.session()).id;
  await house.house.adopt(device.id, account.id, subject);
  return { device, account, anna, closed, live, own };
}
