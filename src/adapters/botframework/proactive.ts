import type { ConversationReference, TurnContext } from 'botbuilder';
import type { Clock } from '../../clock.ts';
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
export function oneAttempt(context: TurnContext, signal: AbortSignal): void {
  const client: unknown = context.turnState.get(context.adapter.ConnectorClientKey);
  const pipeline = pipelineOf(client);
  pipeline?.removePolicy({ name: 'defaultRetryPolicy' });
  pipeline?.addPolicy({
    name: 'oneAttempt',
    sendRequest: (request, next) => {
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
  run: (signal: AbortSignal) => Promise<Sent>,
  stopped?: AbortSignal,
): Promise<Sent> {
  const over = new AbortController();
  const cancel = clock.after(DEADLINE_MS, () => over.abort());
  const signal = stopped === undefined ? over.signal : AbortSignal.any([over.signal, stopped]);
  const ended = new Promise<Sent>((resolve) => {
    signal.addEventListener('abort', () => resolve({ outcome: 'ambiguous' }), { once: true });
  });
  try {
    return await Promise.race([run(signal).catch(sentOf), ended]);
  } finally {
    cancel();
  }
}

const DEADLINE_MS = 9_000;
const TRY_AGAIN: ReadonlySet<number> = new Set([412, 429, 502, 503, 504]);
/** Teams' `MessageWritesBlocked`, or the bot was removed. */
const BLOCKED = 403;

/** What a failed send means, by its status: refused for now, refused for good, or broken midway. */
export function sentOf(reason: unknown): Sent {
  const status = statusOf(reason);
  if (status === undefined) return { outcome: 'ambiguous' };
  if (status === BLOCKED) return { outcome: 'gone', blocked: true };
  if (TRY_AGAIN.has(status)) return { outcome: 'later', afterMs: retryAfter(reason) ?? 1_000 };
  return status >= 500 ? { outcome: 'ambiguous' } : { outcome: 'gone' };
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
