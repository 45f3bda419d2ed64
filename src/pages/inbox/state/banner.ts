import type { Act, Me, Row } from '../wire/wire.ts';
import { guestIn, hasPassed, isTheirs } from './acts.ts';
import { elapsed, moment, span } from './time.ts';

/** What stands above the transcript: how the session is, what runs out, what can be done about it. */
export interface Banner {
  readonly tone: 'warn' | 'info' | 'good' | 'quiet';
  readonly title: string;
  readonly text: string;
  /** The part of the time that is left, 0 to 1. */
  readonly left?: number;
  readonly action?: { readonly label: string; readonly act: Act | 'leaveEarlier' };
}

/** What stands over an earlier chat that is read from the one that goes on from it. */
export const earlierBanner = (row: Row, now: number): Banner => ({
  tone: 'quiet',
  title: 'Earlier chat',
  text: [`read only`, row.endedAt === undefined ? '' : `ended ${moment(row.endedAt, now)}`]
    .filter(Boolean)
    .join(' · '),
  action: { label: 'Back to the chat', act: 'leaveEarlier' },
});

/** The customer as the page calls them: a verified one by first name. */
export const calledBy = (row: Pick<Row, 'name' | 'verified'>): string =>
  row.verified ? (row.name.trim().split(/\s+/)[0] ?? row.name) : row.name;

const CAUSES: Readonly<Record<string, string>> = {
  closedWindow: 'closed the page',
  silent: 'probably a lost connection',
  phone: 'probably a locked phone',
  leftMessage: 'left a message',
};

/** Why a customer is probably gone, in words; `undefined` for a cause nobody has words for. */
export const causeText = (cause: string | undefined): string | undefined => CAUSES[cause ?? ''];

/**
 * How a session stands, for the agent who looks at it; `undefined` when there is nothing to say. `backAt`: when the
 * customer came back, while nobody answered them since.
 */
export function bannerOf(row: Row, me: Pick<Me, 'id'>, now: number, backAt?: number): Banner | undefined {
  const guest = guestIn(row, me);
  if (guest !== undefined) {
    const owner = agentOf(row);
    return guest.joined
      ? { tone: 'quiet', title: `You have joined ${owner}’s chat`, text: `${owner} stays its agent` }
      : {
          tone: 'info',
          title: `${owner} asks you into this chat`,
          text: 'you can read everything said so far',
        };
  }
  switch (row.status) {
    case 'queued': {
      const since = now - (row.queuedAt ?? row.at);
      const passed = hasPassed(row, me) ? ' · you passed' : '';
      const text = [`waiting for ${elapsed(since)}${passed}`, ladderText(row)].filter(Boolean).join(' · ');
      return row.messageUntil === undefined
        ? { tone: 'info', title: 'In the queue', text }
        : {
            tone: 'info',
            title: `${calledBy(row)} has left a message`,
            text: `${text} · it waits until ${moment(row.messageUntil, now)}, and your answer until they return`,
          };
    }
    case 'resuming':
      return offered(row, me, now, backAt);
    case 'disconnected':
      return gone(row, me, now);
    case 'suspended':
      return suspended(row, now);
    case 'closed': {
      const held = heldFor(row, me, now);
      return {
        tone: 'quiet',
        title: 'Closed',
        text: [ended(row, now), wrapUp(row, me, now), held].filter(Boolean).join(' · '),
        ...(held !== '' && { action: { label: 'Done', act: 'releaseHold' as const } }),
      };
    }
    case 'expired':
      return { tone: 'quiet', title: 'Expired', text: ended(row, now) };
    case 'active':
      if (row.agentSilentAt !== undefined) return silent(row, row.agentSilentAt, me, now);
      if (backAt === undefined) return undefined;
      return { tone: 'good', title: `${calledBy(row)} is back`, text: `since ${moment(backAt, now)}` };
    case 'bot':
      return undefined;
  }
}

const WHY_MOVED: Readonly<Record<string, string>> = {
  agentDeclined: 'passed',
  agentSilent: 'did not answer',
  agentAway: 'is away',
  customerChoseAnyone: 'the customer chose anyone',
};

/** The last rung of the ladder: who was asked, for how long, and why it moved on. */
export function ladderText({ moved }: Pick<Row, 'moved'>): string {
  const why = moved === undefined ? undefined : WHY_MOVED[moved.why];
  if (moved === undefined || why === undefined) return '';
  if (moved.why === 'customerChoseAnyone') return why;
  const who = moved.from?.name.split(' ')[0] ?? 'The last agent';
  return moved.askedMs === undefined
    ? `${who} ${why}`
    : `${who} was asked for ${elapsed(moved.askedMs)}, ${why}`;
}

