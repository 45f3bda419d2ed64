import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MEASURES, type Measure } from '../../src/telemetry/measures.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const measures = Object.entries<Measure>(MEASURES);

test('the README names every measure, with its unit, what it tells and what it is told apart by', () => {
  const [, table = ''] = /\n\| measure +\|[^\n]*\n\|[- |]+\n((?:\|[^\n]*\n)+)/u.exec(readme) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    measures.map(([name, { kind, unit, says, by }]) => [
      `\`${name}\``,
      kind,
      `\`${unit}\``,
      says,
      by.map((key) => `\`${key}\``).join(', ') || '–',
    ]),
  );
});

test('durations are in seconds, and names are such as OpenTelemetry takes', () => {
  for (const [name, { unit }] of measures) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/u);
    if (name.endsWith('.duration') || name.endsWith('.lag')) expect(unit).toBe('s');
  }
});
