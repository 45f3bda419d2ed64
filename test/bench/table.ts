import type { Measure } from './measure.ts';

/** The measures as lines for people, numbers aligned at their right. */
export function tableOf(measures: readonly Measure[]): string {
  const head = ['measure', 'unit', 'ours', 'framework', 'floor', 'at most', 'min', 'max', ''];
  const rows = measures.map(({ name, unit, ours, framework, floor, most, spread: [min, max] }) => [
    name,
    unit,
    ...[ours, framework, floor, most, min, max].map((one) => (one === undefined ? '' : rounded(one))),
    most === undefined ? '' : ours <= most ? 'met' : 'missed',
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const rounded = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
