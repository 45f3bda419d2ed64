/**
 * `npm run soak -- --minutes 60`: production in a process of its own under a steady half of what it can take, its heap after
 * forced collection measured every minute. At the end the slope of each series, of the whole time and after a warm-up of ten
 * minutes, in which what is remembered for five minutes fills up and V8 compiles what is used and lets go of what is not; the
 * latter is judged. `--rate N` sets the lines a second instead of measuring what it can take; `--json FILE` writes every sample.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Inside } from '../race/instance.ts';
import { openTown, type Instance } from '../race/town.ts';
import { openAgents, type Agents } from './agents.ts';
import { live, TURNS, type Pace } from './life.ts';
import { post } from './post.ts';
import { slopeOf, type Slope } from './slope.ts';
import { openStreet, type Street } from './street.ts';

/** Teams lets a bot say so much to each of them in an hour: of fewer some would wait for their cards ever longer. */
const AGENTS = 48;
const CHATS = 24;
const WARM_UP_MIN = 10;
/** Of so many looks, so far apart, the one that finds least is kept: what is under way is not what stays. */
const LOOKS = 3;
const LOOK_MS = 2_000;
const BURST_MS = 20_000;
const BURST_CHATS = 12;
/** Of MB per hour. */
const MOST_SLOPE = 1;
const MB = 1_000_000;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, rate: { type: 'string' }, json: { type: 'string' } },
});
const minutes = Number(values.minutes);

const counts = { lines: 0, chats: 0, failed: 0 };
const failures = new Map<string, number>();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const said = (): void => {
  counts.lines += 1;
};

/** Chats follow one another until the time is up; each begins somewhere else in the journey's turns. */
async function chatting(
  street: Street,
  agents: Agents,
  n: number,
  pace: Pace,
  isOver: () => boolean,
): Promise<void> {
  for (let i = n; !isOver(); i += 1) {
    try {
      await live(street, agents, TURNS[i % TURNS.length] ?? 'nothing', pace);
      counts.chats += 1;
    } catch (reason) {
      counts.failed += 1;
      const what = whyOf(reason).slice(0, 200);
      failures.set(what, (failures.get(what) ?? 0) + 1);
      await pause(1_000);
    }
  }
}

/** A request that found nobody says why only in its cause. */
function whyOf(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  return reason.cause === undefined ? reason.message : `${reason.message}: ${whyOf(reason.cause)}`;
}

/** Lines a second while a few chats write as fast as they are answered. */
async function burst(street: Street, agents: Agents): Promise<number> {
  const until = Date.now() + BURST_MS;
  const isOver = (): boolean => Date.now() > until;
  let lines = 0;
  const pace: Pace = {
    ...{ lines: 20, pauseMs: 0, goneMs: 17_000, pause },
    said: () => {
      if (!isOver()) lines += 1;
    },
  };
  await Promise.all(Array.from({ length: BURST_CHATS }, () => live(street, agents, 'nothing', pace)));
  while (!isOver())
    await Promise.all(Array.from({ length: BURST_CHATS }, () => live(street, agents, 'nothing', pace)));
  return lines / (BURST_MS / 1_000);
}

const letters = post();
const town = await openTown({ instances: 1, hear: letters.hear });
const street = openStreet(town, letters);
const [instance] = town.instances;
if (instance === undefined) throw new Error('There is no instance');
const agents = await openAgents(street, AGENTS);
const most = values.rate === undefined ? await burst(street, agents) : undefined;
const rate = values.rate === undefined ? (most ?? 0) / 2 : Number(values.rate);
console.log(
  `${rate.toFixed(1)} lines a second in ${CHATS} chats${most === undefined ? '' : `, half of the ${most.toFixed(1)} it took`}`,
);

const from = Date.now();
const until = from + minutes * 60_000;
const isOver = (): boolean => Date.now() > until;
const pace: Pace = { ...{ lines: 8, goneMs: 17_000, pause, said }, pauseMs: (CHATS / rate) * 1_000 };
// They do not all come in the same moment.
const lives = Array.from({ length: CHATS }, (_, n) =>
  pause((n * pace.pauseMs * pace.lines) / CHATS).then(() => chatting(street, agents, n, pace, isOver)),
);

interface Sample {
  readonly minute: number;
  readonly heapMb: number;
  /** Of it, what V8 compiled. */
  readonly codeMb: number;
  readonly rssMb: number;
  /** Thousands of objects. */
  readonly objectsK: number;
  readonly timers: number;
  readonly sockets: number;
  readonly handles: number;
  readonly lines: number;
  readonly chats: number;
  readonly failed: number;
}
const samples: Sample[] = [];

async function look(one: Instance): Promise<Inside> {
  let least = await one.measure();
  for (let looks = 1; looks < LOOKS; looks += 1) {
    await pause(LOOK_MS);
    const next = await one.measure();
    if (next.heapBytes < least.heapBytes) least = next;
  }
  return least;
}

while (!isOver()) {
  await pause(Math.min(60_000, Math.max(0, until - Date.now()) + 1));
  const inside = await look(instance);
  const sockets = inside.handles['TCPSocketWrap'] ?? 0;
  samples.push({
    minute: (Date.now() - from) / 60_000,
    heapMb: inside.heapBytes / MB,
    codeMb: ((inside.spaces['code_space'] ?? 0) + (inside.spaces['trusted_space'] ?? 0)) / MB,
    rssMb: inside.rssBytes / MB,
    objectsK: inside.objects / 1_000,
    timers: inside.timers,
    sockets,
    handles: Object.values(inside.handles).reduce((sum, count) => sum + count, 0) - sockets,
    ...counts,
  });
  const last = samples.at(-1);
  console.log(
    Object.entries(last ?? {})
      .map(([name, value]) => `${name} ${Number(value).toFixed(/Mb|K$|minute/u.test(name) ? 2 : 0)}`)
      .join('  '),
  );
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      JSON.stringify({ rate, most, samples, failures: [...failures] }, undefined, 1),
    );
}

const warm = samples.filter(({ minute }) => minute > Math.min(WARM_UP_MIN, minutes / 3));
const series = {
  ...{ heapMb: 'MB/h', codeMb: 'MB/h', rssMb: 'MB/h', objectsK: 'K/h' },
  ...{ timers: '/h', sockets: '/h', handles: '/h' },
} as const;
let heapSlope = Infinity;
for (const [name, unit] of Object.entries(series)) {
  const of = (sample: Sample): number => Number(Reflect.get(sample, name));
  const [whole, after] = [samples, warm].map((some) =>
    slopeOf(some.map((sample) => [sample.minute / 60, of(sample)])),
  );
  if (whole === undefined || after === undefined) continue;
  if (name === 'heapMb') heapSlope = after.slope;
  const [least, greatest] = [Math.min(...warm.map(of)), Math.max(...warm.map(of))];
  const said = ({ slope, give }: Slope): string => `${slope.toFixed(2)} ± ${give.toFixed(2)} ${unit}`;
  console.log(
    `${name.padEnd(8)} ${said(after)}, from ${least.toFixed(1)} to ${greatest.toFixed(1)}; with the warm-up ${said(whole)}`,
  );
}
console.log(
  `${counts.lines} lines in ${counts.chats} chats, ${letters.delivered()} delivered, ${counts.failed} chats failed`,
);
for (const [what, times] of failures) console.log(`  ${times} × ${what}`);
agents.leave();
// Chats under way end with their house.
void Promise.allSettled(lives);
await town.close();
process.exit(heapSlope > MOST_SLOPE ? 1 : 0);
