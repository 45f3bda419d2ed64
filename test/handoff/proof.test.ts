import { expect, test } from 'vitest';
import { isSame } from '../../src/handoff/peppers.ts';
import { proofs, streamIn } from '../../src/handoff/proof.ts';
import type { PromptAnswer } from '../../src/cards/views.ts';
import { readConversationId, readCustomerId, sessionIdOf, type CustomerId } from '../../src/session/ids.ts';
import { held, withAnna } from '../session/given.ts';

const known = <T>(read: T | undefined): T => {
  if (read === undefined) throw new TypeError('A test gave an id that is none');
  return read;
};
const customer = (name: string): CustomerId => known(readCustomerId(`dl_${name.padEnd(20, '0')}`));
const conversation = (name: string) => known(readConversationId(name));
const [mia, lea] = [customer('mia'), customer('lea')];
const here = conversation('here');

const NEW = { pepper: 'a pepper of at least thirty-two characters' };
const OLD = { pepper: 'another pepper of more than thirty-two characters' };
const house = proofs(NEW);
const session = held().session();

/** Mia presses a button of the prompt she was shown. */
const pressed = (over: Partial<PromptAnswer> = {}, by = house): PromptAnswer => ({
  ...{ choice: 'agent', sid: session.id, epoch: session.epoch, nonce: by.ofPrompt(mia, session, here) },
  ...over,
});

test('a prompt that this house has shown is taken, from whom and where it was shown', () => {
  expect(house.isPrompt(mia, here, pressed())).toBe(true);
  expect(house.isPrompt(lea, here, pressed())).toBe(false);
  expect(house.isPrompt(mia, conversation('there'), pressed())).toBe(false);
});

test('a prompt is worth nothing for another session, another epoch, another line, or another house', () => {
  const { nonce } = pressed();
  const others = [
    pressed({ sid: sessionIdOf(mia, 'another-session') }),
    pressed({ epoch: session.epoch + 1 }),
    pressed({ nonce: `${nonce}x` }),
    pressed({ nonce: nonce.replace('.sales', '.other') }),
    pressed({ nonce: `A${nonce.slice(1)}` === nonce ? `B${nonce.slice(1)}` : `A${nonce.slice(1)}` }),
    pressed({ nonce: '' }),
    pressed({}, proofs(OLD)),
  ];
  expect(others.map((answer) => house.isPrompt(mia, here, answer))).toEqual(others.map(() => false));
  expect(streamIn(pressed())).toBe('sales');
  expect(withAnna().session().stream).toBe('sales');
});

test('a prompt of epoch 12 is no prompt of epoch 1 in a conversation whose name begins with the 2', () => {
  const nonce = house.ofPrompt(mia, { ...session, epoch: 12 }, here);
  expect(house.isPrompt(mia, conversation('2here'), pressed({ epoch: 1, nonce }))).toBe(false);
});

test('a question whether an earlier chat may be seen is answered by whom it was put to, about that chat alone', () => {
  const [earlier, other] = [sessionIdOf(mia, 'earlier-session'), sessionIdOf(mia, 'another-session')];
  const nonce = house.ofShare(mia, earlier);
  expect(nonce).toMatch(/^[\w-]{22}$/u);
  expect(house.isShare(mia, earlier, nonce)).toBe(true);
  expect([
    house.isShare(lea, earlier, nonce),
    house.isShare(mia, other, nonce),
    house.isShare(mia, earlier, proofs(OLD).ofShare(mia, earlier)),
    house.isShare(mia, earlier, nonce.slice(1)),
  ]).toEqual([false, false, false, false]);
});

test('while a pepper is being replaced what was shown before still counts, and new things are signed with the new', () => {
  const rotating = proofs({ ...NEW, previousPepper: OLD.pepper });
  const earlier = sessionIdOf(mia, 'earlier-session');
  expect(rotating.isPrompt(mia, here, pressed({}, proofs(OLD)))).toBe(true);
  expect(rotating.isShare(mia, earlier, proofs(OLD).ofShare(mia, earlier))).toBe(true);
  expect(rotating.ofPrompt(mia, session, here)).toBe(house.ofPrompt(mia, session, here));
  expect(rotating.ofShare(mia, earlier)).toBe(house.ofShare(mia, earlier));
  expect(proofs(OLD).isPrompt(mia, here, pressed({}, rotating))).toBe(false);
});

test('two proofs are one when every character is', () => {
  expect([isSame('abc', 'abc'), isSame('', ''), isSame('abc', 'abd'), isSame('abc', 'abcd')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
