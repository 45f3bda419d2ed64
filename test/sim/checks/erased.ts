import { readErasure } from '../../../src/adapters/cosmos/documents.ts';
import { field } from '../evidence.ts';
import type { Check } from '../invariants.ts';

/** I14: of whoever is erased nothing is left that was said by or to them before; and what was begun is finished. */
export const erased: Check = ({ erased: people, documents }) => {
  const all = [...documents].flatMap(([container, ones]) =>
    ones.map((one) => ({ container, one, json: JSON.stringify(one) })),
  );
  const left = people.flatMap(({ customer, texts }) =>
    all
      .filter(({ json }) => texts.some((text) => json.includes(JSON.stringify(text).slice(1, -1))))
      .map(({ container, one }) => ({
        rule: 'I14',
        what: `${container}: ${String(field(one, 'kind'))} ${String(field(one, 'id'))} of ${customer} is left`,
      })),
  );
  const unfinished = all
    .filter(({ one }) => field(one, 'kind') === 'erasure')
    .map(({ one }) => readErasure(one))
    .filter(({ erasedAt }) => erasedAt === undefined)
    .map(({ customer }) => ({ rule: 'I14', what: `the erasure of ${customer} is not finished` }));
  return [...left, ...unfinished];
};
