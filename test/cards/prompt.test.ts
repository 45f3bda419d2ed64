import { describe, expect, test } from 'vitest';
import { promptButtons, promptCard, promptText } from '../../src/cards/prompt.ts';
import type { Prompt } from '../../src/cards/views.ts';
import { firstName } from '../../src/cards/names.ts';
import {
  arabic,
  complaints,
  english,
  FORBIDDEN,
  languages,
  MIN,
  names,
  NOW,
  piecesOf,
  prompt,
  sid,
  textsOf,
} from './given.ts';

const titles = (given: Partial<Prompt>) => promptButtons(prompt(given), english).map(({ title }) => title);
const noAgent = { agent: undefined, agentIs: 'unknown' } as unknown as Partial<Prompt>;
const shownOn = (given: Partial<Prompt>, words = english) =>
  textsOf(promptCard(prompt(given), words)).join('\n');

const CASES: Readonly<Record<string, Partial<Prompt>>> = {
  'the agent is here': {},
  'the agent is here, the hold has lapsed': { agentHeldUntil: NOW - MIN },
  'the agent is away': { agentIs: 'away' },
  'the agent is away and said until when': { agentIs: 'away', backAt: NOW + 45 * MIN },
  'the agent is back tomorrow': { agentIs: 'away', backAt: NOW + 24 * 60 * MIN },
  'the agent is busy, and others wait': { agentIs: 'busy', waiting: { count: 3, since: NOW - MIN } },
  'set aside': { status: 'suspended', returnUntil: NOW + 23 * 60 * MIN },
  'in line': { ...noAgent, status: 'disconnected', place: 3 },
  'in line, place unknown': { ...noAgent, status: 'queued' },
  'with the bot': { ...noAgent, status: 'bot' },
  'not verified, others open': {
    name: undefined,
    lastLine: undefined,
    others: [
      { sid, epoch: 1, nonce: 'one', status: 'suspended', agent: 'Tomás', at: NOW - 120 * MIN },
      { sid, epoch: 1, nonce: 'two', status: 'queued', at: NOW - 3 * MIN },
    ],
  } as unknown as Partial<Prompt>,
};

describe('the buttons are titled as people and checks know them', () => {
  test('with an agent to come back to', () => {
    expect(titles({})).toEqual(['Continue with Jonas', 'Anyone, with my history', 'Start fresh']);
  });
  test('in line', () => {
    expect(titles(CASES['in line']!)).toEqual(['Continue in line (3rd)', 'Start fresh']);
    expect(titles({ ...noAgent, status: 'queued' })).toEqual(['Continue in line', 'Start fresh']);
  });
  test('with the bot', () => {
    expect(titles(CASES['with the bot']!)).toEqual(['Continue', 'Start fresh']);
  });
  test('in line after the agent passed, the line is offered, not the agent', () => {
    expect(titles({ status: 'queued', place: 2 })).toEqual(['Continue in line (2nd)', 'Start fresh']);
  });
});

test('each button submits its answer, and nothing else', () => {
  const submits = piecesOf(promptCard(prompt(), english)).filter(({ type }) => type === 'Action.Submit');
  expect(submits.map(({ data }) => data)).toEqual(
    ['agent', 'anyone', 'fresh', 'notMe'].map((choice) => ({
      reconnect: { sid, epoch: 2, nonce: 'once', choice },
    })),
  );
});

test('a customer sees who, how present, the last line and the time left', () => {
  const card = shownOn({});
  expect(card).toContain('Welcome back, Lea');
  expect(card).toContain('You were talking with \nJonas');
  expect(card).toContain('here now, answers at once');
  expect(card).toContain('The last thing said, {{TIME(2026-01-05T10:08:00Z)}}\nIt leaves tonight.');
  expect(card).toContain('Jonas keeps your place for 7 more minutes.');
});

test('after the hold, an agent who is here is not promised at once', () => {
  const card = shownOn({ agentHeldUntil: NOW - 1 });
  expect(card).toContain('will be asked first');
  expect(card).not.toContain('keeps your place');
  expect(card).toContain('You can come back to this chat for 17 more minutes.');
});

test('a customer whose agent is away learns until when, and that to continue is to wait', () => {
  const card = shownOn({ agentIs: 'away', backAt: NOW + 45 * MIN });
  expect(card).toContain('away, back at {{TIME(2026-01-05T10:55:00Z)}}');
  expect(card).toContain('If you continue with Jonas, you wait until then.');
  expect(shownOn({ agentIs: 'away', backAt: NOW + 24 * 60 * MIN })).toContain(
    '{{DATE(2026-01-06T10:10:00Z, SHORT)}} ',
  );
  expect(shownOn({ agentIs: 'away', backAt: NOW - MIN })).toContain('you wait until Jonas is back');
});

