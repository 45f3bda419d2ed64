import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, type Agent, type Customer } from './people.ts';

describe('a site with its own Web Chat', { timeout: 180_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await house.close();
  });

  /** The same machine under another name: another origin, and another site. */
  const elsewhere = (path: string): string => `${house.origin.replace('127.0.0.1', 'localhost')}${path}`;

  const talking = async (path: string): Promise<{ lea: Customer; jonas: Agent }> => {
    const jonas = await agentAt(browser, house.origin, 1);
    const lea = await customerAt(await browser.newContext(), elsewhere(path));
    await lea.page.getByText('Hello!').last().waitFor();
    await write(lea, 'agent');
    await jonas.open('a question');
    await jonas.does('Accept');
    await lea.page.getByText('Jonas is here').last().waitFor();
    await write(lea, 'My parcel is late');
    await jonas.sees('My parcel is late');
    return { lea, jonas };
  };

  it('adds the kit in ten lines: a reload heals silently, and the status says so', async () => {
    const { lea, jonas } = await talking('/example');
    await lea.statusIs(/Connected with Jonas/u);
    await lea.page.reload();
    await lea.page.getByText('My parcel is late').last().waitFor();
    await lea.statusIs(/Connected with Jonas/u);
    await jonas.says('Found it in Leipzig');
    await lea.page.getByText('Found it in Leipzig').last().waitFor();
    expect(await lea.page.getByText('Continue with Jonas').count()).toBe(0);
  });

  it('N16: keeps the chat through a sign-in on the site, and its agent sees who it is', async () => {
    const { lea, jonas } = await talking('/example');
    await lea.button('Sign in as Lea').click();
    await jonas.sees('Lea Moreau');
    await lea.statusIs(/Connected with Jonas/u);
    await lea.page.getByText('My parcel is late').last().waitFor();
    await jonas.says('Hello Lea');
    await lea.page.getByText('Hello Lea').last().waitFor();
    expect(await lea.page.getByText('Continue with Jonas').count()).toBe(0);
  });

  it('follows a reconnect link once its customer has agreed, and shows everything said', async () => {
    const { lea, jonas } = await talking('/example');
    await jonas.does('Send reconnect link');
    const told = lea.page.getByText(/#rt1_\S+/u).last();
    await told.waitFor();
    const [fragment = ''] = /#rt1_[\w.-]+/u.exec(await told.innerText()) ?? [];
    await lea.page.context().close();

    const page = await (await browser.newContext()).newPage();
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void dialog.accept();
    });
    await page.goto(elsewhere(`/example${fragment}`));
    await page.getByText('My parcel is late').last().waitFor();
    expect(asked).toEqual(['Come back to your chat with Jonas?']);
    expect(page.url()).not.toContain('rt1_');
    await jonas.sees(/is back, with the link/u);
  });

  it('without the kit a stock Web Chat gets the prompt, Continue, and the transcript as a card', async () => {
    const jonas = await agentAt(browser, house.origin, 1);
    const context = await browser.newContext();
    const lea = await customerAt(context, `${house.origin}/example/stock`);
    await lea.page.getByText('Hello!').last().waitFor();
    await write(lea, 'agent');
    await jonas.open('a question');
    await jonas.does('Accept');
    await lea.page.getByText('Jonas is here').last().waitFor();
    await write(lea, 'My parcel is late');
    await jonas.sees('My parcel is late');
    await lea.page.close();

    const again = await customerAt(context, `${house.origin}/example/stock`);
    // Web Chat itself shows a new card twice for a moment: the other one is for screen readers.
    await again.page
      .locator('.webchat__basic-transcript button', { hasText: 'Continue with Jonas' })
      .last()
      .click();
    await again.page.getByText('My parcel is late').last().waitFor();
    await jonas.says('Here you are again');
    await again.page.getByText('Here you are again').last().waitFor();
  });
});

async function write(customer: Customer, text: string): Promise<void> {
  const box = customer.page.getByRole('textbox', { name: /message/iu });
  await box.fill(text);
  await box.press('Enter');
}
