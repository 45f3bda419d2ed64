import { HandoffError } from '../../src/handoff/errors.ts';
import type { FileParts } from '../../src/handoff/files.ts';
import type { FetchFile, FileStore, KeptFile } from '../../src/handoff/ports.ts';
import type { Chance } from './chance.ts';
import type { Weather } from './faults.ts';
import type { Traffic } from './store-line.ts';
import type { Body, World } from './world.ts';

/** What lies in the file store, by `<customer>/<id>`; what nobody has yet, by `held/<until>/<id>`. */
export type KeptFiles = Map<string, KeptFile>;

/** So long the house waits for its file store at most. */
const DEADLINE_MS = 6_000;
/** Files are few: it goes wrong with them so many times as often as with the rest. */
const OFTEN = 3;
/** What a channel keeps lies under this; the rest of an address is what is in it. */
export const PLACE = 'https://files.sim/';

/** The address of a text of somebody's, where a channel keeps it. */
export const addressOf = (text: string): string => `${PLACE}${encodeURIComponent(text)}`;

/**
 * The line of one instance to the file store and to the channels' files, in true time. It goes wrong while the store and
 * the channel do: an answer is late, is an error or gets lost, before or after it has taken effect.
 */
export function fileLine(given: {
  readonly kept: KeptFiles;
  readonly world: World;
  readonly body: Body;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly traffic: Traffic;
}): FileParts {
  const { kept, world, body, chance, weather, traffic } = given;

  const call = <T>(what: string, run: () => T, leaves = false): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!body.alive) return;
      const isWrong = weather.store > 0 && chance.hits(OFTEN * weather.store);
      const [arrives, answers] = isWrong ? [chance.hits(0.6), chance.hits(0.3)] : [true, true];
      const lateMs = isWrong ? chance.below(weather.hangs ? 9_000 : 1_500) : 0;
      const [there, back] = [1 + chance.below(20), 1 + chance.below(20)];
      const outlives = chance.hits(0.5);
      if (isWrong) {
        traffic.struck('file store');
        traffic.failed(body, lateMs);
      }
      const fail = (): void =>
        reject(new HandoffError('store_unavailable', `The file store did not answer (${what})`));
      world.after(DEADLINE_MS, fail, body);
      world.after(there + lateMs, () => {
        if (!body.alive && !outlives) return;
        const value = arrives ? run() : undefined;
        if (arrives) traffic.arrived(body, `file ${what}`, leaves);
        world.after(back, () => (value !== undefined && answers ? resolve(value) : fail()), body);
      });
    });
  /** Absence is a value, too. */
  const found = async <T>(what: string, run: () => T | undefined): Promise<T | undefined> =>
    (await call(what, () => ({ value: run() }))).value;
  const put = (name: string, file: KeptFile): Promise<boolean> =>
    call(
      'put',
      () => {
        if (kept.has(name)) return false;
        kept.set(name, file);
        return true;
      },
      true,
    );
  const namesOf = (begin: string): readonly string[] =>
    [...kept.keys()].filter((one) => one.startsWith(begin));
  const drop = (what: string, names: () => readonly string[]): Promise<number> =>
    call(what, () => names().filter((name) => kept.delete(name)).length, true);

  const store: FileStore = {
    put: (customer, id, file) => put(`${customer}/${id}`, file),
    get: (customer, id) => found('get', () => kept.get(`${customer}/${id}`)),
    about: (customer, id) =>
      found('about', () => {
        const file = kept.get(`${customer}/${id}`);
        return file && { name: file.name, type: file.type, size: file.bytes.length };
      }),
    remove: async (customer, id) => {
      await drop('remove', () => [`${customer}/${id}`]);
    },
    list: (customer) =>
      call('list', () => namesOf(`${customer}/`).map((name) => name.slice(customer.length + 1))),
    removeAll: (customer) => drop('removeAll', () => namesOf(`${customer}/`)),
    hold: (until, id, file) => put(`held/${until}/${id}`, file),
    held: (until, id) => found('held', () => kept.get(`held/${until}/${id}`)),
    dropLapsed: (now) =>
      drop('dropLapsed', () => namesOf('held/').filter((name) => Number(name.split('/')[1]) <= now)),
  };
  const fetch: FetchFile = (url, _, stopped) =>
    new Promise((resolve) => {
      const isWrong = weather.channel > 0 && chance.hits(weather.channel);
      const isLost = chance.hits(0.5);
      const lateMs = isWrong ? chance.below(weather.hangs ? 9_000 : 2_000) : 0;
      const unreadable = { fault: 'unreadable' } as const;
      stopped.addEventListener('abort', () => resolve(unreadable));
      if (isWrong) traffic.struck('file fetch');
      const bytes = Buffer.from(decodeURIComponent(url.slice(PLACE.length)));
      world.after(
        2 + chance.below(30) + lateMs,
        () => resolve(isWrong && isLost ? unreadable : { bytes }),
        body,
      );
    });
  return {
    store,
    fetch,
    servedAt: 'https://chat.sim',
    fetchDropped: ({ url }, _, most, stopped) => fetch(url, most, stopped),
  };
}
