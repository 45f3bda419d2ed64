import type { Clock } from '../../clock.ts';
import { sleep } from '../../clock.ts';
import { HandoffError } from '../../handoff/errors.ts';
import type { Log } from '../../handoff/ports.ts';
import { failureOf, type Failure } from './answers.ts';

/** Seconds a whole call may take, and one attempt of it: a lost packet must leave room for another try. */
const CALL_SECONDS = 5;
const ATTEMPT_SECONDS = 3;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 800;

/** One attempt. `doubtful`: an earlier attempt of this call may have landed, so a refusal may be our own echo. */
export type Attempt<T> = (signal: AbortSignal, doubtful: boolean) => Promise<T>;

/** Runs a call until it is answered; `what` names it in logs. */
export type Persist = <T>(what: string, attempt: Attempt<T>) => Promise<T>;

/**
 * Makes the one way to call the store: attempts of at most 3 s, repeated with jitter while the store refuses for now,
 * within 5 s in all. The SDK repeats only 429 by itself, and waits a minute for a connection that hangs.
 *
 * @returns a function that throws `store_unavailable` when time is up or the store refuses for good; other errors are
 *   bugs and pass. Every attempt must be safe to repeat.
 */
export function persistence(clock: Clock, random: () => number, log: Log): Persist {
  return async (what, attempt) => {
    const whole = countdown(clock, CALL_SECONDS);
    let doubtful = false;
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await limited(clock, whole.signal, (signal) => attempt(signal, doubtful));
        } catch (error) {
          const failure = failureOf(error);
          if (!failure.transient && failure.status === undefined) throw error;
          doubtful ||= failure.doubtful;
          const pauseMs = pauseBefore(failure, tries, random);
          if (!failure.transient || whole.over() || pauseMs > CALL_SECONDS * 1000)
            throw gaveUp(what, tries, failure, error, log);
          log('store.retry', { what, status: failure.status, tries });
          await until(whole.signal, sleep(clock, pauseMs));
          if (whole.over()) throw gaveUp(what, tries, failure, error, log);
        }
      }
    } finally {
      whole.stop();
    }
  };
}

function gaveUp(what: string, tries: number, failure: Failure, cause: unknown, log: Log): HandoffError {
  const { status, substatus } = failure;
  log('store.failed', {
    what,
    status,
    ...(substatus !== undefined && substatus > 0 && { substatus }),
    tries,
  });
  return new HandoffError('store_unavailable', `The store ${saidBy(failure)} (${what}, attempt ${tries})`, {
    cause,
  });
}

function saidBy({ status, substatus = 0, transient }: Failure): string {
  if (status === undefined) return 'did not answer in time';
  const answer = `answered ${status}${substatus > 0 ? `/${substatus}` : ''}`;
  // Whoever reads the log must look at roles and credentials, not at the network.
  return (status === 401 || status === 403) && !transient
    ? `does not take our identity: it ${answer}`
    : answer;
}

/** Full jitter under a doubling ceiling; never sooner than the store asked for. */
function pauseBefore(failure: Failure, tries: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  return failure.retryAfterMs + Math.ceil(ceiling * random());
}

async function limited<T>(
  clock: Clock,
  whole: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = countdown(clock, ATTEMPT_SECONDS);
  // Not AbortSignal.any: what that makes outlives several collections, and there is one for every request.
  const ends = (): void => limit.end();
  if (whole.aborted) ends();
  whole.addEventListener('abort', ends);
  try {
    // Raced, because the SDK's own pauses do not listen to the signal.
    return await orAborted(limit.signal, work(limit.signal), give);
  } finally {
    whole.removeEventListener('abort', ends);
    limit.stop();
  }
}

const give = (): never => {
  throw new DOMException('The store did not answer in time', 'AbortError');
};

/** The work, or what is given in its place once the signal is aborted; nothing of it stays behind on the signal. */
async function orAborted<T>(signal: AbortSignal, work: Promise<T>, otherwise: () => T): Promise<T> {
  let ends = (): void => undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    ends = () => resolve('aborted');
  });
  if (signal.aborted) ends();
  signal.addEventListener('abort', ends);
  try {
    const first = await Promise.race([work.then((done) => ({ done })), aborted]);
    return first === 'aborted' ? otherwise() : first.done;
  } finally {
    signal.removeEventListener('abort', ends);
  }
}

const until = (whole: AbortSignal, wait: Promise<void>): Promise<void> =>
  orAborted(whole, wait, () => undefined);

interface Countdown {
  readonly signal: AbortSignal;
  readonly over: () => boolean;
  /** Aborts now. */
  readonly end: () => void;
  readonly stop: () => void;
}

/**
 * Aborts after so many seconds, counted one by one: a clock that is moved forward by an hour takes one of them, and
 * does not cut off every call under way.
 */
function countdown(clock: Clock, seconds: number): Countdown {
  const controller = new AbortController();
  let left = seconds;
  let cancel = () => {};
  const tick = () => {
    cancel = clock.after(1000, () => {
      left -= 1;
      if (left > 0) tick();
      else controller.abort();
    });
  };
  tick();
  return {
    signal: controller.signal,
    over: () => controller.signal.aborted,
    end: () => controller.abort(),
    stop: () => cancel(),
  };
}
