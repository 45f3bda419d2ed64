import { describe, expect, test } from 'vitest';
import { agentCard } from '../../src/cards/agent-cards.ts';
import type { AgentCardView, CardStanding } from '../../src/cards/agent-view.ts';
import { cardFacts, complaints, dana, english, languages, MIN, names, NOW, piecesOf, schemaFaults, textsOf } from './given.ts'; // prettier-ignore

const view = (standing: CardStanding, given: Partial<AgentCardView> = {}) =>
  ({ ...cardFacts, ...standing, ...given }) as AgentCardView;
const inputs = (card: unknown) =>
  piecesOf(card).flatMap(({ type, id, value }) =>
    String(type).startsWith('Input.') && /^(?:close|record|removeGuest)\./u.test(String(id))
      ? [[id, value]]
      : [],
  );
const dispositions = ['Resolved', 'Passed on'];
const over = { kind: 'ended', endedAt: NOW, expired: false, takeBackUntil: NOW + MIN } as const;

describe.each(languages)('in $language', (words) => {
  test('Close asks what came of it, with the tab’s choices, and both may be left out', () => {
    const card = agentCard(view({ kind: 'active' }, { dispositions }), words);
    expect([...complaints(card, '1.5'), ...schemaFaults(card)]).toEqual([]);
    expect(inputs(card)).toEqual([
      ['close.disposition', ' '],
      ['close.notes', undefined],
    ]);
    const asked = piecesOf(card).find(({ id }) => id === 'close.disposition');
    expect(asked).toMatchObject({
      choices: [{ value: ' ' }, { title: 'Resolved', value: 'Resolved' }, { value: 'Passed on' }],
    });
    expect(textsOf(card).join()).toContain('Lea Moreau');
  });

  test('within wrap-up what was said of it is put right, an older disposition too', () => {
    const wrapUp = { disposition: 'Of last year', notes: 'Depot asked' };
    const card = agentCard(view(over, { dispositions, wrapUp }), words);
    expect([...complaints(card, '1.5'), ...schemaFaults(card)]).toEqual([]);
    expect(inputs(card)).toEqual([
      ['record.disposition', 'Of last year'],
      ['record.notes', 'Depot asked'],
    ]);
  });

  test('where there are no dispositions only notes are asked for', () => {
    expect(inputs(agentCard(view({ kind: 'active' }), words))).toEqual([['close.notes', undefined]]);
  });

  test('row 76: a guest can be asked to leave again, by name', () => {
    const card = agentCard(view({ kind: 'active' }, { guests: [dana] }), words);
    expect([...complaints(card, '1.5'), ...schemaFaults(card)]).toEqual([]);
    expect(inputs(card)).toContainEqual(['removeGuest.guest', dana.id]);
  });

  test.each(names)('row 95: the story of %j is told newest first, and does no harm', (_, name) => {
    const story = Array.from({ length: 40 }, (_, i) => ({
      at: NOW - i * MIN,
      text: `${name} ${i}`,
    })).reverse();
    const card = agentCard(view({ kind: 'active' }, { story }), words);
    expect([...complaints(card, '1.5'), ...schemaFaults(card)]).toEqual([]);
    const told = textsOf(card).filter((text) => text.includes(' · ') && text.startsWith('{{TIME'));
    expect(told).toHaveLength(12);
    for (const text of told) expect(text.replace(/\\./gu, '')).not.toMatch(/[*_`[\]<>]|:\/\//u);
    expect(textsOf(card)).toContain(words.sentences['card.story.more']);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(28 * 1024);
  });
});

test('links can be withdrawn where one was given, and not else', () => {
  const verbs = (given: Partial<AgentCardView>) =>
    piecesOf(agentCard(view({ kind: 'active' }, given), english)).map(({ verb }) => verb);
  expect(verbs({ linkSent: { lastsMs: MIN } })).toContain('reconnect/revokeLinks');
  expect(verbs({})).not.toContain('reconnect/revokeLinks');
});
