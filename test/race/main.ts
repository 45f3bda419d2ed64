/**
 * `npm run race -- --tokens 1000 --redeemers 50`: links that many open at once, over two processes of production; one of them
 * gets in. `npm run race -- --writes 10000`: lines written into the same sessions at once, beside as many increments of a
 * counter in the framework's `ConversationState`. Fails unless every token has one winner and nothing is lost.
 */
import { parseArgs } from 'node:util';
import { post } from '../soak/post.ts';
import { openStreet } from '../soak/street.ts';
import { lostByBotState } from './bot-state.ts';
import { openBooks } from './ledger.ts';
import { raceTokens } from './tokens.ts';
import { openTown } from './town.ts';
import { raceWrites } from './writes.ts';

const number = { type: 'string', default: '0' } as const;
const { values } = parseArgs({
  options: { tokens: number, redeemers: { type: 'string', default: '50' }, writes: number },
});
const [tokens, redeemers, writes] = [values.tokens, values.redeemers, values.writes].map(Number);
if (!(Number(tokens) + Number(writes) > 0)) {
  console.error('Say what is to race: --tokens N, or --writes N');
  process.exit(1);
}

const letters = post();
const town = await openTown({ instances: 2, hear: letters.hear });
const street = openStreet(town, letters);
const books = openBooks(town);
let isRight = true;

if (tokens !== undefined && tokens > 0) {
  const from = performance.now();
  const races = await raceTokens(street, {
    ...{ tokens, redeemers: redeemers ?? 50, returnsOf: books.returnsOf },
    raced: ({ winners, returns }, count) => {
      if (winners !== 1 || returns !== 1)
        console.log(`Token ${count}: ${winners} winners, ${returns} returns`);
      else if (count % 50 === 0) console.log(`${count} tokens in ${seconds(from)} s`);
    },
  });
  const losers: Record<string, number> = {};
  for (const race of races)
    for (const [answer, count] of Object.entries(race.losers)) losers[answer] = (losers[answer] ?? 0) + count;
  const wrong = races.filter(({ winners, returns }) => winners !== 1 || returns !== 1);
  isRight &&= wrong.length === 0 && races.length === tokens;
  console.log(
    `${races.length} tokens × ${redeemers} redeemers over ${town.instances.length} processes in ${seconds(from)} s: ` +
      `${races.length - wrong.length} with exactly one winner and one return in the audit`,
  );
  for (const [answer, count] of Object.entries(losers)) console.log(`  ${count} × ${answer}`);
  for (const one of wrong) console.log(`  wrong: ${JSON.stringify(one)}`);
}

if (writes !== undefined && writes > 0) {
  const from = performance.now();
  const kept = await raceWrites(street, { writes, ledgerOf: books.ledgerOf });
  const lost = await lostByBotState(writes);
  isRight &&= kept.lost === 0 && kept.doubled === 0 && kept.isDense;
  console.log(
    `${kept.writes} racing writes over ${town.instances.length} processes in ${seconds(from)} s: ${kept.lost} lost, ` +
      `${kept.doubled} doubled, ${kept.isDense ? 'no gap' : 'GAPS'}, ${kept.again} sent again; ` +
      `the framework’s ConversationState lost ${lost} of ${writes} (${Math.round((100 * lost) / writes)} %)`,
  );
}

books.close();
await town.close();
process.exit(isRight ? 0 : 1);

function seconds(from: number): number {
  return Math.round((performance.now() - from) / 1_000);
}
