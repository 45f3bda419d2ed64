import { expect, test } from 'vitest';
import { transcriptCard } from '../../src/cards/transcript-card.ts';
import type { Line } from '../../src/cards/views.ts';
import { arabic, complaints, english, MIN, names, NOW, sid, textsOf } from './given.ts';

const line = (seq: number, given: Partial<Line> = {}): Line => ({
  id: `${sid}:${seq}`,
  sid,
  seq,
  at: NOW + seq * MIN,
  side: 'customer',
  kind: 'message',
  text: `line ${seq}`,
  format: 'plain',
  ...given,
});

test('each line shows who said it and when, in order', () => {
  const card = transcriptCard(
    [
      line(1),
      line(2, { side: 'bot', format: 'markdown', text: '**Hello**' }),
      line(3, { side: 'agent', name: 'Jonas', text: 'one\ntwo' }),
      line(4, { side: 'house', kind: 'notice', text: 'Jonas has ended this chat.' }),
      line(5, { side: 'agent', name: 'Jonas', text: '', attachments: [{}] }),
    ],
    english,
  );
  expect(complaints(card, '1.6')).toEqual([]);
  expect(textsOf(card)).toEqual([
    'Your conversation so far',
    'You · {{TIME(2026-01-05T10:11:00Z)}}',
    'line 1',
    'Assistant · {{TIME(2026-01-05T10:12:00Z)}}',
    '**Hello**',
    'Jonas · {{TIME(2026-01-05T10:13:00Z)}}',
    'one',
    'two',
    'Jonas has ended this chat. · {{TIME(2026-01-05T10:14:00Z)}}',
    'Jonas · {{TIME(2026-01-05T10:15:00Z)}}',
    'A file was sent',
  ]);
});

test('the newest 50 lines show, and that there are earlier ones', () => {
  const texts = textsOf(
    transcriptCard(
      Array.from({ length: 60 }, (_, i) => line(i + 1)),
      english,
    ),
  );
  expect(texts[1]).toBe('Earlier lines are not shown here.');
  expect(texts.filter((text) => /^line \d+$/u.test(text))).toEqual(
    Array.from({ length: 50 }, (_, i) => `line ${i + 11}`),
  );
});

test('lines of another day carry the date', () => {
  const texts = textsOf(transcriptCard([line(1, { at: NOW - 48 * 60 * MIN })], english, NOW));
  expect(texts[1]).toBe('You · {{DATE(2026-01-03T10:10:00Z, SHORT)}} {{TIME(2026-01-03T10:10:00Z)}}');
});

test.each(names)('a line like %j is shown as it was typed, and does no harm', (_, text) => {
  for (const words of [english, arabic]) {
    const card = transcriptCard([line(1, { text }), line(2, { side: 'agent', name: text, text })], words);
    expect(complaints(card, '1.6')).toEqual([]);
    expect(JSON.stringify(card).length).toBeLessThan(10_000);
  }
});

test('an empty transcript is a valid card', () => {
  expect(complaints(transcriptCard([], english), '1.6')).toEqual([]);
});
