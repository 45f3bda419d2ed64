import { middle, pause, type Measure } from './measure.ts';
import { openRivals } from './town/rivals.ts';
import { openTown, type Chat } from './town/town.ts';

const CHATS = 8;
const FOR_MS = 3_000;
const BLOCKS = 3;

/** How many messages a second are relayed and acknowledged, on this machine with everything on it, by one instance. */
export async function throughput(): Promise<readonly Measure[]> {
  const town = await openTown();
  const rivals = await openRivals(town);
  try {
    const chats: Chat[] = [];
    for (let i = 0; i < CHATS; i += 1) chats.push(await town.chat());
    const counted = { ours: [] as number[], framework: [] as number[], floor: [] as number[] };
    for (let block = 0; block < BLOCKS; block += 1) {
      counted.floor.push(await perSecond((i, n) => rivals.say('floor', `${i} ${n}`)));
      counted.framework.push(await perSecond((i, n) => rivals.say('framework', `${i} ${n}`)));
      counted.ours.push(await perSecond(async (i, n) => chats[i]?.say(`Line ${n}`)));
    }
    return [
      middle('relayed-messages-per-second', 'messages/s', counted.ours, {
        framework: counted.framework,
        floor: counted.floor,
      }),
    ];
  } finally {
    await rivals.child.close();
    await town.close();
  }
}

/** Several customers at once, each of whom writes again when the last line is acknowledged. */
async function perSecond(send: (chat: number, n: number) => Promise<void>): Promise<number> {
  const until = performance.now() + FOR_MS;
  let sent = 0;
  const writing = async (chat: number): Promise<void> => {
    while (performance.now() < until) {
      await send(chat, sent);
      sent += 1;
    }
  };
  await Promise.all(Array.from({ length: CHATS }, (_, i) => writing(i)));
  await pause(1_000);
  return (sent * 1_000) / FOR_MS;
}
