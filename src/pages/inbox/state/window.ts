/** A stretch of a long list: a row that is there, or so many that only take their room. */
export type Piece = { readonly row: number } | { readonly gap: number; readonly before: number };

/** What is seen of a list: scrolled so far, so high, and how high a row is; px. */
export interface Sight {
  readonly top: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** Rows beyond both edges, so that a flick shows no hole. */
const BEYOND = 20;
/** A list this short is there as a whole. */
const SHORT = 100;

/**
 * Which rows of a long list to make: those in sight and some beyond, and those to be kept (the one with the focus, the
 * open one). Everything between is a gap of its height, so that the list scrolls like a whole one.
 */
export function piecesOf(count: number, sight: Sight, keep: readonly number[] = []): readonly Piece[] {
  if (count <= SHORT) return Array.from({ length: count }, (_, row) => ({ row }));
  const from = Math.floor(sight.top / sight.rowHeight) - BEYOND;
  const to = Math.ceil((sight.top + sight.height) / sight.rowHeight) + BEYOND;
  const seen = Array.from({ length: Math.max(0, Math.min(to, count) - Math.max(from, 0)) }, (_, i) => i);
  const kept = keep.filter((row) => row >= 0 && row < count);
  const rows = [...new Set([...seen.map((i) => i + Math.max(from, 0)), ...kept])].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let next = 0;
  for (const row of rows) {
    if (row > next) pieces.push({ gap: row - next, before: row });
    pieces.push({ row });
    next = row + 1;
  }
  return next < count ? [...pieces, { gap: count - next, before: count }] : pieces;
}
