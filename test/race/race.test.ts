import { afterAll, beforeAll, expect, test } from 'vitest';
import { post } from '../soak/post.ts';
import { openStreet, type Street } from '../soak/street.ts';
import { lostByBotState } from './bot-state.ts';
import { openBooks, type Books } from './ledger.ts';
import { raceTokens } from './tokens.ts';
import { openTown, type Town } from './town.ts';
import { raceWrites } from './writes.ts';

let town: Town;
let street: Street;
let books: Books;
beforeAll(async () => {
  const letters = post();
  town = await openTown({ instances: 2, hear: letters.hear });
  street = openStreet(town, letters);
  books = openBooks(town);
});
afterAll(async () => {
  books.close();
  await town.close();
});

test('of twenty browsers that open one link at two servers in one moment, one gets in and the others are told', async () => {
  const races = await raceTokens(street, { tokens: 10, redeemers: 20, returnsOf: books.returnsOf });
  expect(races).toEqual(
    Array.from({ length: 10 }, () => ({ winners: 1, losers: { '409 used': 19 }, returns: 1 })),
  );
});

test('of what a customer and their agent write in one moment at two servers every line is kept, once and in order', async () => {
  const kept = await raceWrites(street, { writes: 200, ledgerOf: books.ledgerOf });
  expect(kept).toMatchObject({ writes: 200, lost: 0, doubled: 0, isDense: true });
});

test('the framework’s own state, written by two bots in one moment, loses some without a word', async () => {
  expect(await lostByBotState(200)).toBeGreaterThan(0);
});
