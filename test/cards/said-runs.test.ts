import { describe, expect, test } from 'vitest';
import { agentCard } from '../../src/cards/agent-cards.ts';
import { plainOf } from '../../src/cards/markdown-runs.ts';
import { saidRuns } from '../../src/cards/said-runs.ts';
import { HOSTILE } from '../pages/hostile.ts';
import { cardFacts, complaints, english, NOW, schemaFaults, textsOf } from './given.ts';

const agent = (text: string) => ({ by: 'agent', text }) as const;
const cardOf = (by: 'agent' | 'customer', text: string) =>
  agentCard({ ...cardFacts, kind: 'active', lastLine: { by, text, at: NOW } }, english);

describe('what was said last, on a card', () => {
  test('has looks where its agent wrote marks, and the spaces between them', () => {
    expect(saidRuns(agent('It **leaves** _tonight_, ~~not~~ `4711`'), 280)).toEqual([
      { type: 'TextRun', text: 'It ' },
      { type: 'TextRun', text: 'leaves', weight: 'Bolder' },
      { type: 'TextRun', text: ' ' },
      { type: 'TextRun', text: 'tonight', italic: true },
      { type: 'TextRun', text: ', ' },
      { type: 'TextRun', text: 'not', strikethrough: true },
      { type: 'TextRun', text: ' ' },
      { type: 'TextRun', text: '4711', fontType: 'Monospace' },
    ]);
  });

  test.each([
    ['# Your parcel\nis here', 'Your parcel is here'],
    ['- one\n- two', '• one • two'],
    ['3. three\n4. four', '3. three 4. four'],
    ['> quoted\n\nanswered', 'quoted answered'],
    ['See [the page](https://www.example.com)', 'See the page'],
    ['above\n\n---\n\nbelow', 'above below'],
  ])('%j is one line without marks', (text, plain) => {
    expect(plainOf(text)).toBe(plain);
    expect(
      saidRuns(agent(text), 280)
        .map(({ text: words }) => words)
        .join(''),
    ).toBe(plain);
  });

  test('is shown as it was written by a customer', () => {
    expect(textsOf(cardOf('customer', '2 ** 3 _is_ *8*'))).toContain('2 ** 3 _is_ *8*');
  });

  test('is cut where the card has no more room, and never empty', () => {
    const cut = saidRuns(agent(`**${'a'.repeat(20)}** ${'b'.repeat(20)}`), 30);
    expect(cut.map(({ text }) => text).join('')).toMatch(/^a{20} b{1,9}…$/u);
    expect(saidRuns(agent('---'), 30)).toMatchObject([{ text: '---' }]);
  });

  test.each(HOSTILE)('does no harm: %j', (text) => {
    const card = cardOf('agent', text);
    expect([...complaints(card, '1.5'), ...schemaFaults(card)]).toEqual([]);
    expect(textsOf(card).join('')).not.toMatch(/\{\{(?!TIME|DATE\()|[\u202a-\u202e]/u);
  });
});
