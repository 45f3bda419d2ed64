import { already, did, notNow, notYours, refuse, type Decision } from './answers.ts';
import type { Command } from './command.ts';
import { addOpenTime } from './hours.ts';
import type { Rules } from './rules.ts';
import type { Disconnected, Suspended } from './session.ts';
import { isTheirs, type Open } from './whose.ts';

type Transfer = Extract<Command, { type: 'transfer' }>;
type To<Kind extends Transfer['to']['kind']> = Extract<Transfer['to'], { kind: Kind }>;

/**
 * Hands a session on. A customer who is here is kept waiting by nobody: the next agent is asked and has the time of an
 * offer; one who is away comes back to whoever has the session then. Links given earlier stay good.
 */
export function transfer(session: Open, command: Transfer, now: number, rules: Rules): Decision {
  if (session.status === 'bot') return notNow(session);
  if (command.by !== 'supervisor' && !isTheirs(session, command.agent)) return notYours;
  return command.to.kind === 'agent'
    ? toAgent(session, command, command.to, now, rules)
    : toQueue(session, command, command.to, now);
}

function toAgent(
  session: Open,
  { agent: from, note }: Transfer,
  { agent: next, here }: To<'agent'>,
  now: number,
  rules: Rules,
): Decision {
  if (isTheirs(session, next)) return already(session);
  if (!here) return refuse({ kind: 'agentAway', agent: next });
  if (isAway(session))
    return did({ type: 'transferred', at: now, by: from, to: { kind: 'agent', agent: next } });
  return did({
    ...{
      type: 'offered',
      at: now,
      asked: next,
      offeredUntil: addOpenTime(rules.hours, now, rules.offerTimeoutMs),
    },
    ...{ queuedAt: session.queuedAt ?? now, from },
    ...(note !== undefined && { note }),
  });
}

/** To the end of nobody's line: the earlier place counts in the other queue too. */
function toQueue(session: Open, { agent, by }: Transfer, { stream }: To<'queue'>, now: number): Decision {
  const inLine =
    session.status === 'queued' || (session.status === 'disconnected' && session.was === 'queued');
  if (inLine && session.stream === stream) return already(session);
  const queuedAt = session.queuedAt ?? now;
  const passed = by === 'supervisor' ? [] : [agent.id];
  const declinedBy = inLine ? [...session.declinedBy, ...passed] : passed;
  if (!isAway(session)) {
    return did({ type: 'queued', at: now, queuedAt, why: 'transferred', declinedBy, stream, by: agent });
  }
  const to = { kind: 'queue', stream, queuedAt, declinedBy, ...awaySince(session) } as const;
  return did({ type: 'transferred', at: now, by: agent, to });
}

type Away = Disconnected | Suspended;

const isAway = (session: Open): session is Away =>
  session.status === 'disconnected' ||
  (session.status === 'suspended' && session.customerBackAt === undefined);

/** The promise made to the customer is kept: they may come back as long as before. */
const awaySince = (session: Away) =>
  session.status === 'disconnected'
    ? { goneAt: session.goneAt, cause: session.cause, returnUntil: session.returnUntil }
    : {
        goneAt: session.goneAt ?? session.suspendedAt,
        cause: 'silent' as const,
        returnUntil: session.suspendedUntil,
      };
