import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  type Customer,
  button,
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
}, 60_000);
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
