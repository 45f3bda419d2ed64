import { isMet, type Measure } from './measure.ts';

/** The measures as lines for people, numbers aligned at their right. */
export function tableOf(measures: readonly Measure[]): string {
  const head = ['measure', 'unit', 'ours', 'framework', 'floor', 'target', 'min', 'max', ''];
  const rows = measures.map((measure) => {
    const { name, unit, ours, framework, floor, most, spread } = measure;
    const numbers = [ours, framework, floor, most, ...spread];
    return [name, unit, ...numbers.map((one) => (one === undefined ? '' : rounded(one))), verdict(measure)];
  });
  const [titles, ...lines] = aligned([head, ...rows]);
  const rule = head
    .map((_, i) => '-'.repeat(widthOf([head, ...rows], i)))
    .join('  ')
    .trimEnd();
  return [titles, rule, ...lines].join('\n');
}

/** What was worked out, not measured: names, values and units. */
export const listOf = (measures: readonly Measure[]): string =>
  aligned(measures.map(({ name, unit, ours }) => [name, unit, rounded(ours)])).join('\n');

/** The same for machines; a `target` is the most that it may be. */
export const jsonOf = (measures: readonly Measure[]): string =>
  `${JSON.stringify(
    {
      measures: measures.map((measure) => {
        const { most, ...rest } = measure;
        return most === undefined ? rest : { ...rest, target: most, met: isMet(measure) };
      }),
    },
    undefined,
    2,
  )}\n`;

function verdict(measure: Measure): string {
  const met = isMet(measure);
  if (met === undefined) return '';
  return met ? 'met' : 'missed';
}

/** The first two to the left, as words; the others, numbers, to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const aside = (cell: string, i: number): string =>
    i < 2 ? cell.padEnd(widthOf(rows, i)) : cell.padStart(widthOf(rows, i));
  return rows.map((cells) => cells.map(aside).join('  ').trimEnd());
}

const widthOf = (rows: readonly (readonly string[])[], column: number): number =>
  Math.max(...rows.map((row) => row[column]?.length ?? 0));

const rounded = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
