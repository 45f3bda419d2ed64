import { createHash } from 'node:crypto';

/** The ARM functions that our template calls and that need nothing but their arguments; those that look further are in `arm.ts`. */
export const FUNCTIONS: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
  and: (...all) => all.every(Boolean),
  coalesce: (...all) => all.find((one) => one !== null) ?? null,
  concat: (...all) => (Array.isArray(all[0]) ? all.flat(1) : all.map(String).join('')),
  contains: (whole, part) => {
    if (typeof whole === 'string') return whole.includes(text(part));
    return Array.isArray(whole) ? whole.includes(part) : Object.hasOwn(table(whole), text(part));
  },
  createArray: (...all) => all,
  createObject: (...all) =>
    Object.fromEntries(all.flatMap((one, i) => (i % 2 === 0 ? [[text(one), all[i + 1]]] : []))),
  empty: (one) =>
    one === null ||
    (typeof one === 'string' || Array.isArray(one) ? one.length === 0 : Object.keys(table(one)).length === 0),
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  false: () => false,
  first: (all) => list(all)[0] ?? null,
  flatten: (all) => list(all).flat(1),
  format: (pattern, ...all) =>
    text(pattern).replaceAll(/\{(\d+)\}/gu, (_, i: string) => `${scalar(all[Number(i)])}`),
  greater: (a, b) => number(a) > number(b),
  guid: (...all) => {
    const hash = createHash('sha256').update(all.map(text).join('|')).digest('hex');
    return [
      hash.slice(0, 8),
      hash.slice(8, 12),
      hash.slice(12, 16),
      hash.slice(16, 20),
      hash.slice(20, 32),
    ].join('-');
  },
  /** In the order of their keys, as the service has them. */
  items: (whole) =>
    Object.entries(table(whole))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ({ key, value })),
  join: (all, sign) => list(all).map(text).join(text(sign)),
  last: (all) => list(all).at(-1) ?? null,
  length: (one) => (typeof one === 'string' || Array.isArray(one) ? one.length : wrong('array', one)),
  less: (a, b) => number(a) < number(b),
  mod: (a, b) => number(a) % number(b),
  mul: (a, b) => number(a) * number(b),
  not: (one) => !bool(one),
  null: () => null,
  or: (...all) => all.some(Boolean),
  padLeft: (whole, length, sign) => text(whole).padStart(number(length), text(sign)),
  range: (from, count) => Array.from({ length: number(count) }, (_, i) => number(from) + i),
  skip: (all, n) => (typeof all === 'string' ? all.slice(number(n)) : list(all).slice(number(n))),
  split: (whole, sign) => text(whole).split(text(sign)),
  startsWith: (whole, part) => text(whole).toLowerCase().startsWith(text(part).toLowerCase()),
  string: (one) => (typeof one === 'string' ? one : JSON.stringify(one)),
  take: (all, n) => (typeof all === 'string' ? all.slice(0, number(n)) : list(all).slice(0, number(n))),
  toLower: (one) => text(one).toLowerCase(),
  tryGet: (whole, ...path) =>
    path.reduce(
      (at: unknown, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, text(key))
          ? Reflect.get(at, text(key))
          : null,
      whole,
    ),
  union: (...all) => [...new Set(all.flatMap(list))],
  uniqueString: (...all) =>
    BigInt(`0x${createHash('sha256').update(all.map(text).join('|')).digest('hex')}`)
      .toString(36)
      .slice(0, 13),
};

const wrong = (wanted: string, one: unknown): never => {
  throw new Error(`${JSON.stringify(one)} is no ${wanted}`);
};
const scalar = (one: unknown): string | number =>
  typeof one === 'string' || typeof one === 'number' ? one : wrong('text', one);
export const text = (one: unknown): string => (typeof one === 'string' ? one : wrong('string', one));
const number = (one: unknown): number => (typeof one === 'number' ? one : wrong('number', one));
export const bool = (one: unknown): boolean => (typeof one === 'boolean' ? one : wrong('bool', one));
export const list = (one: unknown): readonly unknown[] => (Array.isArray(one) ? one : wrong('array', one));
export const table = (one: unknown): Readonly<Record<string, unknown>> =>
  typeof one === 'object' && one !== null && !Array.isArray(one)
    ? Object.fromEntries(Object.entries(one))
    : wrong('object', one);
