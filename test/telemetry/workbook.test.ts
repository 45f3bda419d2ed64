import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MEASURES, type Measure } from '../../src/telemetry/measures.ts';

interface Item {
  readonly type: number;
  readonly name: string;
  readonly content: {
    readonly query?: string;
    readonly title?: string;
    readonly resourceType?: string;
    readonly timeContextFromParameter?: string;
    readonly parameters?: readonly { readonly name: string; readonly query?: string }[];
  };
}

const text = readFileSync(new URL('../../deploymentTemplates/workbook.json', import.meta.url), 'utf8');
const workbook = JSON.parse(text) as { readonly version: string; readonly items: readonly Item[] };
const measures = new Map(Object.entries<Measure>(MEASURES));

/** Its queries by name, those that fill a parameter too. */
const queries = workbook.items.flatMap(({ name, content }) => [
  ...(content.query === undefined ? [] : [[name, content.query] as const]),
  ...(content.parameters ?? []).flatMap((one) =>
    one.query === undefined ? [] : [[one.name, one.query] as const],
  ),
]);

const all = (query: string, pattern: RegExp): readonly string[] =>
  [...query.matchAll(pattern)].map(([, found = '']) => found);
/** What a query asks of `customMetrics`, by name. */
const asked = (query: string): readonly string[] => [
  ...all(query, /\bname == "([^"]+)"/gu),
  ...all(/\bname in \(([^)]*)\)/u.exec(query)?.[1] ?? '', /"([^"]+)"/gu),
];
const keys = (query: string): readonly string[] => all(query, /customDimensions\["([^"]+)"\]/gu);

describe('the workbook asks for what the house measures', () => {
  test.each(queries)('%s: of measures there are, told apart by what they are told apart by', (_, query) => {
    expect(query).toMatch(/^customMetrics\n/u);
    const names = asked(query);
    expect(names).not.toEqual([]);
    const known = names.flatMap((name) => measures.get(name)?.by ?? [`there is no ${name}`]);
    for (const key of keys(query)) expect(known).toContain(key);
    for (const name of names) expect([...measures.keys()]).toContain(name);
    // A count comes as its sum; what a spread came to, and how often, are two things.
    for (const name of names) {
      const { kind } = measures.get(name) ?? {};
      if (kind === 'count') expect(query).not.toContain('valueCount');
      expect(query).not.toMatch(/\bsum\(value\)/u);
    }
  });

  test('every measure stands in it', () => {
    const shown = new Set(queries.flatMap(([, query]) => asked(query)));
    expect([...measures.keys()].filter((name) => !shown.has(name))).toEqual([]);
  });

  test('and every step of the funnel that it names is one', () => {
    const steps = queries.flatMap(([, query]) => [
      ...all(query, /\bstep == "([^"]+)"/gu),
      ...all(/\bstep in \(([^)]*)\)/u.exec(query)?.[1] ?? '', /"([^"]+)"/gu),
    ]);
    expect(steps.length).toBeGreaterThan(5);
    const { says } = MEASURES['reconnect.funnel'];
    for (const step of steps) expect(says).toMatch(new RegExp(`\\b${step}\\b`, 'u'));
  });

  test('row 94: it shows funnel, same agent, hold minutes and time to answer', () => {
    const titles = workbook.items.map(({ content: { title = '' } }) => title).join('\n');
    for (const word of [/offer to the return/u, /same agent/u, /Minutes of agents' places/u, /next line/u])
      expect(titles).toMatch(word);
  });
});

test('the workbook can stand in an ARM template as it is', () => {
  expect(workbook.version).toBe('Notebook/1.0');
  // A template takes what begins so for an expression of its own.
  const taken: string[] = [];
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string' && value.startsWith('[')) taken.push(value);
    return value;
  });
  expect(taken).toEqual([]);
  const names = workbook.items.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { content } of workbook.items.filter(({ type }) => type === 3)) {
    expect(content.resourceType).toBe('microsoft.insights/components');
    expect(content.timeContextFromParameter).toBe('TimeRange');
  }
});
