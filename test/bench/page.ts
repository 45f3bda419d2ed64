import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse } from '../journey/house.ts';
import { customerAt } from '../journey/people.ts';
import { middle, timed, type Measure } from './measure.ts';
import { openTown } from './town/town.ts';

const OPENED = 5;
const BUILD = fileURLToPath(new URL('../../src/local/build-pages.ts', import.meta.url));

/** The customer's page: until they can write, with an empty cache; and what production sends over the wire for it. */
export async function page(): Promise<readonly Measure[]> {
  return [await interactive(), ...(await overTheWire())];
}

/** From the address to the field in which they write. */
async function interactive(): Promise<Measure> {
  const house = await openHouse();
  const browser = await launchChromium();
  try {
    const took: number[] = [];
    for (let i = 0; i < OPENED; i += 1) {
      const context = await browser.newContext();
      took.push(
        await timed(async () => {
          const lea = await customerAt(context, `${house.origin}/`);
          await lea.page.getByRole('textbox', { name: /message/i }).waitFor();
        }),
      );
      await context.close();
    }
    return middle('page-interactive-p50', 'ms', took);
  } finally {
    await browser.close();
    await house.close();
    rmSync(house.folder, { recursive: true, force: true });
  }
}

async function overTheWire(): Promise<readonly Measure[]> {
  execFileSync(process.execPath, [BUILD]);
  const town = await openTown({ pages: new URL('../../dist/pages/', import.meta.url) });
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    const devtools = await tab.context().newCDPSession(tab);
    const bytes: number[] = [];
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => bytes.push(encodedDataLength));
    await devtools.send('Network.enable');
    await tab.goto(town.house.origin, { waitUntil: 'networkidle' });
    return [
      middle('page-requests', 'requests', [bytes.length]),
      middle('page-bytes', 'KB', [bytes.reduce((sum, one) => sum + one, 0) / 1_024]),
    ];
  } finally {
    await browser.close();
    await town.close();
  }
}
