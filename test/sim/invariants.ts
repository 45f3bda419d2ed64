import { delivered } from './checks/delivered.ts';
import { decided } from './checks/decided.ts';
import { erased } from './checks/erased.ts';
import { filed } from './checks/filed.ts';
import { keys } from './checks/keys.ts';
import { ledger } from './checks/ledger.ts';
import { places } from './checks/places.ts';
import { pressed } from './checks/pressed.ts';
import { shown } from './checks/shown.ts';
import { readDocuments, type Evidence, type Read } from './evidence.ts';

/** An invariant that does not hold, by its number (I1–I16), and what shows it. */
export interface Broken {
  readonly rule: string;
  readonly what: string;
}

/** One family of invariants: pure, over what is stored and what people saw. */
export type Check = (evidence: Evidence, read: Read) => readonly Broken[];

/** Hold at any moment. */
const ALWAYS: readonly Check[] = [decided, ledger, keys];
/** Hold once nothing is under way any more. */
const QUIET: readonly Check[] = [delivered, places, shown, pressed, filed, erased];

/**
 * What does not hold of the promise (design 6): I1, I3–I16 as it amends them. I2 does not hold (a customer may have several
 * sessions); I15 is the soak's. `quiet`: nothing is under way, and nobody has done anything for half a minute.
 */
export function brokenIn(evidence: Evidence, quiet: boolean): readonly Broken[] {
  const read = readDocuments(evidence.documents);
  return [...ALWAYS, ...(quiet ? QUIET : [])].flatMap((check) => check(evidence, read));
}
