import { lineOf } from '../cards/line.ts';
import type { Line } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import { customerName } from '../handoff/rows.ts';
import type { Entry } from '../session/ledger.ts';
import type { Session } from '../session/session.ts';

/** Entries as an agent reads them. */
export const linesOf = (entries: readonly Entry[], words: Wording, about: Session): readonly Line[] =>
  entries.flatMap((entry) => lineOf(entry, 'agent', words, { customer: customerName(about) }) ?? []);
