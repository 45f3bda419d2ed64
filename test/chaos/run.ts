import { appendFileSync } from 'node:fs';
import { pause } from '../bench/measure.ts';
import { agent } from './agents.ts';
import type { Programs } from './build.ts';
import { check, type Violation } from './checker.ts';
import { comparedCustomer, lossesOf, type Losses } from './compared.ts';
import { customer, type Run } from './customers.ts';
import { storedIn } from './evidence.ts';
import { actsIn, openHistory, type Event } from './history.ts';
import { killings, nemesis, storeTrouble } from './nemesis.ts';
import { seeded } from './random.ts';
import { openTown } from './town.ts';

/** How a run goes. */
export interface Plan {
  readonly programs: Programs;
  readonly seed: number;
  /** Processes of the product. */
  readonly instances: number;
  readonly customers: number;
  readonly agents: number;
  readonly paceMs: number;
  /** A nemesis of everything, for so long or for so many deeds; or so many kills while that share of store requests fails. */
  readonly harm:
    | { readonly kind: 'time'; readonly ms: number }
    | { readonly kind: 'deeds'; readonly deeds: number }
    | { readonly kind: 'kills'; readonly kills: number; readonly faults: number };
  /** Whether the framework's own bot runs beside ours. */
  readonly compared: boolean;
  /** Where the history is written, a line of JSON each. */
  readonly file?: string;
  readonly tell?: (line: string) => void;
}

/** What came of it. */
export interface Result {
  readonly violations: readonly Violation[];
  readonly events: readonly Event[];
  readonly kills: number;
  readonly storeFaults: number;
  readonly acknowledged: number;
  /** From the end of all harm until all was quiet, ms. */
  readonly quietMs: number;
  readonly framework?: Losses;
  readonly logged: ReadonlyMap<string, number>;
}

/** Nobody is waited for longer; what is not well by then is told. */
const CALM_MS = 180_000;

/** Runs a day of a town under a nemesis, lets it come to rest, and judges it. */
export async function chaos(plan: Plan): Promise<Result> {
  const random = seeded(plan.seed);
  const tell = plan.tell ?? (() => undefined);
  const { file } = plan;
  const history = openHistory(Date.now, (line) => {
    if (file !== undefined) appendFileSync(file, line);
  });
  const town = await openTown({ ...plan, history, random });
  try {
    let over = false;
    const run: Run = { town, random, goesOn: () => !over, paceMs: plan.paceMs };
    const customers = Array.from({ length: plan.customers }, (_, i) =>
      customer(run, `customer${i + 1}`, i + 1),
    );
    const agents = Array.from({ length: plan.agents }, (_, i) => agent(run, `agent${i + 1}`, i + 1));
    const compared = plan.compared
      ? Array.from({ length: plan.customers }, (_, i) => comparedCustomer(run, `visitor${i + 1}`))
      : [];
    const days = [
      ...customers.map(({ day }) => day()),
      ...agents.map((day) => day()),
      ...compared.map(({ day }) => day()),
    ];
    // A rejection is for the end; nobody may fall over it before.
    const people = Promise.all(days);
    people.catch(() => undefined);

    const kills = await harm(plan, run, tell);
    over = true;
    history.note('nemesis', { type: 'fault', what: 'everything', when: 'ends' });
    const calmFrom = Date.now();
    tell('Everything is whole again; coming to rest …');
    await people;
    await Promise.all(customers.map(({ lastWord }) => lastWord()));

    let violations: readonly Violation[] = [];
    for (;;) {
      await pause(1_000);
      await Promise.all(customers.map(({ beat }) => beat()));
      // What was seen until now is stored by now; what is seen meanwhile may not be.
      const seen = [...history.events];
      violations = check(seen, storedIn(await town.dump(), Date.now()));
      if (violations.length === 0 || Date.now() - calmFrom > CALM_MS) break;
    }
    const said = actsIn(history.events).filter(({ act }) => act.f === 'say' || act.f === 'answer');
    return {
      ...{ violations, kills, events: history.events, logged: town.logged },
      quietMs: Date.now() - calmFrom,
      storeFaults: await town.struck(),
      acknowledged: said.filter(({ outcome }) => outcome === 'ok').length,
      ...(plan.compared && { framework: lossesOf(compared, await town.dump()) }),
    };
  } finally {
    await town.close();
  }
}

/** Does the harm; gives how many were killed. */
async function harm(
  { harm: what, seed }: Plan,
  { town }: Run,
  tell: (line: string) => void,
): Promise<number> {
  const { history } = town;
  // Its own: what it does must not depend on who else asks chance, and how fast.
  const random = seeded(seed + 1);
  const kills = (): number =>
    history.events.filter((event) => event.type === 'fault' && event.what.startsWith('kill')).length;
  switch (what.kind) {
    case 'time': {
      const until = Date.now() + what.ms;
      await nemesis(town, random)(() => Date.now() > until);
      break;
    }
    case 'deeds':
      await nemesis(town, random)((deeds) => deeds >= what.deeds);
      break;
    case 'kills': {
      const trouble = `store ${what.faults}`;
      history.note('nemesis', { type: 'fault', what: trouble, when: 'begins' });
      await town.storeFaults(storeTrouble(what.faults));
      const telling = setInterval(() => tell(`${new Date().toISOString()} ${kills()} killed`), 15_000);
      await killings(town, random)((deeds) => deeds >= what.kills);
      clearInterval(telling);
      await town.storeFaults([]);
      history.note('nemesis', { type: 'fault', what: trouble, when: 'ends' });
    }
  }
  return kills();
}
