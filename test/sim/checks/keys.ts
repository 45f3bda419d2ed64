import type { Redeemed, StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/** I7: a link or code takes somebody back once, and each one used is one return in the audit. */
export const keys: Check = ({ redeemed }, { sessions }) => [
  ...sessions.flatMap(returnedByKey),
  ...[...new Set(redeemed.map(({ token }) => token))].flatMap((token) =>
    usedOnce(redeemed.filter((one) => one.token === token)),
  ),
];

function returnedByKey({ header, audit, keys: all }: StoredSession): readonly Broken[] {
  const used = all.filter((key) => key.used !== undefined).length;
  const returns = audit
    .flatMap(({ events }) => events)
    .filter((event) => event.type === 'returned' && (event.way === 'link' || event.way === 'code')).length;
  if (used === returns) return [];
  return [
    { rule: 'I7', what: `${header.session.id}: ${used} keys were used and brought ${returns} returns` },
  ];
}

function usedOnce(uses: readonly Redeemed[]): readonly Broken[] {
  const attempts = new Set(uses.map(({ attempt }) => attempt));
  if (attempts.size <= 1) return [];
  return [
    { rule: 'I7', what: `a link took people back ${attempts.size} times: ${[...attempts].join(', ')}` },
  ];
}
