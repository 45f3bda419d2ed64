/** One thing that is measured. */
export interface Measure {
  /** `count` adds up; `spread` keeps count, sum, least and most; `level` is as it was last seen. */
  readonly kind: 'count' | 'spread' | 'level';
  /** As UCUM writes it; durations in seconds. */
  readonly unit: string;
  readonly says: string;
  /** What it is told apart by. */
  readonly by: readonly string[];
}

/** What can come of a way back, from the offer on. */
export const FUNNEL_STEPS = [
  'offered',
  'continued',
  'anyone',
  'fresh',
  'not_me',
  'too_late',
  'failed',
] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];

/**
 * Everything that is measured, by its OpenTelemetry name. The README's table and the workbook's queries are held to it by
 * a test: a measure that is renamed here alone fails.
 */
export const MEASURES = {
  'reconnect.funnel': {
    kind: 'count',
    unit: '{step}',
    says: `steps on the ways back: ${FUNNEL_STEPS.join(', ')}`,
    by: ['reconnect.step', 'reconnect.way', 'reconnect.widget', 'reconnect.reason'],
  },
  'reconnect.reunions': {
    kind: 'count',
    unit: '{return}',
    says: 'returns that have come to an agent, and whether it is the one they had',
    by: ['reconnect.same_agent', 'reconnect.way', 'reconnect.widget'],
  },
  'reconnect.away.duration': {
    kind: 'spread',
    unit: 's',
    says: 'how long those who came back were away',
    by: ['reconnect.way', 'reconnect.widget'],
  },
  'reconnect.hold.duration': {
    kind: 'spread',
    unit: 's',
    says: 'how long an agent’s place was kept blocked, and whether its customer came back to it',
    by: ['reconnect.came_back', 'reconnect.hold', 'reconnect.widget'],
  },
  'reconnect.answer.duration': {
    kind: 'spread',
    unit: 's',
    says: 'from the handoff, the return or a line of the customer’s to the agent’s next line; after a return also whether the agent had the transcript before them',
    by: ['reconnect.after', 'reconnect.way', 'reconnect.transcript_opened', 'reconnect.widget'],
  },
  'reconnect.ladder.steps': {
    kind: 'count',
    unit: '{step}',
    says: 'where a return led, and why: straight back to the agent, set_aside until they resume it, asked, choice, queue',
    by: ['reconnect.step', 'reconnect.reason', 'reconnect.widget'],
  },
  'reconnect.queue.duration': {
    kind: 'spread',
    unit: 's',
    says: 'waits in the line, and how they ended',
    by: ['reconnect.outcome', 'reconnect.stream'],
  },
  'reconnect.queue.length': {
    kind: 'level',
    unit: '{chat}',
    says: 'how many stand in the line, looked at once a minute by one instance; 100 means 100 or more',
    by: ['reconnect.stream'],
  },
  'reconnect.bot.questions': {
    kind: 'count',
    unit: '{question}',
    says: 'questions of the bot’s that bear an id, as they are asked',
    by: ['reconnect.question'],
  },
  'reconnect.bot.questions.repeated': {
    kind: 'count',
    unit: '{question}',
    says: 'of them, asked again in the same chat after a return: answered before, or still open',
    by: ['reconnect.question', 'reconnect.asked_before'],
  },
  'reconnect.turn.duration': {
    kind: 'spread',
    unit: 's',
    says: 'activities taken, the bot’s part of them, what agents did, and deadlines, with what came of it',
    by: ['reconnect.by', 'reconnect.what', 'reconnect.outcome'],
  },
  'reconnect.delivery.duration': {
    kind: 'spread',
    unit: 's',
    says: 'attempts to bring a line or a card to its channel: sent, later, ambiguous, gone',
    by: ['reconnect.to', 'reconnect.what', 'reconnect.outcome'],
  },
  'reconnect.sweep.lag': {
    kind: 'spread',
    unit: 's',
    says: 'how long after their time deadlines were looked at',
    by: [],
  },
  'reconnect.feed.lag': {
    kind: 'spread',
    unit: 's',
    says: 'how far the reader of the change feed is behind',
    by: [],
  },
  'db.client.operation.duration': {
    kind: 'spread',
    unit: 's',
    says: 'requests to the store',
    by: ['db.collection.name', 'db.operation.name', 'db.response.status_code'],
  },
  'azure.cosmosdb.client.operation.request_charge': {
    kind: 'spread',
    unit: '{request_unit}',
    says: 'what they cost',
    by: ['db.collection.name', 'db.operation.name'],
  },
  'http.server.request.duration': {
    kind: 'spread',
    unit: 's',
    says: 'HTTP requests, by the pattern of their route; streams and probes are left out',
    by: ['http.request.method', 'http.route', 'http.response.status_code'],
  },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof MEASURES;

/** One measurement. */
export interface Sample {
  readonly name: MeasureName;
  readonly value: number;
  /** Each one of the measure's `by`. */
  readonly by: Readonly<Record<string, string>>;
}

/** Makes a sample; what is not known is left out. A yes is `true`: Application Insights takes texts only. */
export function sample<Name extends MeasureName>(
  name: Name,
  value: number,
  by: Partial<Record<(typeof MEASURES)[Name]['by'][number], string | boolean | undefined>> = {},
): Sample {
  const known: Record<string, string> = {};
  for (const [key, what] of Object.entries<string | boolean | undefined>(by))
    if (what !== undefined && what !== '') known[key] = String(what);
  return { name, value, by: known };
}

export const seconds = (ms: number): number => Math.max(0, ms) / 1000;
