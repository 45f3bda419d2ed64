import { describe, expect, test } from 'vitest';
import { shareCard, tooLateCard, tooLateText, unsureCard } from '../../src/cards/too-late.ts';
import { transcriptCard } from '../../src/cards/transcript-card.ts';
import type { Ended, EndedWhy } from '../../src/cards/views.ts';
import { complaints, english, FORBIDDEN, languages, MIN, NOW, piecesOf, sid, textsOf } from './given.ts';

const WHYS: readonly EndedWhy[] = ['agent', 'customer', 'house', 'quiet', 'away', 'setAside'];
const ended = (given: Partial<Ended> = {}): Ended => ({
  ...{ sid, at: NOW - 40 * MIN, why: 'quiet', agent: 'Jonas', reference: 'K7QF2-M8XD4', nonce: 'once' },
  ...given,
});
const submits = (card: unknown) =>
  piecesOf(card)
    .filter(({ type }) => type === 'Action.Submit')
    .map(({ title, data }) => [title, data]);

test('N10: whoever comes too late reads when and why it ended, and the reference', () => {
  expect(textsOf(tooLateCard(ended(), english, NOW)).join('\n')).toBe(
    'Your chat with Jonas ended at {{TIME(2026-01-05T09:30:00Z)}}: it had been quiet for too long.\nReference K7QF2-M8XD4.',
  );
  expect(tooLateText(ended(), english, NOW)).toBe(
    'Your chat with Jonas ended 40 minutes ago: it had been quiet for too long. Reference K7QF2-M8XD4.',
  );
});

test('A29: both ways on are there, with the history and without', () => {
  const share = { earlier: sid, nonce: 'once' };
  expect(submits(tooLateCard(ended(), english, NOW))).toEqual([
    ['New chat with my history', { reconnect: { share: { ...share, yes: true } } }],
    ['New chat', { reconnect: { share: { ...share, yes: false } } }],
  ]);
});

test('A28: where the widget sends them stands there as a button', () => {
  const url = 'https://www.example.com/sorry';
  const card = tooLateCard(ended({ redirect: url }), english, NOW);
  expect(piecesOf(card).find(({ type }) => type === 'Action.OpenUrl')).toMatchObject({ url });
});

test('N5: whoever starts fresh is asked, and yes is one button, no the other', () => {
  const share = { earlier: sid, nonce: 'once' };
  expect(submits(shareCard(share, english))).toEqual([
    ['Yes', { reconnect: { share: { ...share, yes: true } } }],
    ['No', { reconnect: { share: { ...share, yes: false } } }],
  ]);
});

test('row 97: when we cannot tell, both are offered', () => {
  expect(submits(unsureCard(english))).toEqual([
    ['Try again', { reconnect: { again: true } }],
    ['New chat', { reconnect: { again: false } }],
  ]);
});

test('row 16: who came back unasked can still start fresh from the transcript', () => {
  const answer = { sid, epoch: 2, nonce: 'once', choice: 'fresh' } as const;
  expect(submits(transcriptCard([], english, NOW, answer))).toEqual([['Start fresh', { reconnect: answer }]]);
  expect(submits(transcriptCard([], english, NOW))).toEqual([]);
});

describe.each(languages)('in $language', (words) => {
  const cards: readonly (readonly [string, unknown])[] = [
    ...WHYS.flatMap((why): readonly (readonly [string, unknown])[] => [
      [`too late, ${why}`, tooLateCard(ended({ why }), words, NOW)],
      [
        `too late, ${why}, nobody had it`,
        tooLateCard(ended({ why, agent: undefined } as unknown as Partial<Ended>), words, NOW),
      ],
    ]),
    ['share', shareCard({ earlier: sid, nonce: 'once' }, words)],
    ['unsure', unsureCard(words)],
  ];
  test.each(cards)('"%s" is a valid card in plain words', (_, card) => {
    expect(complaints(card, '1.6')).toEqual([]);
    for (const text of textsOf(card))
      expect(text.replace(/\{\{[^}]*\}\}/gu, '')).not.toMatch(/undefined|null|NaN|[{}]/u);
    expect(String(Reflect.get(card as object, 'speak'))).not.toMatch(FORBIDDEN);
  });
});
