import type { SessionId } from '../session/ids.ts';
import type { Waiting } from './plan.ts';

/** One queue per session: what is asked of a session happens in the order it came, one thing after another. */
export interface Queue {
  readonly ask: (sid: SessionId, waiting: Waiting) => void;
  /** Runs it between this session's asks. */
  readonly inTurn: <T>(sid: SessionId, run: () => Promise<T>) => Promise<T>;
}

/** Commits asks that waited together, and gives back those that are left for the next time. */
export type CommitTogether = (sid: SessionId, together: readonly Waiting[]) => Promise<readonly Waiting[]>;

type Job =
  | { readonly kind: 'ask'; readonly waiting: Waiting }
  | { readonly kind: 'run'; readonly run: () => Promise<void> };

const TOGETHER = 20;

/** Makes the queues; a commit that fails fails every ask in it. */
export function queue(commit: CommitTogether): Queue {
  const queues = new Map<SessionId, Job[]>();

  const enqueue = (sid: SessionId, job: Job): void => {
    const jobs = queues.get(sid);
    if (jobs !== undefined) {
      jobs.push(job);
      return;
    }
    const fresh = [job];
    queues.set(sid, fresh);
    void drain(sid, fresh);
  };
  const drain = async (sid: SessionId, jobs: Job[]): Promise<void> => {
    for (let first = jobs[0]; first !== undefined; first = jobs[0]) {
      if (first.kind === 'run') {
        jobs.shift();
        await first.run();
        continue;
      }
      const together = takeAsks(jobs);
      const left = await commit(sid, together).catch((reason: unknown) => {
        for (const waiting of together) waiting.failed(reason);
        return [];
      });
      jobs.unshift(...left.map((waiting): Job => ({ kind: 'ask', waiting })));
    }
    queues.delete(sid);
  };

  return {
    ask: (sid, waiting) => enqueue(sid, { kind: 'ask', waiting }),
    inTurn: (sid, run) =>
      new Promise((done, failed) => enqueue(sid, { kind: 'run', run: () => run().then(done, failed) })),
  };
}

function takeAsks(jobs: Job[]): readonly Waiting[] {
  const together: Waiting[] = [];
  while (together.length < TOGETHER) {
    const next = jobs[0];
    if (next?.kind !== 'ask') break;
    together.push(next.waiting);
    jobs.shift();
  }
  return together;
}
