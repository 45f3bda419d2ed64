import type { Line, Marks, Row } from '../wire/wire.ts';

/** A session as far as it tells what became of its lines. */
export interface Written {
  readonly row: Row | undefined;
  readonly marks: Marks | undefined;
  readonly lines: readonly Line[];
}

/** News of one session may overtake each other: what was delivered or seen stays so. */
export function laterMarks(one: Marks | undefined, other: Marks | undefined): Marks | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const seen = Math.max(one.seen ?? -1, other.seen ?? -1);
  return { delivered: Math.max(one.delivered, other.delivered), ...(seen >= 0 && { seen }) };
}

/** The newest lines that the customer has seen, and has: only they say so, for whoever has one has all before it. */
export function lastMarked({ marks, lines }: Written): Marks {
  const upTo = (most: number) => lines.findLast((line) => isOwn(line) && line.seq <= most)?.seq ?? -1;
  return { delivered: upTo(marks?.delivered ?? -1), seen: upTo(marks?.seen ?? -1) };
}

/** What is told at a line of what became of it, in a word; `undefined`: nothing, or nobody knows. */
export function markText(line: Line, { row, marks, lines }: Written, last: Marks): string | undefined {
  if (!isOwn(line) || row === undefined || marks === undefined) return undefined;
  const { seq } = line;
  if (seq <= (marks.seen ?? -1)) return seq === last.seen ? 'Seen' : undefined;
  const isOver = row.status === 'closed' || row.status === 'expired';
  if (isOver && isAmongUnseen(seq, lines)) return 'Not seen';
  if (seq <= marks.delivered) return seq === last.delivered ? 'Delivered' : undefined;
  if (isOver) return 'Not delivered';
  return isAway(row) ? 'Held' : 'Sent';
}

/** Whether a line was written to the customer. */
const isOwn = ({ side, kind }: Line): boolean => side === 'agent' && kind === 'message';

/** Whether what is sent now waits for its customer. */
export const isAway = (row: Row): boolean =>
  row.status === 'disconnected' || (row.status === 'suspended' && row.customerBackAt === undefined);

/** The notice names the first; whatever came after the last of them was not seen either. */
function isAmongUnseen(seq: number, lines: readonly Line[]): boolean {
  const unseen = lines.findLast(({ code }) => code === 'endedUnseen')?.unseen ?? [];
  return unseen.includes(seq) || seq > (unseen.at(-1) ?? Infinity);
}
