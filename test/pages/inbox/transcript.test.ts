import { expect, test } from 'vitest';
import type { Line } from '../../../src/cards/views.ts';
import {
  backSince,
  flappingOf,
  heldFor,
  itemsOf,
  merged,
  unconfirmed,
  type Pending,
} from '../../../src/pages/inbox/state/transcript.ts';
import type { AgentId } from '../../../src/session/ids.ts';
import { sidOf } from './rows.ts';

const sid = sidOf('lea');
const me = 'tenant:mara' as AgentId;
const at = new Date(2026, 4, 4, 10, 0).getTime();
const day = 86_400_000;

const line = (seq: number, part: Partial<Line> = {}): Line => ({
  id: `${sid}:${seq}`,
  sid,
  seq,
  at: at + seq,
  side: 'customer',
  kind: 'message',
  format: 'plain',
  text: `line ${seq}`,
  ...part,
});
const mine = (seq: number, text: string): Line =>
  line(seq, { side: 'agent', by: me, name: 'Mara Lindt', text });
const sent = (text: string, afterSeq: number): Pending => ({
  id: `act-${text}-${afterSeq}`,
  sid,
  kind: 'message',
  text,
  at,
  afterSeq,
  failed: false,
});
const types = (lines: readonly Line[]) => itemsOf(lines, [], me).map((item) => item.type);

test('lines that come twice and out of order are read once, in the order they were said', () => {
  expect(merged([line(1), line(3)], [line(2), line(3)]).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('the part with the bot is folded up to the first word of the house', () => {
  const lines = [
    line(1),
    line(2, { side: 'bot' }),
    line(3),
    line(4, { side: 'house', kind: 'notice' }),
    line(5),
  ];
  expect(types(lines)).toEqual(['day', 'bot', 'notice', 'said']);
});

test('a new day gets its name', () => {
  expect(types([line(1), line(2, { at: at + day })])).toEqual(['day', 'said', 'day', 'said']);
});

test('what one person says within a few minutes stands together', () => {
  const items = itemsOf([line(1), line(2), line(3, { at: at + 600_000 })], [], me);
  expect(items.map((item) => item.type === 'said' && item.follows)).toEqual([false, false, true, false]);
});

test('a line on its way disappears when its own copy comes, not when an older one reads the same', () => {
  expect(unconfirmed([sent('yes', 5)], [mine(4, 'yes')], me)).toHaveLength(1);
  expect(unconfirmed([sent('yes', 5)], [mine(4, 'yes'), mine(6, 'yes')], me)).toHaveLength(0);
});

test('of two equal lines on their way one copy settles one', () => {
  expect(unconfirmed([sent('ok', 1), { ...sent('ok', 1), id: 'other' }], [mine(2, 'ok')], me)).toHaveLength(
    1,
  );
});

test('messages written while the customer is gone are held, comments are not', () => {
  const lines = [mine(1, 'before'), mine(20, 'after'), line(21, { side: 'agent', by: me, kind: 'comment' })];
  expect(heldFor(lines, at + 10)).toBe(1);
});

test('a customer counts as back until an agent has written to them', () => {
  const back = line(2, { side: 'house', kind: 'notice', code: 'customerBack' });
  expect(backSince([line(1), back, line(3)])).toBe(back.at);
  expect(backSince([line(1), back, mine(3, 'hello again')])).toBeUndefined();
  expect(backSince([line(1)])).toBeUndefined();
});

const coming = (seq: number, code: string, part: Partial<Line> = {}) =>
  line(seq, { side: 'house', kind: 'notice', code, ...part });

test('comings and goings with nothing said in between are one thing, under the first one’s key', () => {
  const flaps = [
    coming(2, 'customerGone', { cause: 'silent' }),
    coming(3, 'customerBack'),
    coming(5, 'customerGone', { cause: 'phone' }),
    coming(6, 'holdEnded'),
  ];
  const items = itemsOf([line(1), ...flaps, line(7), coming(8, 'customerGone')], [], me);
  expect(items.map(({ type }) => type)).toEqual(['day', 'said', 'flapping', 'said', 'notice']);
  expect(items[2]).toMatchObject({ key: `${sid}:2`, lines: flaps });
  expect(flappingOf(flaps)).toEqual({ is: 'released', times: 2, cause: 'phone', at: at + 6 });
  expect(flappingOf(flaps.slice(0, 2))).toMatchObject({ is: 'here', times: 1, cause: 'silent' });
});

test('what else changed hands is never folded into comings and goings', () => {
  const lines = [coming(1, 'customerGone'), coming(2, 'toQueue'), coming(3, 'customerBack')];
  expect(types(lines)).toEqual(['day', 'notice', 'notice', 'notice']);
});
