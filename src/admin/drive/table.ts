import { sinceStart, type Driven, type Said } from './rows.ts';

/** Writes a test drive as a table of four columns, so wide. */
export function tableOf(driven: Driven, width: number): readonly string[] {
  const times = driven.rows.map(({ at }) => sinceStart(at));
  const time = Math.max(4, ...times.map((text) => text.length));
  const each = Math.max(24, Math.floor((width - time - 9) / 3));
  const widths = [time, each, each, each];
  const line = (cells: readonly (readonly string[])[]): readonly string[] => {
    const wrapped = cells.map((texts, i) => texts.flatMap((text) => wrap(text, widths[i] ?? each)));
    const height = Math.max(1, ...wrapped.map(({ length }) => length));
    return Array.from({ length: height }, (_, i) =>
      wrapped
        .map((texts, j) => (texts[i] ?? '').padEnd(widths[j] ?? each))
        .join(' │ ')
        .trimEnd(),
    );
  };
  const rule = widths.map((one) => '─'.repeat(one)).join('─┼─');
  return [
    `Widget ${driven.widget}; the agent takes the chat on ${begins(driven)}`,
    '',
    ...line([['time'], ['customer'], ['agent'], ['capacity']]),
    ...driven.rows.flatMap(({ customer, agent, capacity }, i) => [
      rule,
      ...line([[times[i] ?? ''], customer.map(shown), agent.map(shown), [capacity]]),
    ]),
    '',
    ...summary(driven),
  ];
}

/** What is done is written plainly, what is read in quotes, where somebody then stands in brackets. */
export function shown({ kind, text }: Said): string {
  switch (kind) {
    case 'does':
      return `→ ${text}`;
    case 'reads':
      return `“${text}”`;
    case 'waits':
      return `(waits for them: “${text}”)`;
    case 'stands':
      return `[${text}]`;
  }
}

/** How it ends, and what it cost. */
export function summary({ ends, use }: Pick<Driven, 'ends' | 'use'>): readonly string[] {
  const long = (ms: number): string => sinceStart(ms).slice(1);
  return [
    `In the end: ${ends}. The agent's place was at work for ${long(use.ownedMs)}, and kept for a customer who was away for ${long(use.heldMs)}.`,
  ];
}

const begins = ({ start, timeZone }: Driven): string =>
  `${new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'full', timeStyle: 'short' }).format(new Date(start))} (${timeZone})`;

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/u)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']);
}
