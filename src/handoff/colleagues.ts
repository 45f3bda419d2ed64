import { isHere } from '../session/routing.ts';
import type { AgentRef } from '../session/session.ts';
import type { Agents } from './agents.ts';
import type { Doing } from './desk-act.ts';
import { HandoffError } from './errors.ts';

/** The colleague an act is about, and whether they are present and permitted. */
export interface Colleague {
  readonly agent: AgentRef;
  readonly here: boolean;
}

/** Finds out whom, or which queue, an act means; `undefined` when it means nobody else. */
export type FindColleague = (doing: Doing) => Promise<Colleague | undefined>;

/**
 * Makes it over the roster and the work streams there are.
 *
 * @throws HandoffError `bad_input` naming the field, for an agent nobody knows or a queue there is none of.
 */
export function colleagues(agents: Agents, streams: readonly string[]): FindColleague {
  const find = async (field: string, id: AgentRef['id']): Promise<Colleague> => {
    const record = await agents.record(id);
    if (record === undefined) throw new HandoffError('bad_input', `${field}: there is no agent ${id}`);
    const agent = { id: record.id, name: record.name };
    return { agent, here: await agents.isHere(agent) };
  };
  return async (doing) => {
    if (doing.act === 'invite') return find('guest', doing.guest);
    if (doing.act !== 'transfer') return undefined;
    const { to } = doing;
    if (to.kind === 'agent') return find('to', to.id);
    if (!streams.includes(to.stream))
      throw new HandoffError(
        'bad_input',
        `to: there is no queue ${to.stream}; there are ${streams.join(', ')}`,
      );
    return undefined;
  };
}

/** Everyone who is present and permitted, by name. */
export async function colleaguesHere(agents: Pick<Agents, 'states'>): Promise<readonly AgentRef[]> {
  const here = (await agents.states()).filter(isHere).map(({ id, name }) => ({ id, name }));
  return here.sort((a, b) => a.name.localeCompare(b.name));
}
