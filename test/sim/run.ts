import type { CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { readConversationId } from '../../src/session/ids.ts';
import { acting, newHistory, type History } from './acting.ts';
import { oursIn } from './channel.ts';
import { deeds } from './deeds.ts';
import { field, readDocuments, type Evidence, type Handed, type ReceivedLine } from './evidence.ts';
import { ask, rulesFor } from './instance.ts';
import { brokenIn, type Broken } from './invariants.ts';
import { installedBy, makeAgent, makeCustomer } from './people.ts';
import type { Plan } from './plan.ts';
import { openStage, type Stage } from './stage.ts';

/** What a run came to. */
export interface Ran {
  readonly broken: readonly Broken[];
  readonly evidence: Evidence;
  /** Everything that was observed, with the time; the same for the same plan. */
  readonly notes: readonly string[];
  /** How many things happened. */
  readonly happened: number;
  readonly struck: ReadonlyMap<string, number>;
  readonly came: ReadonlyMap<string, number>;
}

export interface Running {
  /** Makes the store of every instance wrong on purpose. */
  readonly through?: (stores: CosmosStores) => CosmosStores;
  /** Looks at the stage before anything is done. */
  readonly prepare?: (stage: Stage) => void;
  /** Is called where a scenario's plan says so. */
  readonly marked?: (stage: Stage) => void;
}

/** How late everybody may be while nobody does anything: what only looks whether there is anything need not look often. */
const IDLE_MS = 1_500;
/** So long after the last fault everything has to be in its place (I16), and a little for what is noticed by looking. */
const QUIET_MS = 30_000;
/** Clocks that are no further off are as good as right ones. */
const WITHIN_MS = 2_000;
/** So often it is looked whether all is right by then. */
const LOOK_MS = 6_000;

/** Plays a plan: the town, its steps at their times, then calm; and judges what is there after it. */
export async function run(plan: Plan, { through, prepare, marked }: Running = {}): Promise<Ran> {
  const stage = await openStage({ seed: plan.seed, instances: plan.instances, ...(through && { through }) });
  const { world } = stage;
  const history = newHistory();
  const customers = Array.from({ length: plan.customers }, (_, at) => makeCustomer(at));
  const agents = Array.from({ length: plan.agents }, (_, at) => makeAgent(at));
  try {
    const chance = stage.chance.fork('town');
    const first = stage.instances[0];
    if (first === undefined) throw new RangeError('A plan needs an instance');
    let there = 0;
    const arrives = async (agent: (typeof agents)[number]): Promise<void> => {
      await ask(world, first, chance, ({ house }) => house.agents.admit({ ...agent, roles: ['Chat.Agent'] }));
      await ask(world, first, chance, ({ take }) => take(installedBy(agent)));
      there += 1;
    };
    for (const agent of agents) void arrives(agent);
    await world.until(() => there === agents.length, 60_000);
    prepare?.(stage);
    world.lazyMs = chance.pick([0, 400, 900]);

    const act = deeds(acting(stage, { customers, agents }, history, () => marked?.(stage)));
    let open = plan.steps.length;
    const failed: unknown[] = [];
    const begin = (place: number, since: number): void => {
      const step = plan.steps[place];
      if (step === undefined) return;
      world.after(step.at - since, () => {
        begin(place + 1, step.at);
        act(step.deed)
          .catch((reason: unknown) => failed.push(reason))
          .finally(() => (open -= 1));
      });
    };
    begin(0, 0);
    await world.until(() => open === 0 || failed.length > 0, 3_600_000);
    await calm(stage);
    if (failed.length > 0) throw failed[0];
    const { evidence, broken } = await judged(stage, history);
    return {
      broken,
      evidence,
      notes: world.notes,
      happened: world.happened(),
      struck: stage.struck,
      came: history.came,
    };
  } finally {
    stage.close();
  }
}

/** The last fault is over: whoever stood still goes on, and everything works. */
async function calm({ world, weather, instances }: Stage): Promise<void> {
  Object.assign(weather, { store: 0, channel: 0, hangs: false });
  for (const instance of instances) instance.frozenUntil = Math.min(instance.frozenUntil, world.now());
  world.note('all is calm');
  await world.until(() => instances.every(({ alive }) => alive), 60_000);
  world.lazyMs = IDLE_MS;
}

/**
 * Half a minute passes, in which all has to come right (I16): most runs are let go as soon as it has, one in four is
 * watched to the end of it.
 */
async function judged(
  stage: Stage,
  history: History,
): Promise<{ readonly evidence: Evidence; readonly broken: readonly Broken[] }> {
  // An erasure that a crash left is looked for once a minute.
  const quietMs =
    QUIET_MS +
    (history.erased.length > 0 ? 60_000 : 0) +
    // Whoever waits for what a dead one had, waits by their own clock for what stood in the other's.
    (skewOf(stage) > WITHIN_MS ? 2 * skewOf(stage) : 0);
  const isPatient = stage.chance.fork('judge').hits(0.25);
  for (let passed = 0; ;) {
    const ms = isPatient ? quietMs : LOOK_MS;
    await stage.world.pass(ms);
    passed += ms;
    const evidence = await evidenceOf(stage, history);
    const broken = brokenIn(evidence, true);
    if (broken.length === 0 || (passed >= quietMs && !hasStirred(evidence))) return { evidence, broken };
  }
}

/** A deadline that fires just as it is looked has its lists and cards yet to follow. */
const STIRRED_MS = 3_000;
const hasStirred = ({ documents, now }: Evidence): boolean =>
  readDocuments(documents).sessions.some(({ audit }) =>
    audit.some(({ writtenAt }) => now - writtenAt < STIRRED_MS),
  );

async function evidenceOf(stage: Stage, history: History): Promise<Evidence> {
  const documents = await settle(stage, stage.documents());
  return {
    now: stage.world.now(),
    skewMs: skewOf(stage),
    skews: stage.skews,
    documents,
    files: stage.files,
    rulesFor,
    ...{
      said: history.said,
      handed: [...history.handed, ...handedIn(stage)],
      redeemed: history.redeemed,
      denied: history.denied,
      taken: history.taken,
      pressed: history.pressed,
    },
    received: receivedIn(stage),
    disturbed: stage.disturbed,
    erased: history.erased,
    gone: new Set(stage.channel.gone.keys()),
  };
}

const skewOf = ({ skews }: Stage): number => Math.max(0, ...skews.values());

/** Transcripts that came as a card, to a page without our kit. */
const handedIn = ({ channel }: Stage): readonly Handed[] =>
  channel.arrived.flatMap(({ activity, at }) => {
    const ours = oursIn(activity);
    const [sid, upTo] = [field(ours?.['state'], 'sid'), field(ours?.['state'], 'seq')];
    const isLine = ours?.['seq'] !== undefined;
    return isLine || typeof sid !== 'string' || typeof upTo !== 'number' ? [] : [{ sid, upTo, at }];
  });

/** Lines of ledgers, as they came. */
const receivedIn = ({ channel }: Stage): readonly ReceivedLine[] =>
  channel.arrived.flatMap(({ how, conversation, activity, by, sentAt, at, doubtful, afterPause }) => {
    const ours = oursIn(activity);
    const { sid, seq } = { sid: ours?.['sid'], seq: ours?.['seq'] };
    if (how !== 'send' || typeof sid !== 'string' || typeof seq !== 'number') return [];
    if (readConversationId(conversation) === undefined) return [];
    return [
      {
        ...{ sid, seq, conversation, by, sentAt, at, doubtful },
        text: typeof activity['text'] === 'string' ? activity['text'] : '',
        ...(afterPause && { afterPause: true as const }),
      },
    ];
  });

/** Lets the world go on until something is there. */
async function settle<T>({ world }: Stage, work: Promise<T>): Promise<T> {
  const state: { value?: T; over: boolean } = { over: false };
  work.then(
    (value) => Object.assign(state, { value, over: true }),
    () => (state.over = true),
  );
  await world.until(() => state.over, 60_000);
  return work;
}
