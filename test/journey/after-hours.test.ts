import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { tracesOf } from '../handoff/traces.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt } from './people.ts';

const HOUR = 3_600_000;
const LOCAL = new URL('../../src/local/settings.json', import.meta.url);

/** The local settings, with support closed until some time in the eighth hour from now, and messages kept for two. */
function closedNow(): string {
  const settings = JSON.parse(readFileSync(LOCAL, 'utf8')) as {
    workStreams: Record<string, object>;
    widgets: { support: object };
  };
  settings.widgets.support = { ...settings.widgets.support, queueLimit: '2 h' };
  const opens = (new Date().getUTCHours() + 8) % 24;
  const until = opens + 6;
  const today = until <= 24 ? `${opens}:00-${until}:00` : `0:00-${until - 24}:00, ${opens}:00-24:00`;
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  settings.workStreams['support'] = {
    hours: { timeZone: 'UTC', week: Object.fromEntries(days.map((day) => [day, today])) },
  };
  const file = join(mkdtempSync(join(tmpdir(), 'hours-')), 'settings.json');
  writeFileSync(file, JSON.stringify(settings));
  return file;
}

describe('after hours', { timeout: 180_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    house = await openHouse({ settings: closedNow() });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await house.close();
  });

  it('P25, N3: a customer leaves a message and closes the browser; in the morning it is answered, and read on return', async () => {
    const evening = await browser.newContext();
    const lea = await customerAt(evening, `${house.origin}/`);
    await lea.says('agent');
    await lea.statusIs(/in line.*We open/u);
    await lea.sees(/We are closed right now\. We open again/u);
    await lea.button('Leave a message').click();
    await lea.statusIs(/Your message waits for us/u);
    await lea.sees(/come back in this browser/u);
    await lea.says('My parcel is late');
    expect(lea.complaints).toEqual([]);
    const device = await evening.storageState();
    await lea.page.goto('about:blank');
    // The page's last word travels on its own; heard only in the morning it would be a sign of life.
    await expect.poll(() => tracesOf(['"leftAt":'], house.store())).toContain('sessions presence: "leftAt":');
    await evening.close();

    await house.advance(8 * HOUR);
    const jonas = await agentAt(browser, house.origin, 1);
    await jonas.list('Queue');
    await jonas.open('message');
    await jonas.sees(/has left a message/u);
    await jonas.does('Accept');
    await jonas.sees('My parcel is late');
    await jonas.sees(/is not here\. Your answer is kept for their return/u);
    await jonas.says('It leaves Leipzig tonight');

    await house.advance(HOUR);
    const again = await customerAt(await browser.newContext({ storageState: device }), `${house.origin}/`);
    await again.button('Continue with Jonas').click();
    await again.sees('It leaves Leipzig tonight');
    expect((await again.lines()).filter((line) => line === 'My parcel is late')).toHaveLength(1);
    expect([...again.complaints, ...jonas.complaints]).toEqual([]);
  });
});
