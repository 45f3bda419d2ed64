import { lineOf, type LineReading } from '../cards/line.ts';
import type { Line } from '../cards/views.ts';
import type { House } from '../handoff/house.ts';
import { customerName } from '../handoff/rows.ts';
import type { Entry } from '../session/ledger.ts';
import type { Session } from '../session/session.ts';

/** Entries of a session as an agent reads them, in its widget's words. */
export function linesOf(
  { widget }: Pick<House, 'widget'>,
  entries: readonly Entry[],
  about: Session,
): readonly Line[] {
  const words = widget(about.widget).agentWords;
  return entries.flatMap(
    (entry) => lineOf(entry, 'agent', words, { customer: customerName(about), fileUrl }) ?? [],
  );
}

/** The tab fetches it with its token, as everything. */
const fileUrl: LineReading['fileUrl'] = (sid, seq, place) =>
  `/api/sessions/${encodeURIComponent(sid)}/files/${seq}/${place}`;
