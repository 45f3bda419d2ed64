import { pause } from '../bench/measure.ts';
import type { FaultRule } from '../../src/local/cosmos/faults.ts';
import { oneOf } from './random.ts';
import type { Instance, Town } from './town.ts';

/** Breaks things, one deed after another, until it is told that it is enough; then everything runs and is whole. */
export type Nemesis = (isOver: (deeds: number) => boolean) => Promise<void>;

/** Kills, stops and lets go of instances, and breaks the store and the channels for a while; one thing at a time. */
export function nemesis(town: Town, random: () => number): Nemesis {
  const between = (least: number, most: number): number => least + random() * (most - least);
  const someone = (): Instance | undefined =>
    oneOf(
      random,
      town.instances.filter(({ origin }) => origin !== undefined),
    );
  const lasting = async (
    what: string,
    begin: () => unknown,
    ms: number,
    end: () => unknown,
  ): Promise<void> => {
    town.history.note('nemesis', { type: 'fault', what, when: 'begins' });
    await begin();
    await pause(ms);
    await end();
    town.history.note('nemesis', { type: 'fault', what, when: 'ends' });
  };

  const deeds: readonly (() => Promise<void>)[] = [
    async () => {
      const one = someone();
      if (one === undefined) return;
      await town.kill(one);
      await pause(between(0, 3_000));
      await town.start(one);
    },
    async () => {
      const one = someone();
      // It wakes as a zombie: others have taken over by then, or not quite.
      if (one !== undefined)
        await lasting(
          `stop ${one.name}`,
          () => one.child?.kill('SIGSTOP'),
          between(1_000, 9_000),
          () => one.child?.kill('SIGCONT'),
        );
    },
    () =>
      lasting(
        'store',
        () => town.storeFaults(storeTrouble(between(0.05, 0.3))),
        between(2_000, 6_000),
        () => town.storeFaults([]),
      ),
    () =>
      lasting(
        'channels',
        () => {
          town.connector.trouble = () => (random() > 0.3 ? undefined : random() < 0.5 ? 'refused' : 'unsure');
        },
        between(2_000, 6_000),
        () => {
          town.connector.trouble = () => undefined;
        },
      ),
  ];
  return async (isOver) => {
    let deck: (typeof deeds)[number][] = [];
    for (let done = 0; !isOver(done); done += 1) {
      // All kinds, in an order by chance, and again.
      if (deck.length === 0) deck = [...deeds].sort(() => random() - 0.5);
      await deck.pop()?.();
      await pause(between(300, 1_500));
    }
  };
}

/** What the service does to a share of its requests: refused, done and not told, throttled, cut off, or late. */
export function storeTrouble(share: number): readonly FaultRule[] {
  const operation = [
    'read',
    'create',
    'replace',
    'upsert',
    'patch',
    'delete',
    'batch',
    'query',
    'feed',
  ] as const;
  const faults: readonly FaultRule['fault'][] = [
    { kind: 'status', status: 503 },
    { kind: 'status', status: 503, committed: true },
    { kind: 'status', status: 429, retryAfterMs: 20 },
    { kind: 'status', status: 449 },
    { kind: 'status', status: 408, committed: true },
    { kind: 'drop', committed: false },
    { kind: 'drop', committed: true },
    { kind: 'delay', ms: 400 },
  ];
  return faults.map((fault) => ({ operation, probability: share / faults.length, fault }));
}

const LONGEST_LIFE_MS = 6_000;

/** Kills instances as fast as they come, each once it has done something and while somebody waits for it. */
export function killings(town: Town, random: () => number): Nemesis {
  let killed = 0;
  const one = async (instance: Instance, isOver: (deeds: number) => boolean): Promise<void> => {
    while (!isOver(killed)) {
      const deeds = 1 + random() * 12;
      const until = Date.now() + LONGEST_LIFE_MS;
      while (Date.now() < until && (instance.answered < deeds || instance.underway === 0)) await pause(5);
      await pause(random() * 40);
      if (isOver(killed)) return;
      killed += 1;
      await town.kill(instance);
      await town.start(instance);
    }
  };
  return async (isOver) => {
    await Promise.all(town.instances.map((instance) => one(instance, isOver)));
  };
}
