import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { freePort, openHouse, type RunningHouse } from './house.ts';
import { agentAt, customerAt, talk } from './people.ts';

const MAIN = fileURLToPath(new URL('../../src/local/cosmos/main.ts', import.meta.url));

let browser: Browser;
let house: RunningHouse;
let store: ChildProcess;
const key = randomBytes(64).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'reconnect-store-'));
let port: number;

/** The embedded store in a process of its own, as `npm run cosmos` runs it. */
async function startStore(): Promise<void> {
  const args = [MAIN, '--port', String(port), '--file', join(folder, 'store.db'), '--key', key];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => started.stdout.once('data', resolve));
  store = started;
}

beforeAll(async () => {
  browser = await launchChromium();
  port = await freePort();
  await startStore();
  house = await openHouse({ store: { endpoint: `http://127.0.0.1:${port}`, key } });
});
afterAll(async () => {
  await browser.close();
  await house.close();
  store.kill('SIGKILL');
});

it('a store that is killed and started again costs neither side a line', { timeout: 120_000 }, async () => {
  const jonas = await agentAt(browser, house.origin, 1);
  const lea = await customerAt(await browser.newContext(), `${house.origin}/`);
  await talk(lea, jonas);

  const gone = new Promise((resolve) => store.once('exit', resolve));
  store.kill('SIGKILL');
  await gone;
  const box = lea.page.getByRole('textbox', { name: /message/i });
  await box.fill('Are you still there?');
  await box.press('Enter');
  await jonas.tab.getByRole('textbox', { name: 'Message' }).fill('One moment');
  await jonas.tab.getByRole('button', { name: 'Send', exact: true }).click();
  await startStore();

  await jonas.tab.getByText('Are you still there?').first().waitFor();
  await lea.sees('One moment');
  await jonas.says('Here again');
  await lea.sees('Here again');
  const lines = await lea.lines();
  for (const line of ['My parcel is late', 'Are you still there?', 'One moment', 'Here again']) {
    expect(lines.filter((one) => one === line)).toHaveLength(1);
  }
});
