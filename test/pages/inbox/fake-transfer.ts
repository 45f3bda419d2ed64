import type { Row } from '../../../src/handoff/inbox.ts';
import type { AgentId } from '../../../src/session/ids.ts';

/** How a row stands once it was handed on, as the house does it: who is away comes back to whoever has it then. */
export function handedOn(
  row: Row,
  to: string,
  known: (id: string) => string,
  from: Row['owner'],
  now: number,
): Row {
  const next = { ...row, ver: row.ver + 1, epoch: row.epoch + 1 };
  const [, kind, name = ''] = /^(agent|queue):(.+)$/u.exec(to) ?? [];
  const { owner: _owner, agentHeldUntil: _held, ...unowned } = next;
  const isAway =
    row.status === 'disconnected' || (row.status === 'suspended' && row.customerBackAt === undefined);
  if (kind === 'queue')
    return isAway
      ? { ...unowned, status: 'disconnected', list: 'mine', stream: name, inLine: true }
      : { ...unowned, status: 'queued', list: 'queue', stream: name };
  const owner = { id: name as AgentId, name: known(name) };
  if (isAway) return { ...next, owner, previous: owner };
  const offered = { status: 'resuming', list: 'mine', owner, offeredUntil: now + 60_000 } as const;
  return { ...next, ...offered, ...(from !== undefined && { from }) };
}
