import { expect, test } from 'vitest';
import { lineCard, lineSentCard } from '../../src/cards/line-card.ts';
import type { Status } from '../../src/session/session.ts';
import { complaints, languages, MIN, names, NOW as now, piecesOf, schemaFaults, sid } from './given.ts';

const waiting = { until: now + 60 * MIN, places: [0, 2] };
const statuses: readonly Status[] = ['active', 'disconnected', 'suspended'];

test.each(languages)('row 68: the card that asks whom a line is for is valid, in $language', (words) => {
  for (const [, name] of names) {
    const chats = statuses.map((status) => ({
      sid,
      epoch: 2,
      name,
      status,
      lastLine: { by: 'agent', text: name } as const,
    }));
    const card = lineCard(
      { line: 'x', text: name, chats, more: true, said: name, waiting, names: [name], now },
      words,
    );
    const sent = lineSentCard({ said: name, text: name, names: [name], but: name }, words);
    for (const one of [card, sent]) expect([...complaints(one, '1.5'), ...schemaFaults(one)]).toEqual([]);
    const buttons = piecesOf(card).filter(({ type }) => type === 'Action.Execute');
    expect(buttons.map(({ data }) => data)).toEqual(
      statuses.map(() => ({ sid, epoch: 2, line: 'x', files: waiting })),
    );
    expect(piecesOf(card).find(({ id }) => id === 'text')).toMatchObject({ value: name });
  }
});
