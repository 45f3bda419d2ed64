/** What the store said to one conditional request; everything else it may say is a failure, thrown. */
export type Answer =
  { readonly status: 'ok'; readonly etag: string; readonly resource: unknown } | { readonly status: Refusal };

/** `missing` 404, `exists` 409, `changed` 412. */
export type Refusal = 'missing' | 'exists' | 'changed';

/** A request that failed, as far as it matters for what to do next. */
export interface Failure {
  /** HTTP status; `undefined` when no answer came. */
  readonly status: number | undefined;
  /** What the store says beside it, where it does. */
  readonly substatus?: number | undefined;
  /** Worth another attempt. */
  readonly transient: boolean;
  /** The request may have taken effect although it failed. */
  readonly doubtful: boolean;
  /** What the store asked us to wait, ms. */
  readonly retryAfterMs: number;
}

/** A status met inside a batch, where the SDK throws nothing. */
export class BatchRefused extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`The store refused a batch with ${code}`);
    this.name = 'BatchRefused';
    this.code = code;
  }
}

// 429 too many requests, 449 retry with, 410 partition moved: refused before anything was written.
const REFUSED_FOR_NOW: readonly number[] = [410, 429, 449];
// 408 and the 5xx leave open whether the write landed (the service's own guidance).
const AMBIGUOUS: readonly number[] = [408, 500, 502, 503, 504];
const REFUSALS: Readonly<Record<number, Refusal>> = { 404: 'missing', 409: 'exists', 412: 'changed' };
/** 404 with this sub-status is a replica that lags behind our session token, not an absence. */
const REPLICA_BEHIND = 1002;
/** 403 with these: the region takes no writes, or its account is not there, while another one is made the first. */
const FAILING_OVER: readonly number[] = [3, 1008];

/** The refusal a status stands for, if it is one. */
export const refusalOf = (status: number): Refusal | undefined => REFUSALS[status];

/** Awaits one SDK call and turns the three refusals into values. */
export async function answered(
  call: Promise<{
    readonly statusCode: number;
    readonly substatus?: number;
    readonly etag: string;
    readonly resource?: unknown;
  }>,
): Promise<Answer> {
  try {
    const said = await call;
    // A point read of a missing item resolves; every other call throws.
    if (said.statusCode === 404) return absent(said.substatus);
    return { status: 'ok', etag: said.etag, resource: said.resource };
  } catch (error) {
    const { status, substatus } = statusOf(error);
    if (status === 404) return absent(substatus, error);
    const refusal = status === undefined ? undefined : refusalOf(status);
    if (refusal === undefined) throw error;
    return { status: refusal };
  }
}

/** A document is missing only where nothing more is said: 1003 is a container, or the database, that is not there. */
function absent(substatus: number | undefined, cause?: unknown): Answer {
  if (substatus === undefined || substatus === 0) return { status: 'missing' };
  throw Object.assign(new Error(`The store answered 404/${substatus}`, { cause }), { code: 404, substatus });
}

/** Judges an error of the SDK. Anything that is no failure of the store (a bug) is neither transient nor has a status. */
export function failureOf(error: unknown): Failure {
  const { status, substatus, retryAfterMs } = statusOf(error);
  if (status === undefined) {
    const broken = isBrokenConnection(error);
    return { status, transient: broken, doubtful: broken, retryAfterMs: 0 };
  }
  const refused =
    REFUSED_FOR_NOW.includes(status) ||
    (status === 404 && substatus === REPLICA_BEHIND) ||
    (status === 403 && substatus !== undefined && FAILING_OVER.includes(substatus));
  const doubtful = AMBIGUOUS.includes(status);
  return { status, substatus, transient: refused || doubtful, doubtful, retryAfterMs };
}

interface Told {
  readonly status: number | undefined;
  readonly substatus?: number;
  readonly retryAfterMs: number;
}

/** `items.batch` hides the store's answer in the cause of a bare Error. */
function statusOf(error: unknown): Told {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, substatus, retryAfterInMs } = e as Error &
      Readonly<Record<'code' | 'substatus' | 'retryAfterInMs', unknown>>;
    // A DOMException has a code too, and it is no status.
    if (typeof code !== 'number' || code < 400) continue;
    return {
      status: code,
      ...(typeof substatus === 'number' && { substatus }),
      retryAfterMs: typeof retryAfterInMs === 'number' ? retryAfterInMs : 0,
    };
  }
  return { status: undefined, retryAfterMs: 0 };
}

/** How @azure/identity says that it has no token: its service has none to give just now, or does not answer. */
const NO_TOKEN: ReadonlySet<string> = new Set([
  ...['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'],
]);

/** No answer, or one that was cut: resets, aborts, bodies that end in the middle of their JSON; no token to ask with. */
function isBrokenConnection(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (NO_TOKEN.has(e.name)) return true;
    if (e.name === 'AbortError' || e.name === 'RestError' || e instanceof SyntaxError) return true;
    if (
      'code' in e &&
      typeof e.code === 'string' &&
      /^(E[A-Z]+|REQUEST_SEND_ERROR|TimeoutError|ABORT_ERR)$/.test(e.code)
    )
      return true;
  }
  return false;
}
