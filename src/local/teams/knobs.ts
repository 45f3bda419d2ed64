import { type Clock, sleep } from '../../clock.ts';
import { z } from 'zod';
import { Refused } from './http.ts';

const faultShape = z.strictObject({
  status: z.union([403, 404, 412, 429, 500, 502].map((status) => z.literal(status))),
  times: z.int().min(1),
  /** Only writes to this conversation; any when absent. */
  conversation: z.string().optional(),
  /** The error code in the body, such as `MessageWritesBlocked`; one that fits the status when absent. */
  code: z.string().optional(),
  /** Whole seconds, for 429. */
  retryAfter: z.int().min(0).optional(),
  /** The write is done and only its answer is lost: the ambiguous fault. */
  committed: z.boolean().optional(),
});

/** What `POST /local/teams` accepts. A key that is absent stays as it was; `faults` replaces those not used up. */
export const knobsShape = z.strictObject({
  faults: z.array(faultShape).optional(),
  rateLimits: z.boolean().optional(),
  uninstalled: z.array(z.int()).optional(),
  presences: z.record(z.string(), z.string()).optional(),
  roles: z.record(z.string(), z.array(z.string())).optional(),
  delayMs: z.number().min(0).optional(),
  hang: z.boolean().optional(),
});

export type KnobsChange = z.infer<typeof knobsShape>;
type Fault = z.infer<typeof faultShape>;

export interface KnobsState {
  readonly faults: readonly Fault[];
  /** Whether Teams' limits per thread are enforced. */
  readonly rateLimits: boolean;
  /** The numbers of the people who removed or blocked the bot: every write to them is 403 `MessageWritesBlocked`. */
  readonly uninstalled: readonly number[];
  /** What Microsoft Graph tells of people, by their numbers: `Available`, `Busy`, `Away`, `Offline` and so on. */
  readonly presences: Readonly<Record<string, string>>;
  /** The app roles that Entra gives people from now on, by their numbers; others keep those they began with. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** How long every write waits, on the clock, before anything happens. */
  readonly delayMs: number;
  /** Writes wait until this is switched off again, or the local Teams closes. */
  readonly hang: boolean;
}

export type Knobs = ReturnType<typeof teamsKnobs>;

/** Makes the knobs tests turn on the connector. They last as long as the process. */
export function teamsKnobs(clock: Clock) {
  let state: KnobsState = {
    faults: [],
    rateLimits: true,
    uninstalled: [],
    presences: {},
    roles: {},
    delayMs: 0,
    hang: false,
  };
  const hanging = new Set<() => void>();
  let isClosed = false;

  const release = () => {
    for (const proceed of hanging) proceed();
    hanging.clear();
  };

  return {
    state: () => state,
    set: (change: KnobsChange): KnobsState => {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      state = { ...state, ...Object.fromEntries(given) };
      if (!state.hang) release();
      return state;
    },
    /** Refuses what still hangs, before the store goes. */
    close: (): void => {
      isClosed = true;
      release();
    },

    /** Waits as the knobs say, then does the write, or fails it before or after as the next matching fault says. */
    during: async <T>(conversation: string, write: () => T): Promise<T> => {
      if (state.delayMs > 0) await sleep(clock, state.delayMs);
      if (state.hang) await new Promise<void>((proceed) => hanging.add(proceed));
      if (isClosed) throw new Refused(503, 'ServiceUnavailable', 'The local Teams is closing.');
      const fault = take(conversation);
      if (fault && !fault.committed) throw refusal(fault);
      const result = write();
      if (fault) throw refusal(fault);
      return result;
    },
  };

  function take(conversation: string): Fault | undefined {
    const hit = state.faults.find((fault) => (fault.conversation ?? conversation) === conversation);
    if (!hit) return undefined;
    const left = state.faults.flatMap((fault) => (fault === hit ? once(fault) : [fault]));
    state = { ...state, faults: left };
    return hit;
  }
}

const once = (fault: Fault): Fault[] => (fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []);

const codes: Readonly<Record<number, string>> = {
  403: 'MessageWritesBlocked',
  404: 'ConversationNotFound',
  412: 'PreconditionFailed',
  429: 'TooManyRequests',
  500: 'ServiceError',
  502: 'BadGateway',
};

const refusal = (fault: Fault) =>
  new Refused(
    fault.status,
    fault.code ?? codes[fault.status] ?? 'ServiceError',
    'A fault asked for at POST /local/teams.',
    fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) },
  );
