import { middle, pause, type Measure } from './measure.ts';
import { openOffice, type Office } from './office.ts';

/** A page beats so often. */
const WINDOW_MS = 90_000;
const STEP_MS = 3_000;
/** Real time for what a step of the clock set off. */
const STEP_REAL_MS = 60;
const WINDOWS = 5;
/** What was said last is in rows, marks and deadlines by then. */
const SETTLING = 2;

/** What is written for a customer who waits on the page, and for an agent whose tab is open and who has no chat. */
export async function idle(): Promise<readonly Measure[]> {
  const office = await openOffice();
  try {
    await office.answer();
    const customer = await writes(office, office.beat);
    await office.end();
    const tab = await writes(office, () => Promise.resolve());
    return [
      middle('idle-customer-writes-per-90s', 'requests', customer, { most: 1 }),
      middle('idle-tab-writes-per-90s', 'requests', tab, { most: 0 }),
    ];
  } finally {
    await office.close();
  }
}

/** What was written in each 90 s in which a page did that once, and nobody said anything. */
async function writes(office: Office, does: () => Promise<void>): Promise<readonly number[]> {
  const counts: number[] = [];
  for (let i = 0; i < SETTLING + WINDOWS; i += 1) {
    const from = office.requests.length;
    await does();
    for (let passed = 0; passed < WINDOW_MS; passed += STEP_MS) {
      await office.advance(STEP_MS);
      await pause(STEP_REAL_MS);
    }
    const written = office.requests
      .slice(from)
      .filter(({ operation }) => !['read', 'query', 'feed'].includes(operation))
      // Where a reader of the feed stands is written for all chats together.
      .filter(({ container }) => container !== 'lookups');
    if (i >= SETTLING) counts.push(written.length);
  }
  return counts;
}
