import { describe, expect, it } from 'vitest';
import { endingsOf } from '../../src/session/files.ts';
import {
  customerOf,
  readAgentId,
  readConversationId,
  readCustomerId,
  readSessionId,
  sessionIdOf,
} from '../../src/session/ids.ts';
import { isCarriedToCustomer, isForCustomer, type Party } from '../../src/session/ledger.ts';
import { anna, customer } from './given.ts';

const a = (length: number) => 'a'.repeat(length);

describe('an id from outside', () => {
  it.each([
    [
      readCustomerId,
      [`dl_${a(16)}`, `dl_${a(62)}_-`],
      [`dl_${a(15)}`, `dl_${a(65)}`, `x dl_${a(16)}`, `dl_${a(16)}.x`, `dl_${a(15)}/`],
    ],
    [
      readSessionId,
      [`dl_${a(16)}.${a(8)}`, `dl_${a(64)}.${a(40)}`],
      [`dl_${a(16)}.${a(7)}`, `dl_${a(16)}.${a(41)}`, `dl_${a(16)}`, ` dl_${a(16)}.${a(8)}`],
    ],
    [
      readAgentId,
      ['t:o', `${a(64)}:${a(64)}`, 'a-1:B-2'],
      ['t', 't:', ':o', `${a(65)}:o`, `t:${a(65)}`, 't:o:o', 't :o'],
    ],
    [readConversationId, ['c', a(512)], ['', a(513)]],
  ])('is taken when it is one, and nothing else is: %o', (read, good, bad) => {
    expect(good.map((text) => read(text))).toEqual(good);
    expect([...bad, undefined, 42, {}, [good[0]]].map((text) => read(text))).toEqual(
      [...bad, 1, 2, 3, 4].map(() => undefined),
    );
  });

  it('of a session tells its customer, and is made of nothing but two good parts', () => {
    expect(customerOf(sessionIdOf(customer, a(8)))).toBe(customer);
    expect(() => sessionIdOf(customer, 'short')).toThrow(TypeError);
  });
});

const bodies = {
  message: { kind: 'message', text: 'Hello' },
  comment: { kind: 'comment', text: 'asks twice' },
  customer: { kind: 'notice', code: 'queued', to: 'customer', params: {} },
  agent: { kind: 'notice', code: 'offeredToYou', to: 'agent', params: {} },
  both: { kind: 'notice', code: 'expired', to: 'both', params: {} },
} as const;
const parties: readonly Party[] = [
  { kind: 'customer' },
  { kind: 'bot' },
  { kind: 'house' },
  { kind: 'agent', ...anna },
];

describe('of the ledger a customer', () => {
  it('sees what was said and what they are told, and never a comment', () => {
    const seen = Object.entries(bodies).filter(([, what]) => isForCustomer({ what }));
    expect(seen.map(([name]) => name)).toEqual(['message', 'customer', 'both']);
  });

  it('is carried what agents say and the house tells, not their own words, nor the bot’s', () => {
    const carried = parties.filter((by) => isCarriedToCustomer({ by, what: bodies.message }));
    expect(carried.map(({ kind }) => kind)).toEqual(['house', 'agent']);
    expect(isCarriedToCustomer({ by: { kind: 'house' }, what: bodies.agent })).toBe(false);
    expect(isCarriedToCustomer({ by: { kind: 'agent', ...anna }, what: bodies.comment })).toBe(false);
  });
});

it('whoever chooses a file is shown how names of files that may be sent end', () => {
  const types = [
    { type: 'image/jpeg', extensions: ['jpg', 'jpeg'] },
    { type: 'application/pdf', extensions: ['pdf'] },
  ];
  expect(endingsOf({ enabled: true, maxBytes: 1, types })).toEqual(['.jpg', '.jpeg', '.pdf']);
});
