const LOOK_MS = 250;
/** As long as a claim on a session lasts, and a little more. */
const WITHIN_MS = 5_000;
/** Half of what a carrier has left to write its mark in, before its claim ends; the store may be as late. */
const STALL_MS = 500;

/**
 * Tells when this process has not run for so long, at once or in several pieces, that others may have taken it for
 * dead: on a busy machine it happens without a nemesis, and means the same.
 */
export function watchStalls(tell: (ms: number) => void): () => void {
  let last = Date.now();
  let late: { readonly at: number; readonly ms: number }[] = [];
  const timer = setInterval(() => {
    const now = Date.now();
    late = [...late.filter(({ at }) => at > now - WITHIN_MS), { at: now, ms: now - last - LOOK_MS }];
    last = now;
    const lost = late.reduce((sum, { ms }) => sum + Math.max(0, ms), 0);
    if (lost < STALL_MS) return;
    const [first = { at: now, ms: 0 }] = late;
    late = [];
    tell(now - first.at + first.ms + LOOK_MS);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
