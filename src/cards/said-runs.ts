import { textRun, uncomputed, type Element } from './card.ts';
import { runsOf, type Run } from './markdown-runs.ts';
import { shorten, withoutControls } from './names.ts';

/**
 * What somebody said last, as runs on one line of a card, at most `most` characters: agents and bots write Markdown,
 * whose marks become what a run can look like; what customers write is shown as they wrote it.
 */
export function saidRuns(
  { by, text }: { readonly by: 'customer' | 'agent' | 'bot'; readonly text: string },
  most: number,
  look: Readonly<Record<string, unknown>> = {},
): readonly Element[] {
  if (by === 'customer') return [textRun(text, most, look)];
  const runs: Element[] = [];
  let left = most;
  let endsInSpace = true;
  for (const run of runsOf(text)) {
    // Across runs, spaces are one space, as within a line.
    const line = withoutControls(run.text).replace(/\s+/gu, ' ');
    const words = shorten(endsInSpace ? line.trimStart() : line, left);
    if (words === '') continue;
    runs.push({ type: 'TextRun', ...look, text: uncomputed(words), ...looksOf(run) });
    left -= words.length;
    endsInSpace = words.endsWith(' ');
    if (left <= 0) break;
  }
  return runs.length === 0 ? [textRun(text, most, look)] : runs;
}

const looksOf = ({ strong, em, del, code }: Run): Readonly<Record<string, unknown>> => ({
  ...(strong === true && { weight: 'Bolder' }),
  ...(em === true && { italic: true }),
  ...(del === true && { strikethrough: true }),
  ...(code === true && { fontType: 'Monospace' }),
});
