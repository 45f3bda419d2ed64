import { z } from 'zod';

/** A fault the connector gives the bot instead of (or, with `delivered`, after) doing what it was asked. */
export interface ConnectorFault {
  /** The HTTP status to answer, or `hang`: no answer as long as the connection lives. */
  readonly status: number | 'hang';
  /** How many writes (POST, PUT, DELETE) it takes hold of before it is used up. */
  readonly times: number;
  /** Only writes whose path contains this text, such as a conversation id. */
  readonly path?: string | undefined;
  /** True: the write happens all the same, and only its answer is spoilt. */
  readonly delivered?: boolean | undefined;
}

/** What tests turn; every change takes effect with the next request. Durations in ms of the given clock. */
export interface Knobs {
  /** How long a token lives. The service: 60 minutes in practice, 30 in its documentation. */
  tokenLifeMs: number;
  /** How long activities and uploaded files are handed out. The service: 24 hours. */
  historyLifeMs: number;
  /** How long a silent conversation is known at all. The service: about two weeks. */
  conversationLifeMs: number;
  /** What a reconnect without a watermark replays: all that is kept (the service since 2021), or nothing (its documentation). */
  emptyWatermark: 'all' | 'none';
  /** True: the secret cannot reconnect; only an unexpired token of the conversation can. */
  enhancedAuth: boolean;
  /** Waits this long before a posted activity goes to the bot. */
  botDelayMs: number;
  /** Spoils the next posts, one each: 429 keeps nothing, 502 keeps and echoes the activity but never tells the bot. */
  failNext: (429 | 502)[];
  /** Faults for the bot's writes; the first that fits a request is used. */
  connectorFaults: ConnectorFault[];
  /** The largest JSON body taken, in bytes; uploads may have sixteen times as much. */
  maxBodyBytes: number;
}

const day = 86_400_000;

/** The knobs as the real service would have them. */
export const realKnobs = (): Knobs => ({
  tokenLifeMs: 3_600_000,
  historyLifeMs: day,
  conversationLifeMs: 14 * day,
  emptyWatermark: 'all',
  enhancedAuth: true,
  botDelayMs: 0,
  failNext: [],
  connectorFaults: [],
  maxBodyBytes: 262_144,
});

const duration = z.number().nonnegative();

/** Some knobs, as they come from outside. */
export const someKnobs = z
  .strictObject({
    tokenLifeMs: duration,
    historyLifeMs: duration,
    conversationLifeMs: duration,
    emptyWatermark: z.enum(['all', 'none']),
    enhancedAuth: z.boolean(),
    botDelayMs: duration,
    failNext: z.array(z.union([z.literal(429), z.literal(502)])),
    connectorFaults: z.array(
      z.strictObject({
        status: z.union([z.int().min(200).max(599), z.literal('hang')]),
        times: z.int().positive(),
        path: z.string().optional(),
        delivered: z.boolean().optional(),
      }),
    ),
    maxBodyBytes: z.int().positive(),
  })
  .partial();

/** Turns the knobs that are given and leaves the others. */
export function turn(current: Knobs, changes: z.infer<typeof someKnobs> | Partial<Knobs>): void {
  for (const [name, value] of Object.entries(changes))
    if (value !== undefined) Object.assign(current, { [name]: value });
}