function silent(row: Row, silentAt: number, me: Pick<Me, 'id'>, now: number): Banner {
  const since = elapsed(now - silentAt);
  const isOffered = row.offeredOnAt !== undefined;
  if (!isTheirs(row, me))
    return {
      tone: 'info',
      title: `${agentOf(row)} is not answering`,
      text: `for ${since} · whoever accepts takes over`,
    };
  return {
    tone: 'warn',
    title: isOffered ? 'Others may take this chat over' : `${calledBy(row)} is waiting for you`,
    text: isOffered ? 'it stays yours when you act first' : 'and was told that you do not answer just now',
  };
}

function offered(row: Row, me: Pick<Me, 'id'>, now: number, backAt?: number): Banner {
  const name = calledBy(row);
  const from = row.from?.name.split(' ')[0];
  if (!isTheirs(row, me)) {
    const title = from === undefined ? `${name} is back` : `${from} hands this chat over`;
    return { tone: 'info', title, text: `${agentOf(row)} is being asked` };
  }
  const until = row.offeredUntil ?? now;
  const time = `${span(until - now)} to answer, then the queue`;
  if (from !== undefined) {
    const text = [row.note, time].filter(Boolean).join(' · ');
    return { tone: 'info', title: `${from} asks you to take over ${name}`, text };
  }
  const banner: Banner = { tone: 'info', title: `${name} is back and offered to you`, text: time };
  return backAt === undefined ? banner : { ...banner, left: share(backAt, until, now) };
}

function gone(row: Row, me: Pick<Me, 'id'>, now: number): Banner {
  const since = row.goneAt ?? now;
  const cause = causeText(row.cause);
  const parts = [`for ${elapsed(now - since)}`];
  if (cause !== undefined) parts.push(cause);
  const held = row.agentHeldUntil;
  const isHeld = held !== undefined && held > now;
  if (isHeld) parts.push(`held for ${isTheirs(row, me) ? 'you' : agentOf(row)} ${span(held - now)}`);
  else if (row.returnUntil !== undefined) parts.push(`can come back until ${moment(row.returnUntil, now)}`);
  const banner: Banner = { tone: 'warn', title: `${calledBy(row)} is gone`, text: parts.join(' · ') };
  if (!isHeld) return banner;
  return { ...banner, left: share(since, held, now), action: { label: 'Release now', act: 'releaseHold' } };
}

function suspended(row: Row, now: number): Banner {
  const name = calledBy(row);
  const until = row.suspendedUntil === undefined ? '' : `kept until ${moment(row.suspendedUntil, now)}`;
  const late = row.backBy !== undefined && row.backBy < now;
  const by = row.backBy === undefined ? '' : `${late ? 'promised by' : 'back by'} ${moment(row.backBy, now)}`;
  if (row.customerBackAt !== undefined && row.customerBackAt > row.at) {
    const text = [`waiting for you for ${elapsed(now - row.customerBackAt)}`, by].filter(Boolean).join(' · ');
    return { tone: 'good', title: `${name} is back`, text };
  }
  const here = row.customerBackAt === undefined ? '' : `${name} is still here`;
  const text = [row.suspendReason, by, here === '' ? until : here].filter(Boolean).join(' · ');
  const isHeld = row.agentHeldUntil !== undefined && row.agentHeldUntil > now;
  return {
    tone: late ? 'warn' : 'quiet',
    title: 'Suspended',
    text: isHeld ? `${text} · held for you ${span((row.agentHeldUntil ?? now) - now)}` : text,
    ...(isHeld && { action: { label: 'Release now', act: 'releaseHold' as const } }),
  };
}

const ended = (row: Row, now: number) => (row.endedAt === undefined ? '' : `at ${moment(row.endedAt, now)}`);

const wrapUp = (row: Row, me: Pick<Me, 'id'>, now: number) =>
  isTheirs(row, me) && row.wrapUpUntil !== undefined && now < row.wrapUpUntil
    ? `you can take it back until ${moment(row.wrapUpUntil, now)}`
    : '';

/** The place that is blocked while the agent wraps up. */
const heldFor = (row: Row, me: Pick<Me, 'id'>, now: number) =>
  isTheirs(row, me) && row.agentHeldUntil !== undefined && now < row.agentHeldUntil
    ? `wrapping up, your place is kept ${span(row.agentHeldUntil - now)}`
    : '';

const agentOf = (row: Row) => (row.owner ?? row.previous)?.name.split(' ')[0] ?? 'Somebody';

const share = (from: number, until: number, now: number) =>
  until <= from ? 0 : Math.min(1, Math.max(0, (until - now) / (until - from)));
