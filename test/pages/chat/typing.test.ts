import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  type Customer,
  button,
  composerOf,
  conversationOf,
  openTown,
  statusOf,
  talked,
  talkWithJonas,
  type Town,
  write,
} from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());
afterEach(() => town.tidy());

/** Back with Jonas, on a page whose own time the test moves. */
async function withJonas(): Promise<{ lea: Customer; page: Awaited<ReturnType<Customer['open']>> }> {
  const lea = await town.customer();
  await talkWithJonas(lea);
  const page = await lea.open();
  await page.clock.install();
  await button(page, 'Continue with Jonas').click();
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  return { lea, page };
}

it('row 85: that Jonas is writing is shown, and goes by itself when nothing comes of it', async () => {
  const { lea, page } = await withJonas();
  await lea.house.agentTypes();
  const writing = page.getByText('Jonas is writing…');
  await writing.waitFor();
  await page.clock.fastForward(6_000);
  await writing.waitFor({ state: 'detached' });
  expect((await conversationOf(page)).slice(0, 2)).toEqual(talked);
});

it('row 85: what Jonas was writing goes with his line', async () => {
  const { lea, page } = await withJonas();
  await lea.house.agentTypes();
  const writing = page.getByText('Jonas is writing…');
  await writing.waitFor();
  await lea.house.agentSays('There it is.');
  await expect.poll(() => conversationOf(page)).toContain('< There it is.');
  await writing.waitFor({ state: 'detached' });
});

it('row 85: whoever comes back is not told that Jonas is writing because he once was', async () => {
  const { lea, page } = await withJonas();
  await lea.house.agentTypes();
  await page.getByText('Jonas is writing…').waitFor();
  await page.reload();
  await expect.poll(() => statusOf(page)).toBe('Connected with Jonas');
  // What the channel would say again, it says before this.
  await write(page, 'Thanks');
  await expect.poll(() => conversationOf(page)).toEqual([...talked, '> Thanks']);
  expect(await page.getByText('is writing…').count()).toBe(0);
});

it('row 85: that a customer types is told while an agent is there, every few seconds, and not shown to themselves', async () => {
  const { lea, page } = await withJonas();
  await composerOf(page).pressSequentially('Hel');
  await expect.poll(() => lea.house.typed()).toBe(1);
  await composerOf(page).pressSequentially('lo');
  expect(lea.house.typed()).toBe(1);
  // Web Chat counts its three seconds by the machine's clock, which no test can move.
  await expect.poll(() => lea.house.typed()).toBe(2);
  expect(await page.getByText('is writing…').count()).toBe(0);
});

it('row 85: what is typed to the bot is nobody’s business until it is sent', async () => {
  const lea = await town.customer();
  const page = await lea.open();
  await expect.poll(() => statusOf(page)).toBe('Connected');
  await composerOf(page).pressSequentially('Hel');
  await write(page, 'Hello');
  await expect.poll(() => conversationOf(page)).toContain('< You said: Hello');
  expect(lea.house.typed()).toBe(0);
});

it('row 85: what the channel does not take at once is never told late', async () => {
  const { lea, page } = await withJonas();
  lea.house.line.knobs.failNext = [429];
  await composerOf(page).pressSequentially('Hello');
  await write(page, 'Hello');
  await expect.poll(() => conversationOf(page)).toContain('> Hello');
  expect(lea.house.typed()).toBe(0);
});
