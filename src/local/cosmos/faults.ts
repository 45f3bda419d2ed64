/** What requests are told apart by, for faults and counters; `plan` and `metadata` are the SDK's own questions. */
export type Operation =
  | 'read'
  | 'create'
  | 'replace'
  | 'upsert'
  | 'patch'
  | 'delete'
  | 'batch'
  | 'query'
  | 'feed'
  | 'plan'
  | 'metadata';

/**
 * What goes wrong. `status`: this answer instead; with `committed`, although the work was done. `delay`: later.
 * `hang`: never an answer. `drop`: the connection breaks, before or after the work. `stale`: a read sees the
 * container as it was so many writes ago (at most 100), unless the request's session token asks for more. `partial`, of a
 * batch: nothing is done, and its answer is a 207 in which the step `at` (0 = the first) failed so and all others by it
 * (424); with 0, none says why.
 */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: 401 | 403 | 404 | 408 | 410 | 429 | 449 | 500 | 502 | 503 | 504;
      readonly substatus?: number;
      readonly retryAfterMs?: number;
      readonly committed?: boolean;
    }
  | {
      readonly kind: 'partial';
      readonly status: 0 | 403 | 408 | 410 | 429 | 449 | 500 | 503;
      readonly at?: number;
    }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop'; readonly committed: boolean }
  | { readonly kind: 'stale'; readonly writes: number };

/** When it goes wrong: every condition given must hold. */
export interface FaultRule {
  readonly operation?: Operation | readonly Operation[];
  readonly container?: string;
  /** Lets so many matching requests pass first. */
  readonly skip?: number;
  /** Strikes so often at most. */
  readonly count?: number;
  /** Strikes with this chance, 0 to 1. */
  readonly probability?: number;
  readonly fault: Fault;
}

/** The faults in force. */
export interface Faults {
  /** Adds a rule, after those there are; returns what takes it away again. */
  readonly add: (rule: FaultRule) => () => void;
  readonly clear: () => void;
  /** How often faults have struck since the start. */
  readonly struck: () => number;
}

/** The rules, and the choice among them: the first that matches strikes. */
export function faultRules(random: () => number): Faults & {
  readonly next: (operation: Operation, container: string | undefined) => Fault | undefined;
} {
  let rules: readonly { readonly rule: FaultRule; skip: number; left: number }[] = [];
  let struck = 0;
  const matches = (rule: FaultRule, operation: Operation, container: string | undefined) =>
    (rule.operation === undefined || [rule.operation].flat().includes(operation)) &&
    (rule.container === undefined || rule.container === container);
  return {
    add: (rule) => {
      const added = { rule, skip: rule.skip ?? 0, left: rule.count ?? Infinity };
      rules = [...rules, added];
      return () => void (rules = rules.filter((one) => one !== added));
    },
    clear: () => void (rules = []),
    struck: () => struck,
    next: (operation, container) => {
      for (const one of rules) {
        if (one.left <= 0 || !matches(one.rule, operation, container)) continue;
        if (one.skip > 0) {
          one.skip--;
          continue;
        }
        if (one.rule.probability !== undefined && random() >= one.rule.probability) continue;
        one.left--;
        struck++;
        return one.rule.fault;
      }
      return undefined;
    },
  };
}
