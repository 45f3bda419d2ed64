import type { Agent, Agents } from './agents.ts';
import { openCustomer, tokenIn, type Customer } from './customer.ts';
import type { Street } from './street.ts';

/** What can happen to a chat besides being a chat. */
export const TURNS = ['drop', 'link', 'transfer', 'suspend', 'nothing'] as const;
export type Turn = (typeof TURNS)[number];

/** How a life goes. */
export interface Pace {
  /** Pairs of a line and its answer, before the turn and after it. */
  readonly lines: number;
  /** Between one line and the next, ms. */
  readonly pauseMs: number;
  /** After the page has said that it goes until the house has noticed, ms. */
  readonly goneMs: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Hears of each line that was acknowledged. */
  readonly said: () => void;
}

/** One session from its first word to its end, and which it was. */
export async function live(street: Street, agents: Agents, turn: Turn, pace: Pace): Promise<string> {
  let customer = await openCustomer(street);
  await customer.beat();
  await customer.say('hello');
  await customer.say('agent');
  const sid = await customer.session();
  let agent = await agents.take(sid);
  await talk(customer, agent, sid, pace);
  switch (turn) {
    case 'drop':
      await customer.beat(true);
      await pace.pause(pace.goneMs);
      customer = await customer.returns();
      break;
    case 'link': {
      const { body } = await agent.act(sid, { act: 'link' });
      customer = await customer.opens(tokenIn(body['link']));
      break;
    }
    case 'transfer': {
      const other = agents.besides(agent);
      await agent.act(sid, { act: 'transfer', to: `agent:${other.id}`, note: 'Knows more of it' });
      await other.act(sid, { act: 'accept' });
      agent = other;
      break;
    }
    case 'suspend':
      await agent.act(sid, { act: 'suspend', reason: 'Asks the depot' });
      await pace.pause(pace.pauseMs);
      await customer.say('Are you still there?');
      await agent.act(sid, { act: 'resume' });
      break;
    case 'nothing':
      await agent.list('mine');
  }
  await talk(customer, agent, sid, pace);
  await agent.act(sid, { act: 'close', notes: 'Found' });
  customer.ends();
  return sid;
}

let answers = 0;

async function talk(customer: Customer, agent: Agent, sid: string, pace: Pace): Promise<void> {
  for (let line = 0; line < pace.lines; line += 1) {
    await pace.pause(pace.pauseMs);
    await customer.say(`My parcel has not come yet, and this is what I wrote as number ${line}`);
    pace.said();
    await pace.pause(pace.pauseMs);
    answers += 1;
    const text = `I am looking for it: ${answers}`;
    await agent.act(sid, { act: 'message', text });
    pace.said();
    await customer.reads(text);
    if (line % 4 === 0) await customer.beat();
  }
}
