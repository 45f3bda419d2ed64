const LOOK_MS = 250;
/** Several add up: a claim on a session lasts 4.5 s, is renewed after 2, and the store may be late as well. */
const STALL_MS = 700;

/**
 * Tells when this process has not run for so long that others may have taken it for dead: on a busy machine it happens
 * without a nemesis, and means the same.
 */
export function watchStalls(tell: (ms: number) => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const late = Date.now() - last - LOOK_MS;
    last = Date.now();
    if (late > STALL_MS) tell(late);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
