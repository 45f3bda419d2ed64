import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Chance } from './chance.ts';

/**
 * Takes over what this process offers of time and chance: `Date`, timers, `Math.random` and the random bytes of
 * `node:crypto`. Most of the house is given its clock and its chance; the framework, the store's SDK, and the keys the
 * house makes take theirs from the process. Importing this file first, before anything that may keep a reference, makes
 * a run depend on its seed alone. It is why simulations have a process of their own.
 */
export interface Source {
  readonly now: () => number;
  readonly after: (ms: number, wake: () => void) => () => void;
  readonly chance: Chance;
}

const RealDate = Date;
const realImmediate = setImmediate;
let source: Source | undefined;

/** What all of it is taken from, from now on. */
export const takeFrom = (given: Source | undefined): void => void (source = given);

/** Comes back once everything that runs without time has run. */
export const settled = (): Promise<void> => new Promise((resolve) => realImmediate(resolve));

const now = (): number => source?.now() ?? RealDate.now();

class GivenDate extends RealDate {
  constructor(...given: [] | [value: string | number | Date]) {
    if (given.length === 0) super(now());
    // `Date` has more parameters than its types let a subclass pass on.
    else super(...(given as [string | number]));
  }
  static override now(): number {
    return now();
  }
}

function wake(run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): object {
  if (source === undefined) throw new Error('A timer was set while no world was there');
  const cancel = source.after(ms, () => run(...given));
  const timer = { cancel, unref: () => timer, ref: () => timer, hasRef: () => false };
  return timer;
}

const realHmac = crypto.createHmac.bind(crypto);
const keyObjects = new Map<string, crypto.KeyObject>();

/** Each request to the store is signed, by a key that is unpacked each time; a few of them are all there are. */
function known(key: crypto.BinaryLike | crypto.KeyObject): crypto.BinaryLike | crypto.KeyObject {
  if (!Buffer.isBuffer(key)) return key;
  const name = key.toString('latin1');
  const made = keyObjects.get(name) ?? crypto.createSecretKey(key);
  keyObjects.set(name, made);
  return made;
}

const cancel = (timer: unknown): void => {
  const stop: unknown =
    typeof timer === 'object' && timer !== null ? Reflect.get(timer, 'cancel') : undefined;
  if (typeof stop === 'function') Reflect.apply(stop, timer, []);
};

const random = (): number => source?.chance.next() ?? 0;

function fill<T extends NodeJS.ArrayBufferView | null>(into: T): T {
  if (into !== null) {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = Math.floor(random() * 256);
  }
  return into;
}

const uuid = (): string => {
  const hex = fill(Buffer.alloc(16)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

const numberBelow = (from: number, below?: number): number =>
  below === undefined ? Math.floor(random() * from) : from + Math.floor(random() * (below - from));

Object.assign(globalThis, {
  Date: GivenDate,
  setTimeout: wake,
  clearTimeout: cancel,
  setInterval: () => {
    throw new Error('Nothing that is simulated may repeat by itself');
  },
});
Math.random = random;
Object.assign(crypto, {
  randomBytes: (size: number) => fill(Buffer.alloc(size)),
  randomFillSync: fill,
  randomInt: numberBelow,
  randomUUID: uuid,
  createHmac: (algorithm: string, key: crypto.BinaryLike | crypto.KeyObject) =>
    realHmac(algorithm, known(key)),
});
Object.assign(crypto.webcrypto, { getRandomValues: fill, randomUUID: uuid });
syncBuiltinESMExports();
