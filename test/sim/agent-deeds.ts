import type { Doing as DeskDoing } from '../../src/handoff/desk-act.ts';
import { reasonOf, type Acting } from './acting.ts';
import type { SimAgent } from './people.ts';
import type { Doing, Of } from './plan.ts';

/** What agents do, from their tab. */
export interface AgentDeeds {
  readonly act: (deed: Of<'act'>) => Promise<void>;
  readonly presence: (deed: Of<'presence'>) => Promise<void>;
  readonly permit: (deed: Of<'permit'>) => Promise<void>;
}

export function agentDeeds(acting: Acting): AgentDeeds {
  const { stage, history, asked, patiently } = acting;
  return {
    act: async (deed) => {
      const customer = acting.customer(deed.on);
      const sid = await acting.newestOf(customer);
      if (sid === undefined) return;
      const agent = deed.agent === 'owner' ? await acting.ownerOf(sid) : acting.agent(deed.agent);
      if (agent === undefined) return;
      const { id, name } = agent;
      const count = (agent.acts += 1);
      const text = `${customer.mark} answer ${id} ${count}`;
      const doing = doingOf(deed.doing, text, acting.colleagueOf(agent).id);
      const firstSentAt = stage.world.now();
      const once = (to: number) =>
        asked(to, `act ${deed.doing} by ${id}`, ({ house }) =>
          house.desk.act({ id, name }, sid, { ...doing, id: `${id}-${count}`, from: 'tab' }),
        );
      if (deed.also !== undefined) void once(deed.also);
      const came = await patiently(deed.to, once);
      if (came.came === 'ok') acting.given(came.value.link?.url, sid);
      if (came.came === 'failed' && reasonOf(came.reason) === 'not_found')
        history.denied.push({ sid, what: `act ${deed.doing} by ${id}` });
      if (doing.act !== 'message' && doing.act !== 'comment') return;
      history.said.push({
        ...{ text, by: id, firstSentAt },
        ...(came.came === 'ok' && { ackedAt: stage.world.now() }),
        ...(came.came === 'ok' && came.value.refused !== undefined && { turnedAway: true as const }),
      });
    },
    presence: async ({ agent, to, status }) => {
      const { id } = acting.agent(agent);
      await asked(to, `presence ${status}`, ({ house }) => house.agents.setPresence(id, { status }));
    },
    permit: async ({ agent, to, permitted }) => {
      const { id, name } = acting.agent(agent);
      const roles = permitted ? ['Chat.Agent'] : [];
      await asked(to, 'permit', ({ house }) => house.agents.admit({ id, name, roles }));
    },
  };
}

function doingOf(doing: Doing, text: string, colleague: SimAgent['id']): DeskDoing {
  switch (doing) {
    case 'message':
    case 'comment':
      return { act: doing, text };
    case 'suspendWithLink':
      return { act: 'suspend', reason: 'Investigation', link: true };
    case 'suspend':
      return { act: 'suspend', reason: 'Investigation' };
    case 'transferToAgent':
      return { act: 'transfer', to: { kind: 'agent', id: colleague } };
    case 'transferToQueue':
      return { act: 'transfer', to: { kind: 'queue', stream: 'sales' } };
    case 'invite':
      return { act: 'invite', guest: colleague };
    default:
      return { act: doing };
  }
}
