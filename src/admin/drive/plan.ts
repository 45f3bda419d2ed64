import { readDuration } from '../../settings/duration.ts';
import type { OptionName, Written } from './options.ts';

/** Something that somebody does. */
export type Act =
  | { readonly does: 'drops'; readonly how: 'silence' | 'window' | 'phone' }
  | {
      readonly does: 'returns';
      readonly by: 'prompt' | 'link' | 'code' | 'page';
      readonly want: 'agent' | 'anyone' | 'fresh';
    }
  | { readonly does: 'customerSays' | 'customerSuspends' | 'leavesMessage' | 'customerEnds' }
  | { readonly does: 'agentSuspends'; readonly backByMs?: number }
  | { readonly does: 'agentSays' | 'givesLink' | 'resumes' | 'closes' }
  | { readonly does: 'agentLeaves' | 'agentSilent' | 'agentBack' };

export interface Timed {
  readonly at: number;
  readonly act: Act;
}

/** A test drive: who does what, and when. All times are ms from the moment the agent takes the chat. */
export interface Plan {
  /** The first one where it is left out. */
  readonly widget?: string;
  readonly signedIn: boolean;
  /** In order. */
  readonly acts: readonly Timed[];
  /** What the agent says who is asked, or whose customer is back to a chat that was set aside. */
  readonly asked: 'nothing' | { readonly answer: 'yes' | 'no'; readonly afterMs: number };
  /** How long after it stands in line a colleague takes it; absent: nobody does. */
  readonly colleagueAfterMs?: number;
  /** When it begins, ms since the epoch; absent: on a Monday morning, or when the work stream opens next. */
  readonly start?: number;
}

/** Thrown with everything that is wrong with a test drive. */
export class PlanError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'PlanError';
    this.faults = faults;
  }
}

const LONGEST_MS = 30 * 24 * 3_600_000;
const [HOW, BY, WANT] = [
  ['silence', 'window', 'phone'],
  ['prompt', 'link', 'code', 'page'],
  ['agent', 'anyone', 'fresh'],
] as const;

/**
 * Reads a test drive as it was written.
 *
 * @throws PlanError naming every option that cannot be read.
 */
export function readPlan(written: Written): Plan {
  const faults: string[] = [];
  const all = (name: OptionName): readonly string[] => {
    const given = written[name] ?? [];
    return (typeof given === 'string' ? [given] : given).filter((text) => text.trim() !== '');
  };
  const timeIn = (name: OptionName, text: string): number => {
    const ms = readDuration(text);
    if (ms === undefined || ms > LONGEST_MS)
      faults.push(`${name}: "${text}" is no time; write one such as "2 min" or "90s", at most 30 d`);
    return ms ?? 0;
  };
  const wordIn = <Word extends string>(
    name: OptionName,
    words: readonly [Word, ...Word[]],
    text: string = words[0],
  ): Word => {
    const found = words.find((word) => word === text.trim());
    if (found === undefined) faults.push(`${name}: "${text}" must be one of ${words.join(', ')}`);
    return found ?? words[0];
  };
  const timed = (name: OptionName, act: (more: readonly string[]) => Act): readonly Timed[] =>
    all(name).map((text) => {
      const [at = '', ...more] = text.split(':');
      return { at: timeIn(name, at), act: act(more) };
    });
  const plain = (name: OptionName, does: Plain): readonly Timed[] => timed(name, () => ({ does }));
  const last = (name: OptionName): string | undefined => all(name).at(-1);

  const [asked = '', after = '20s'] = (last('asked') ?? 'yes').split(':');
  const answer = wordIn('asked', ['yes', 'no', 'nothing'], asked);
  const colleague = last('colleague');
  const start = last('start');
  const startAt = start === undefined ? undefined : Date.parse(start);
  if (Number.isNaN(startAt)) faults.push(`start: "${start ?? ''}" is no moment such as 2026-12-24T11:50Z`);
  const widget = last('widget');
  const plan: Plan = {
    ...(widget !== undefined && { widget }),
    signedIn: wordIn('customer', ['signed-in', 'anonymous'], last('customer')) === 'signed-in',
    acts: [
      ...timed('drop', ([how]) => ({ does: 'drops', how: wordIn('drop', HOW, how) })),
      ...timed('return', (more) => returnIn(more, wordIn)),
      ...plain('says', 'customerSays'),
      ...plain('customer-suspends', 'customerSuspends'),
      ...plain('message', 'leavesMessage'),
      ...plain('ends', 'customerEnds'),
      ...plain('answers', 'agentSays'),
      ...plain('link', 'givesLink'),
      ...timed('suspend', ([backBy]) => ({
        does: 'agentSuspends',
        ...(backBy !== undefined && { backByMs: timeIn('suspend', backBy) }),
      })),
      ...plain('resume', 'resumes'),
      ...plain('close', 'closes'),
      ...plain('agent-leaves', 'agentLeaves'),
      ...plain('agent-silent', 'agentSilent'),
      ...plain('agent-back', 'agentBack'),
    ].toSorted((a, b) => a.at - b.at),
    asked: answer === 'nothing' ? 'nothing' : { answer, afterMs: timeIn('asked', after) },
    ...(colleague !== undefined && { colleagueAfterMs: timeIn('colleague', colleague) }),
    ...(startAt !== undefined && { start: startAt }),
  };
  if (faults.length > 0) throw new PlanError(faults);
  return plan;
}

type Plain =
  | 'customerSays'
  | 'customerSuspends'
  | 'leavesMessage'
  | 'customerEnds'
  | 'agentSays'
  | 'givesLink'
  | 'resumes'
  | 'closes'
  | 'agentLeaves'
  | 'agentSilent'
  | 'agentBack';

/** The way back and the wish may stand in any order, and either may be left out. */
function returnIn(
  more: readonly string[],
  wordIn: <Word extends string>(
    name: OptionName,
    words: readonly [Word, ...Word[]],
    text: string | undefined,
  ) => Word,
): Act {
  const isWish = (text: string): boolean => WANT.some((word) => word === text.trim());
  return {
    does: 'returns',
    by: wordIn(
      'return',
      BY,
      more.find((text) => !isWish(text)),
    ),
    want: wordIn('return', WANT, more.find(isWish)),
  };
}