test('without a last line, nothing of the conversation shows', () => {
  const card = shownOn({ lastLine: undefined } as unknown as Partial<Prompt>);
  expect(card).not.toContain('last thing');
});

test('one minute is one minute', () => {
  expect(shownOn({ agentHeldUntil: NOW + MIN })).toContain('for 1 more minute.');
  expect(shownOn({ agentHeldUntil: NOW + 80 * MIN })).toContain('for 1 hour, 20 minutes more.');
});

describe.each(languages)('in $language', (words) => {
  test.each(Object.entries(CASES))('the prompt is a valid card and plain words when %s', (_, given) => {
    const card = promptCard(prompt(given), words);
    expect(complaints(card, '1.6')).toEqual([]);
    expect(piecesOf(card).some(({ type }) => type === 'Action.Execute')).toBe(false);
    expect(promptText(prompt(given), words)).not.toMatch(FORBIDDEN);
    for (const text of textsOf(card))
      expect(text.replace(/\{\{[^}]*\}\}/gu, '')).not.toMatch(/undefined|null|NaN|[{}]/u);
  });

  test.each(names)('a name like %j does no harm', (_, name) => {
    const given = prompt({ agent: firstName(name), name, lastLine: { by: 'customer', text: name, at: NOW } });
    const card = promptCard(given, words);
    expect(complaints(card, '1.6')).toEqual([]);
    expect(JSON.stringify(card).length).toBeLessThan(8_000);
    for (const { type, text } of piecesOf(card)) {
      if (type === 'TextBlock') expect(String(text).replace(/\\./gu, '')).not.toMatch(/[*_`[\]<>]|:\/\//u);
    }
    expect(
      textsOf(card)
        .join('')
        .replace(/\{\{TIME\(2026-01-05T10:10:00Z\)\}\}/gu, ''),
    ).not.toMatch(/\{\{|[\u202a-\u202e\n\r]/u);
  });
});

test('an Arabic prompt runs from right to left', () => {
  expect(promptCard(prompt(), arabic)).toMatchObject({ rtl: true, lang: 'ar' });
  expect(promptCard(prompt(), english)).not.toHaveProperty('rtl');
});

test('the prompt can be read aloud', () => {
  expect(promptText(prompt({ agentIs: 'away', backAt: NOW + 45 * MIN }), english)).toBe(
    'Welcome back, Lea. You were talking with Jonas. Jonas is away and plans to be back in 45 minutes. ' +
      'If you continue with Jonas, you wait until then. Jonas keeps your place for 7 more minutes. ' +
      'You can answer: “Continue with Jonas”, “Anyone, with my history”, or “Start fresh”.',
  );
});

describe('row 19: other chats', () => {
  const others = CASES['not verified, others open'];
  const card = () => promptCard(prompt(others), english);
  test('stand behind one button, one button each, and answer like the prompt itself', () => {
    const [shown] = piecesOf(card()).filter(({ type }) => type === 'Action.ShowCard');
    expect(shown?.['title']).toBe('Other chats (2)');
    const submits = piecesOf(shown).filter(({ type }) => type === 'Action.Submit');
    expect(submits.map(({ title }) => title)).toEqual([
      'Tomás · set aside · 2 hours ago',
      'In line · 3 minutes ago',
    ]);
    expect(submits[0]).toMatchObject({
      data: { reconnect: { sid, epoch: 1, nonce: 'one', choice: 'agent' } },
    });
  });
  test('the chat that is meant comes first in the card, for whoever takes the first answer', () => {
    expect(piecesOf(card()).find(({ type }) => type === 'Action.Submit')).toMatchObject({
      data: { reconnect: { nonce: 'once' } },
    });
  });
  test('without any there is no such button', () => {
    expect(piecesOf(promptCard(prompt(), english)).some(({ type }) => type === 'Action.ShowCard')).toBe(
      false,
    );
  });
});

describe('N2: the prompt tells the truth', () => {
  test('an agent who is busy is here', () => {
    expect(shownOn({ agentIs: 'busy' })).toContain('● here now, busy with others too');
    expect(shownOn({ agentIs: 'busy' })).not.toContain('you wait until');
  });
  test.each([
    [1, 'For anyone, 1 person is waiting, for 3 minutes.'],
    [2, 'For anyone, 2 people are waiting, the first for 3 minutes.'],
  ])('%i in line for anyone is said as it stands', (count, said) => {
    expect(shownOn({ waiting: { count, since: NOW - 3 * MIN } })).toContain(said);
    expect(promptText(prompt({ waiting: { count, since: NOW - 3 * MIN } }), english)).toContain(said);
  });
  test('nothing is said of a line in which nobody waits, or that is not offered', () => {
    expect(shownOn({})).not.toContain('waiting');
    expect(shownOn({ ...noAgent, status: 'queued', waiting: { count: 2, since: NOW } })).not.toContain(
      'For anyone',
    );
  });
});
