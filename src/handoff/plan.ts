import { customerOf, type SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { Rules } from '../session/rules.ts';
import { HandoffError } from './errors.ts';
import type { Outcome } from './handle.ts';
import type { AuditRecord, Header } from './header.ts';
import type { Beside } from './ports.ts';
import { step, type Ask, type Step } from './step.ts';

/** An ask whose turn has come or is to come. */
export interface Waiting {
  readonly ask: Ask;
  readonly done: (outcome: Outcome) => void;
  readonly failed: (reason: unknown) => void;
}

/** An ask of this commit, and what it comes to. */
export interface Taken {
  readonly waiting: Waiting;
  readonly step: Step;
  readonly before: Header | undefined;
  readonly beside: readonly Beside[];
}

/** What one commit writes, of which asks, and the asks that are left for the next. */
export interface Plan {
  readonly taken: readonly Taken[];
  readonly rest: readonly Waiting[];
  readonly header: Header;
  readonly audit: AuditRecord | undefined;
  readonly entries: readonly Entry[];
  readonly dedupe: readonly string[];
  readonly beside: readonly Beside[];
  /** The customer's reference is another than before. */
  readonly moved: boolean;
}

/**
 * Takes asks from the front until one changes the session a second time (each version has one audit record of its own)
 * or repeats a key. One that cannot even be judged fails alone. `undefined`: none is left.
 */
export async function planOf(
  sid: SessionId,
  before: Header | undefined,
  asks: readonly Waiting[],
  now: number,
  rulesFor: (widget: string) => Rules,
): Promise<Plan | undefined> {
  const taken: Taken[] = [];
  const keys = new Set<string>();
  let header = before;
  let audit: AuditRecord | undefined;
  let rest: readonly Waiting[] = [];
  for (const [i, waiting] of asks.entries()) {
    const tried = await attempt(sid, header, waiting, now, rulesFor);
    if (tried === undefined) continue;
    const { step: next } = tried;
    // One that uses a key stands or falls with it, and with nobody else.
    const alone = i > 0 && (waiting.ask.beside !== undefined || taken.some(hasBeside));
    const again = alone || next.dedupe.some((key) => keys.has(key));
    if (again || (audit !== undefined && next.audit !== undefined)) {
      rest = asks.slice(i);
      break;
    }
    audit ??= next.audit;
    header = next.header;
    for (const key of next.dedupe) keys.add(key);
    taken.push(tried);
  }
  if (header === undefined || taken.length === 0) return undefined;
  return {
    taken,
    rest,
    header,
    audit,
    entries: taken.flatMap((one) => one.step.entries),
    dedupe: [...keys],
    beside: taken.flatMap((one) => one.beside),
    moved: before !== undefined && header.reference !== before.reference,
  };
}

const hasBeside = ({ waiting }: Taken): boolean => waiting.ask.beside !== undefined;

async function attempt(
  sid: SessionId,
  header: Header | undefined,
  waiting: Waiting,
  now: number,
  rulesFor: (widget: string) => Rules,
): Promise<Taken | undefined> {
  try {
    const next = await step(sid, customerOf(sid), header, waiting.ask, now, rulesFor);
    if (next !== undefined)
      return { waiting, step: next, before: header, beside: besideOf(waiting.ask, next) };
    waiting.failed(new HandoffError('not_found', `There is no session ${sid}`));
    return undefined;
  } catch (reason) {
    waiting.failed(reason);
    return undefined;
  }
}

function besideOf({ beside = [] }: Ask, next: Step): readonly Beside[] {
  if (next.refused !== undefined) return [];
  return typeof beside === 'function' ? beside(next) : beside;
}
