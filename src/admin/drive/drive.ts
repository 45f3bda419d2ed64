import { overridesFor } from '../../cards/overrides.ts';
import { words as wordsOf } from '../../cards/wording.ts';
import { isOpen, nextOpening } from '../../session/hours.ts';
import { readAgentId } from '../../session/ids.ts';
import type { AgentRef, Session } from '../../session/session.ts';
import { agentOf } from '../../session/whose.ts';
import type { Settings, Widget } from '../../settings/settings.ts';
import { cast as makeCast, type Cast } from './cast.ts';
import { PlanError, type Plan, type Timed } from './plan.ts';
import { rows as makeRows, type Driven, type Rows } from './rows.ts';
import { stage as makeStage, type Stage } from './stage.ts';

/** A Monday, ten in the morning. */
const MONDAY = Date.UTC(2026, 0, 5, 10);
const DAY_MS = 24 * 3_600_000;
/** Whoever is away comes to an end within it; who waits on the page might wait for ever, and is left after a day. */
const LONGEST_MS = 15 * DAY_MS;
const MOST_STEPS = 20_000;

/**
 * Plays a chat under these settings in simulated time: the house's own rules decide what comes of it, and its own words
 * say so. Nothing is stored and nobody is asked.
 *
 * @throws PlanError where the settings have no such widget.
 */
export async function drive(settings: Settings, plan: Plan): Promise<Driven> {
  const widget = widgetOf(settings, plan.widget);
  const start = plan.start ?? opening(widget);
  const agent: AgentRef = {
    id: widget.reconnect.previewAgents[0] ?? agentId('test-drive:anna'),
    name: 'Anna Bell',
  };
  const colleague: AgentRef = { id: agentId('test-drive:ben'), name: 'Ben Ode' };
  const words = wordsOf(widget.language, overridesFor(widget.language, widget.wording));
  const agentWords = wordsOf('en', overridesFor('en', widget.wording));
  const timeZone = widget.rules.hours?.timeZone ?? 'UTC';
  const stage: Stage = makeStage({
    start,
    rules: widget.rules,
    standing: (id) => (id === agent.id ? cast.stands() : { status: 'here', since: start }),
  });
  const rows = makeRows({
    ...{ start, now: stage.now, words, agentWords },
    customer: plan.signedIn ? 'Mia' : undefined,
    reading: { timeZone },
    agents: [agent, colleague],
    capacity: settings.agentCapacity,
  });
  const cast: Cast = makeCast({
    ...{ stage, rows, widget, words, agentWords, agent, colleague, start },
    subject: plan.signedIn ? { kind: 'signedIn', issuer: 'site', name: 'Mia' } : { kind: 'anonymous' },
  });

  await cast.begins();
  rows.stands(stage.session(), stage.isHere());
  await run(plan, { stage, rows, cast, start });
  return {
    widget: widget.id,
    start: new Date(start).toISOString(),
    rows: rows.all(),
    use: rows.use(),
    timeZone,
    ends: rows.ends(),
  };
}

interface Coming {
  readonly at: number;
  readonly run: () => Promise<void>;
}

/** Goes from one moment at which something is done or due to the next. */
async function run(
  plan: Plan,
  {
    stage,
    rows,
    cast,
    start,
  }: { readonly stage: Stage; readonly rows: Rows; readonly cast: Cast; readonly start: number },
): Promise<void> {
  const acts = withLink(plan.acts);
  const lastAct = start + Math.max(0, ...acts.map(({ at }) => at));
  let coming: readonly Coming[] = acts.map(({ at, act }) => ({ at: start + at, run: () => cast.play(act) }));
  /** Nobody answers one question twice. */
  const answered = new Set<string>();
  let restsUntil = 0;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    for (const { question, ...answer } of answersTo(plan, stage, cast)) {
      if (answered.has(question)) continue;
      answered.add(question);
      coming = [...coming, answer].toSorted((a, b) => a.at - b.at);
    }
    const [next, ...others] = coming;
    const due = Math.max(stage.dueAt() ?? Infinity, restsUntil);
    const patience = stage.isHere() ? DAY_MS : LONGEST_MS;
    if (Math.min(due, next?.at ?? Infinity) > lastAct + patience) return;
    if (next !== undefined && next.at < due) {
      coming = others;
      stage.advanceTo(next.at);
      await next.run();
    } else {
      stage.advanceTo(due);
      const fired = await stage.fire();
      // Whoever looks and finds nothing looks again in a second, as the house does.
      restsUntil = fired?.events.length === 0 ? stage.now() + 1_000 : 0;
      if (fired === undefined || fired.events.length === 0) continue;
      rows.lines(fired.entries, stage.isHere());
    }
    rows.stands(stage.session(), stage.isHere());
  }
}

/** Whoever is asked answers in their time, and a colleague takes what stands in line in theirs. */
function answersTo(
  { asked, colleagueAfterMs }: Plan,
  stage: Stage,
  cast: Cast,
): readonly (Coming & { readonly question: string })[] {
  const session = stage.session();
  if (session === undefined) return [];
  if (session.status === 'queued') {
    const question = `queued ${session.waitingSince}`;
    if (colleagueAfterMs === undefined) return [];
    return [{ question, at: stage.now() + colleagueAfterMs, run: cast.colleagueTakes }];
  }
  const question = questionIn(session);
  if (question === undefined || asked === 'nothing' || agentOf(session)?.id !== cast.agent.id) return [];
  return [{ question, at: stage.now() + asked.afterMs, run: () => cast.answers(asked.answer) }];
}

/** Their customer is back, and asks for them; one who never left a chat that was set aside asks nothing. */
function questionIn(session: Session): string | undefined {
  if (session.status === 'resuming') return `asked until ${session.offeredUntil}`;
  if (session.status !== 'suspended' || session.customerBackAt === undefined) return undefined;
  return session.customerBackAt > session.suspendedAt ? `back at ${session.customerBackAt}` : undefined;
}

/** Whoever comes back by a link was given one, at the start unless it is said when. */
function withLink(acts: readonly Timed[]): readonly Timed[] {
  const needs = acts.some(({ act }) => act.does === 'returns' && (act.by === 'link' || act.by === 'code'));
  const has = acts.some(({ act }) => act.does === 'givesLink');
  return needs && !has ? [{ at: 0, act: { does: 'givesLink' } }, ...acts] : acts;
}

function widgetOf({ widgets }: Settings, id: string | undefined): Widget {
  const found = id === undefined ? widgets[0] : widgets.find((one) => one.id === id);
  if (found !== undefined) return found;
  const names = widgets.map((one) => one.id).join(', ');
  throw new PlanError([`widget: there is no "${id ?? ''}"; there are ${names}`]);
}

const opening = ({ rules: { hours } }: Widget): number =>
  isOpen(hours, MONDAY) ? MONDAY : (nextOpening(hours, MONDAY) ?? MONDAY);

function agentId(text: string) {
  const id = readAgentId(text);
  if (id === undefined) throw new TypeError(`${text} must read as an agent`);
  return id;
}
