import type { Row } from '../wire/wire.ts';
import { isTheirs } from './acts.ts';
import { elapsed, moment, span } from './time.ts';

/** How a chat that somebody has in hand stands, in one line for whoever decides what becomes of it. */
export function standing(row: Row, now: number): string {
  const why = row.suspendReason ?? row.reason;
  return [status(row, now), why, promise(row, now), customer(row, now), held(row, now)]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}

function status({ status: is, goneAt }: Row, now: number): string {
  switch (is) {
    case 'suspended':
      return 'Suspended';
    case 'disconnected':
      return goneAt === undefined ? 'Gone' : `Gone for ${elapsed(now - goneAt)}`;
    case 'resuming':
      return 'Offered';
    default:
      return 'Active';
  }
}

/** What was promised to the customer: when their agent is back, or how long the chat is kept. */
function promise({ status: is, backBy, suspendedUntil, returnUntil }: Row, now: number): string | undefined {
  if (is === 'suspended' && backBy !== undefined)
    return backBy < now ? `promised by ${moment(backBy, now)}` : `back by ${moment(backBy, now)}`;
  const until = is === 'suspended' ? suspendedUntil : is === 'disconnected' ? returnUntil : undefined;
  return until === undefined ? undefined : `kept until ${moment(until, now)}`;
}

function customer({ status: is, customerBackAt }: Row, now: number): string | undefined {
  if (is === 'disconnected') return undefined;
  if (is !== 'suspended') return 'customer here';
  return customerBackAt === undefined
    ? 'customer away'
    : `customer waits for ${elapsed(now - customerBackAt)}`;
}

const held = (row: Row, now: number): string | undefined =>
  isHeld(row, now) ? `place held ${span((row.agentHeldUntil ?? now) - now)}` : undefined;

/** Whether a place is kept for its customer. */
export const isHeld = ({ status, agentHeldUntil }: Row, now: number): boolean =>
  (status === 'disconnected' || status === 'suspended') &&
  agentHeldUntil !== undefined &&
  agentHeldUntil > now;

/** Where a chat is that `agent` had in hand; `undefined`: they still have it. */
export function whereNow(row: Row, agent: string): string | undefined {
  const { status, stream, owner, previous, inLine } = row;
  switch (status) {
    case 'closed':
    case 'expired':
      return 'It has ended';
    case 'bot':
    case 'queued':
      return `In the queue ${stream}`;
    case 'resuming':
      return owner?.id === agent ? undefined : `${owner?.name ?? 'Somebody'} is being asked`;
    case 'active':
    case 'suspended':
    case 'disconnected':
      if (inLine === true) return `In the queue ${stream}, for when the customer is back`;
      return isTheirs(row, { id: agent })
        ? undefined
        : `With ${(owner ?? previous)?.name ?? 'somebody else'} now`;
  }
}
