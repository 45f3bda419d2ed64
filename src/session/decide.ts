import { already, did, notNow, refuse, type Decision } from './answers.ts';
import { guestActs, invite, join, leaveConference } from './conference.ts';
import type { Command } from './command.ts';
import { close, endWrapUp, record, takeBack } from './ending.ts';
import { evolve } from './evolve.ts';
import { leave } from './leaving.ts';
import { giveLink, revokeLinks } from './links.ts';
import { leaveMessage, offerMessage, toldWhenOpen } from './message.ts';
import { accept, decline, handoff, leaveQueue } from './queue.ts';
import { comeBack, freeHold, releaseHold, startFresh } from './returns.ts';
import type { SessionId } from './ids.ts';
import { answering } from './reminders.ts';
import type { Rules } from './rules.ts';
import type { Session } from './session.ts';
import { backByActing, noticeAgent } from './silence.ts';
import { act, editSuspension, resume, suspend } from './suspension.ts';
import { lapse } from './time.ts';
import { transfer } from './transfer.ts';
import { isOver, isSamePerson, type Open } from './whose.ts';

/**
 * Decides what a command does to a session at `now` (ms). Pure and total. Time goes first: deadlines that have passed, to
 * the millisecond, take effect at their own moment, whether or not a sweep has run, and the command is judged on what is left.
 */
export function decide(session: Session, command: Command, now: number, rules: Rules): Decision {
  const passed = lapse(session, now, rules);
  const judged = judge(passed.reduce<Session>(evolve, session), command, now, rules);
  const events = [...passed, ...judged.events];
  const told = toldWhenOpen(events.reduce<Session>(evolve, session), judged.events, now, rules);
  return { ...judged, events: [...events, ...told] };
}

function judge(session: Session, command: Command, now: number, rules: Rules): Decision {
  if (command.type === 'tick') return did();
  if (!isOver(session)) {
    const judged = answering(session, command, judgeOpen(session, command, now, rules), now);
    return backByActing(session, command, judged, now);
  }
  if (session.status === 'closed') {
    if (command.type === 'takeBack') return takeBack(session, command, now);
    if (command.type === 'releaseHold' && session.agentHeldUntil !== undefined)
      return endWrapUp(session, command.agent, now);
    if (command.type === 'record') return record(session, command, now);
  }
  const at = session.status === 'closed' ? session.closedAt : session.expiredAt;
  return refuse({ kind: 'over', status: session.status, at });
}

type Asked = Exclude<Command, { type: 'tick' }>;

function judgeOpen(session: Open, command: Asked, now: number, rules: Rules): Decision {
  switch (command.type) {
    case 'handoff':
      return handoff(session, command, now);
    case 'leaveQueue':
      return leaveQueue(session, now);
    case 'leaveMessage':
      return leaveMessage(session, now, rules);
    case 'offerMessage':
      return offerMessage(session, now, rules);
    case 'accept':
      return accept(session, command, now, rules);
    case 'decline':
      return decline(session, command, now);
    case 'agentNoticed':
      return noticeAgent(session, command, now, rules);
    case 'customerLeft':
      return leave(session, command, now, rules);
    case 'customerSays':
      return comeBack(session, { ...command, way: 'heal', want: 'agent' }, now, rules);
    case 'reconnect':
      return comeBack(session, command, now, rules);
    case 'startFresh':
      return startFresh(session, command.mode, now, rules);
    case 'suspend':
      return suspend(session, command, now, rules);
    case 'editSuspension':
      return editSuspension(session, command, now);
    case 'transfer':
      return transfer(session, command, now, rules);
    case 'invite':
      return invite(session, command, now, rules);
    case 'join':
      return join(session, command.agent, now);
    case 'leaveConference':
      return leaveConference(session, command, now);
    case 'resume':
      return resume(session, command.agent, now, rules);
    case 'agentActs':
      return guestActs(session, command) ?? act(session, command.agent, now, rules);
    case 'releaseHold':
      return releaseHold(session, command.agent, now);
    case 'freeHold':
      return freeHold(session, now);
    case 'close':
      return close(session, command, now, rules);
    case 'takeBack':
      return session.status === 'active' ? already(session) : notNow(session);
    case 'record':
      return notNow(session);
    case 'identify':
      return identify(session, command, now);
    case 'giveLink':
      return giveLink(session, command, now, rules);
    case 'revokeLinks':
      return revokeLinks(session, command, now);
    case 'continues':
      return continues(session, command.earlier, now);
  }
}

/** One earlier session at most, and never itself. */
function continues(session: Open, earlier: SessionId, now: number): Decision {
  if (session.follows === earlier) return already(session);
  return session.follows !== undefined || earlier === session.id
    ? notNow(session)
    : did({ type: 'continues', at: now, earlier });
}

/** Anonymous becomes signed in, never the other way, and never somebody else. */
function identify(session: Open, { subject }: Extract<Command, { type: 'identify' }>, now: number): Decision {
  const known = session.subject;
  if (known.kind === 'signedIn' && !isSamePerson(session, subject)) return notNow(session);
  if (known.kind === 'anonymous' && subject.kind === 'anonymous') return did();
  if (known.kind === 'signedIn' && subject.kind === 'signedIn' && subject.name === known.name) return did();
  return did({ type: 'identified', at: now, subject });
}
