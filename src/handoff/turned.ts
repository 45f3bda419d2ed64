import type { Clock } from '../clock.ts';
import type { AgentId } from '../session/ids.ts';
import type { InboxList, Row } from './inbox.ts';
import type { InboxStore } from './ports.ts';

const PAGE = 100;
/** An agent with more sessions than this waits for the deadlines they have anyway. */
const PAGES = 5;

/**
 * Has the sessions looked at whose customers wait on this agent, who came, went, or may no longer: a deadline of now for
 * each. Rows lag by a moment; a session too young to have one is looked at when it is projected.
 */
export function turned(
  inbox: Pick<InboxStore, 'page' | 'file'>,
  clock: Clock,
): (agent: AgentId) => Promise<void> {
  const look = async (agent: AgentId, list: InboxList): Promise<void> => {
    let from: string | undefined;
    for (let pages = 0; pages < PAGES; pages += 1) {
      const { rows, next } = await inbox.page(`agent:${agent}`, list, PAGE, from);
      for (const { sid } of rows.filter(isWaiting)) await inbox.file({ sid, dueAt: clock.now() });
      if (next === undefined) return;
      from = next;
    }
  };
  return async (agent) => {
    await look(agent, 'mine');
    await look(agent, 'suspended');
  };
}

function isWaiting({ status, lastLine, agentSilentAt, customerBackAt }: Row): boolean {
  if (status === 'active') return agentSilentAt !== undefined || lastLine?.by === 'customer';
  return status === 'resuming' || (status === 'suspended' && customerBackAt !== undefined);
}
