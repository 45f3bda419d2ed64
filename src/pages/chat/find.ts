import type { PageClock } from '../clock.ts';
import type { Remembered } from './memory.ts';
import type { Said } from './mirror.ts';
import type { Tabs } from './tabs.ts';

type Live = Extract<Said, { type: 'live' }>;

/** How long leaders have to answer; one that does not is asleep, and its chat can be taken over. */
const PATIENCE_MS = 1_000;

/**
 * The chat that a page which opens should show: the one it showed before it was loaded again, wherever that has gone
 * meanwhile, else a live one of another page. `undefined`: none, the page opens its own.
 */
export async function findChat(
  tabs: Tabs,
  clock: PageClock,
  { chat, sid }: Pick<Remembered, 'chat' | 'sid'>,
): Promise<string | undefined> {
  const led = await tabs.led();
  if (led.length === 0 || (chat !== undefined && led.includes(chat))) return chat;
  const answers = await ask(tabs, clock, led);
  const live = answers.filter(({ over }) => !over).sort((a, b) => b.since - a.since);
  if (chat !== undefined) return live.find((one) => sid !== undefined && one.sid === sid)?.chat ?? chat;
  return live[0]?.chat ?? led.find((one) => !answers.some((answer) => answer.chat === one));
}

function ask(tabs: Tabs, clock: PageClock, led: readonly string[]): Promise<readonly Live[]> {
  return new Promise((resolve) => {
    const answers: Live[] = [];
    const done = () => {
      stop();
      cancel();
      resolve(answers);
    };
    const stop = tabs.listen((said) => {
      if (said.type !== 'live' || !led.includes(said.chat)) return;
      answers.push(said);
      if (answers.length === led.length) done();
    });
    const cancel = clock.after(PATIENCE_MS, done);
    tabs.say({ type: 'who' });
  });
}
