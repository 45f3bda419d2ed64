import type { Step } from '../session/timeline.ts';
import { fill, isKey, type Wording } from './fill.ts';
import { noticeValues } from './notice-values.ts';

/** One step as the tab shows it; JSON on the wire. */
export interface TimelineStep extends Step {
  readonly text: string;
}

/** Says one step of how a session came to where it is, to its agents: its sentence, in the variant it chose, and more. */
export function timelineText(
  { code, params }: Pick<Step, 'code' | 'params'>,
  reading: { readonly words: Wording; readonly now: number; readonly customer?: string | undefined },
): string {
  const { words } = reading;
  const base = `why.${code}`;
  const values = noticeValues(params, { ...reading, audience: 'agent' });
  const variants = ['why', 'by', 'cause', 'way'].flatMap((name) =>
    params[name] === undefined ? [] : [`${base}.${params[name]}`],
  );
  const chosen = variants.find((key) => isKey(words, key)) ?? base;
  const given = Object.keys(params).filter((name) => values[name] !== undefined);
  return [chosen, ...given.map((name) => `${base}+${name}`)]
    .flatMap((key) => (isKey(words, key) ? [fill(words, key, values)] : []))
    .join(' ');
}
