import type { ConversationReference, TurnContext } from 'botbuilder';
import type { Clock } from '../../clock.ts';
import { HandoffError } from '../../handoff/errors.ts';
import type { Sent } from '../../handoff/ports.ts';

/** The one thing we need of the framework's adapter to speak unasked; `CloudAdapter` and `TestAdapter` have it. */
export interface ProactiveAdapter {
  readonly continueConversationAsync: (
    botAppId: string,
    reference: Partial<ConversationReference>,
    logic: (context: TurnContext) => Promise<void>,
  ) => Promise<void>;
}

/** `continueConversationAsync` invents an activity to reply to, and Web Chat holds replies to unknown ones for 5 s. */
export function withoutReplyTo(context: TurnContext): void {
  context.onSendActivities((_, activities, next) => {
    for (const activity of activities) delete activity.replyToId;
    return next();
  });
}

/**
 * Makes this turn's calls to the channel one attempt each, which ends with `signal`. The SDK's client would send again
 * for minutes behind our back, and what then arrives late overtakes other lines, or comes after its customer has moved.
 */
export function oneAttempt(
  context: TurnContext,
  signal: AbortSignal,
  isLate: () => boolean = () => false,
): void {
  const client: unknown = context.turnState.get(context.adapter.ConnectorClientKey);
  const pipeline = pipelineOf(client);
  pipeline?.removePolicy({ name: 'defaultRetryPolicy' });
  pipeline?.addPolicy({
    name: 'oneAttempt',
    sendRequest: (request, next) => {
      // A process that slept goes on with what it was about before any of its timers can stop it.
      if (isLate()) return Promise.reject(new DOMException('The attempt is over', 'AbortError'));
      request.abortSignal = signal;
      return next(request);
    },
  });
}

interface Pipeline {
  readonly removePolicy: (which: { readonly name: string }) => unknown;
  readonly addPolicy: (policy: {
    readonly name: string;
    readonly sendRequest: (
      request: { abortSignal?: AbortSignal },
      next: (request: unknown) => Promise<unknown>,
    ) => Promise<unknown>;
  }) => void;
}

/** The pipeline of a connector's client; other adapters have none. */
function pipelineOf(client: unknown): Pipeline | undefined {
  const inner: unknown =
    typeof client === 'object' && client !== null ? Reflect.get(client, 'client') : undefined;
  const pipeline: unknown =
    typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'pipeline') : undefined;
  const fits =
    typeof pipeline === 'object' &&
    pipeline !== null &&
    'removePolicy' in pipeline &&
    'addPolicy' in pipeline;
  return fits ? (pipeline as Pipeline) : undefined;
}

/** Runs one turn unasked, ended by our own deadline or by the caller: a hang would keep everything behind it. */
export async function withinDeadline(
  clock: Clock,
  run: (signal: AbortSignal, isLate: () => boolean) => Promise<Sent>,
  stopped?: AbortSignal,
): Promise<Sent> {
  const over = new AbortController();
  const until = clock.now() + DEADLINE_MS;
  const isLate = (): boolean => clock.now() >= until;
  const end = (): void => over.abort();
  const cancel = clock.after(DEADLINE_MS, end);
  // Not AbortSignal.any: what that makes outlives several collections, and there is one for every line.
  if (stopped?.aborted === true) end();
  stopped?.addEventListener('abort', end);
  const ended = new Promise<Sent>((resolve) => {
    const give = (): void => resolve({ outcome: 'ambiguous' });
    if (over.signal.aborted) give();
    over.signal.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([run(over.signal, isLate).catch(sentOf), ended]);
  } finally {
    cancel();
    stopped?.removeEventListener('abort', end);
  }
}

const DEADLINE_MS = 9_000;
const TRY_AGAIN: ReadonlySet<number> = new Set([412, 429, 502, 503, 504]);
/** Teams' `MessageWritesBlocked`, or the bot was removed. */
const BLOCKED = 403;
/** No such conversation, or activity. */
const GONE: ReadonlySet<number> = new Set([404, 410]);
/** Our own credentials are not taken: nobody is gone by that, and it takes somebody to mend it. */
const NOT_US = 401;
const NOT_US_MS = 5_000;
/** Given up by the channel, which may have taken it in. */
const TIMED_OUT = 408;

/** What a failed send means, by its status: refused for now, refused for good, gone, or broken midway. */
export function sentOf(reason: unknown): Sent {
  if (reason instanceof HandoffError && reason.code === 'channel_gone') return { outcome: 'gone' };
  const status = statusOf(reason);
  // What no connection broke has failed at what was to be sent, such as a middleware of the bot's.
  if (status === undefined)
    return { outcome: 'ambiguous', ...(!isBrokenConnection(reason) && { answered: true }) };
  if (status === BLOCKED) return { outcome: 'gone', blocked: true };
  if (TRY_AGAIN.has(status)) return { outcome: 'later', afterMs: retryAfter(reason) ?? 1_000 };
  if (status === NOT_US) return { outcome: 'later', afterMs: NOT_US_MS };
  if (GONE.has(status)) return { outcome: 'gone' };
  return status >= 500 || status === TIMED_OUT
    ? { outcome: 'ambiguous', answered: true }
    : { outcome: 'refused' };
}

/** What a refusal says of when to come again, ms. */
function retryAfter(reason: unknown): number | undefined {
  const response: unknown = Reflect.get(Object(reason) as object, 'response');
  const headers: unknown =
    typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined;
  const get: unknown =
    typeof headers === 'object' && headers !== null ? Reflect.get(headers, 'get') : undefined;
  const said: unknown = typeof get === 'function' ? Reflect.apply(get, headers, ['retry-after']) : undefined;
  const seconds = typeof said === 'string' ? Number(said) : NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : undefined;
}

function statusOf(reason: unknown): number | undefined {
  if (typeof reason !== 'object' || reason === null) return undefined;
  const status: unknown = Reflect.get(reason, 'statusCode');
  return typeof status === 'number' ? status : undefined;
}

function isBrokenConnection(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  return ['RestError', 'AbortError'].includes(reason.name) || typeof Reflect.get(reason, 'code') === 'string';
}
