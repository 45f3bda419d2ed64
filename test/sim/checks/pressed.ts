import { agentCardSummary } from '../../../src/cards/agent-cards.ts';
import { agentCardView } from '../../../src/cards/agent-view.ts';
import { words } from '../../../src/cards/wording.ts';
import { customerName } from '../../../src/handoff/rows.ts';
import { evolveAll } from '../../../src/session/evolve.ts';
import { readAgentId } from '../../../src/session/ids.ts';
import type { Session } from '../../../src/session/session.ts';
import type { Pressed, StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/**
 * I12: the card that answers a press shows the session as it stood while it was pressed. I11: what it says was done, or
 * does not say was not, whoever pressed has done.
 */
export const pressed: Check = ({ pressed: all, skewMs }, { sessions }) =>
  sessions.flatMap((session) => {
    const versions = versionsOf(session, skewMs);
    return all
      .filter(({ sid }) => sid === session.header.session.id)
      .flatMap((one) => [...standing(one, versions), ...done(one, session, skewMs)]);
  });

/** A session as it stood from one moment to another. */
interface Version {
  readonly session: Session;
  readonly from: number;
  readonly until: number;
}

/** The store tells when it wrote something by the second, and tells anew what was written later with the end. */
const SECOND_MS = 1_000;
/** What is decided is stored within this, or not at all. */
const STORED_MS = 10_000;

/** The moment of a decision is of the clock of whoever decided. */
function versionsOf({ audit }: StoredSession, skewMs: number): readonly Version[] {
  let session: Session | undefined;
  return audit.map(({ events, at }, place) => {
    session = evolveAll(session, events);
    const next = audit[place + 1] ?? { at: Infinity, writtenAt: Infinity };
    const until = Math.min(next.writtenAt + SECOND_MS, next.at + skewMs + STORED_MS);
    return { session, from: at - skewMs, until };
  });
}

const EN = words('en');

/** Who has just come back is told of otherwise. */
function titlesOf(session: Session, by: string): readonly string[] {
  const agent = readAgentId(by);
  if (agent === undefined) return [];
  const reading = { now: 0, customer: customerName(session) };
  return [{}, { back: {} }].map((more) =>
    agentCardSummary(agentCardView(session, agent, { ...reading, ...more }), EN),
  );
}

function standing(one: Pressed, versions: readonly Version[]): readonly Broken[] {
  const { agent, sid, act, sentAt, answeredAt, shows, epoch } = one;
  if (shows === undefined) return [];
  const stood = versions.filter(({ from, until }) => from <= answeredAt && until >= sentAt);
  const isTrue = stood.some(
    ({ session }) =>
      titlesOf(session, agent).includes(shows) && (epoch === undefined || epoch === session.epoch),
  );
  if (isTrue) return [];
  const known = stood.map(({ session }) => `${titlesOf(session, agent)[0]} (${session.epoch})`);
  return [
    {
      rule: 'I12',
      what: `${sid}: ${agent} pressed ${act} and is shown “${shows}” (${epoch}), where there was ${known.join(', ')}`,
    },
  ];
}

/** Acts that are an event of whoever does them, always. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  accept: ['accepted', 'resumed'],
  decline: ['declined'],
  link: ['linkGiven'],
  suspend: ['suspended'],
  resume: ['resumed', 'accepted'],
  close: ['closed'],
  invite: ['invited'],
  join: ['guestJoined'],
};

function done(
  { agent, sid, act, since, said }: Pressed,
  { audit }: StoredSession,
  skewMs: number,
): readonly Broken[] {
  const wanted = EVENTS[act];
  if (wanted === undefined || said !== undefined) return [];
  const isDone = audit.some(
    ({ actor, events, at }) =>
      actor === agent && at >= since - skewMs && events.some(({ type }) => wanted.includes(type)),
  );
  return isDone
    ? []
    : [{ rule: 'I11', what: `${sid}: ${agent} pressed ${act}, and nothing says that they did` }];
}
