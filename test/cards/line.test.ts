import { expect, test } from 'vitest';
import { lineOf } from '../../src/cards/line.ts';
import type { Entry, Notice, Party } from '../../src/session/ledger.ts';
import { english, jonas, MIN, NOW, sid } from './given.ts';

const byJonas: Party = { kind: 'agent', ...jonas };
const entry = (by: Party, what: Entry['what']): Entry => ({ sid, seq: 7, at: NOW, by, what });
const notice = (code: Notice['code'], to: Notice['to'], params: Notice['params'] = {}): Entry =>
  entry({ kind: 'house' }, { kind: 'notice', code, to, params });

test('an agent’s message carries the first name for the customer and the full one for agents', () => {
  const said = entry(byJonas, { kind: 'message', text: 'It leaves tonight.', activityId: 'a|7' });
  expect(lineOf(said, 'customer', english)).toEqual({
    id: `${sid}:7`,
    sid,
    seq: 7,
    at: NOW,
    side: 'agent',
    kind: 'message',
    name: 'Jonas',
    text: 'It leaves tonight.',
    format: 'plain',
    activityId: 'a|7',
  });
  expect(lineOf(said, 'agent', english)?.name).toBe('Jonas Weber');
});

test('what a customer typed stays plain text, what the bot said is Markdown', () => {
  const text = '**not bold**';
  expect(lineOf(entry({ kind: 'customer' }, { kind: 'message', text }), 'agent', english)).toMatchObject({
    side: 'customer',
    format: 'plain',
    text,
  });
  expect(lineOf(entry({ kind: 'bot' }, { kind: 'message', text }), 'customer', english)?.format).toBe(
    'markdown',
  );
});

test('a message of attachments only keeps them, and has an empty text', () => {
  const attachments = [{ contentType: 'image/png', contentUrl: 'https://files.example/1' }];
  const suggestedActions = { actions: [{ type: 'imBack', title: 'Yes', value: 'yes' }] };
  expect(
    lineOf(entry({ kind: 'bot' }, { kind: 'message', attachments, suggestedActions }), 'customer', english),
  ).toMatchObject({ text: '', attachments, suggestedActions });
});

test('row 78: a customer never sees a comment, or what is told to agents only', () => {
  const comment = entry(byJonas, { kind: 'comment', text: 'label was torn' });
  expect(lineOf(comment, 'customer', english)).toBeUndefined();
  expect(lineOf(comment, 'agent', english)).toMatchObject({
    kind: 'comment',
    side: 'agent',
    name: 'Jonas Weber',
  });
  expect(lineOf(notice('customerGone', 'agent', { cause: 'phone' }), 'customer', english)).toBeUndefined();
});

test('an agent sees what the customer was told, but not the greetings agents are told in their own words', () => {
  expect(
    lineOf(notice('waitingForResume', 'customer', { agent: jonas.name }), 'agent', english, {
      customer: 'Lea',
    })?.text,
  ).toBe('Lea is back and waits for Jonas.');
  expect(lineOf(notice('welcomeBack', 'customer', { agent: jonas.name }), 'agent', english)).toBeUndefined();
  expect(lineOf(notice('asking', 'customer', { agent: jonas.name }), 'agent', english)).toBeUndefined();
  expect(
    lineOf(notice('welcomeBack', 'customer', { agent: jonas.name }), 'customer', english)?.text,
  ).toContain('Jonas');
});

test('a notice reads the same whenever the transcript is opened', () => {
  const gone = notice('customerGone', 'agent', { cause: 'silent', heldUntil: NOW + 10 * MIN });
  expect(lineOf(gone, 'agent', english, { customer: 'Lea' })).toMatchObject({
    side: 'house',
    kind: 'notice',
    code: 'customerGone',
    format: 'plain',
    text: 'Lea is gone: probably a lost connection. You stay reserved for 10 minutes.',
  });
});

test('N18: agents learn from the line itself why a customer counts as gone', () => {
  expect(lineOf(notice('customerGone', 'agent', { cause: 'phone' }), 'agent', english)?.cause).toBe('phone');
  expect(lineOf(notice('customerBack', 'agent', {}), 'agent', english)).not.toHaveProperty('cause');
});

test('N7: agents learn from the line itself how long a customer was away, and on what they are back', () => {
  const back = notice('customerBack', 'agent', {
    way: 'prompt',
    awayMs: 840_000,
    device: 'phone',
    unread: 2,
  });
  expect(lineOf(back, 'agent', english)).toMatchObject({
    ...{ awayMs: 840_000, device: 'phone' },
    text: 'The customer is back. Away for 14 minutes. Now on a phone. 2 of your messages unread.',
  });
});

test('N8: agents learn from the line itself which messages nobody saw, and customers never read of it', () => {
  const left = notice('endedUnseen', 'agent', { count: 2, lines: '12,14' });
  expect(lineOf(left, 'agent', english)?.unseen).toEqual([12, 14]);
  expect(lineOf(left, 'customer', english)).toBeUndefined();
});
