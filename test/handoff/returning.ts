import type { Prompt, PromptAnswer } from '../../src/cards/views.ts';
import type { SessionId } from '../../src/session/ids.ts';
import { MINUTE, passes, until, type TestHouse, type Town } from './house.ts';
import { Customer, post, type Agent } from './people.ts';

/** The clock jumps, and the sweep looks once on each instance that runs. */
export async function later(town: Town, house: TestHouse, ms: number): Promise<void> {
  await house.house.caughtUp();
  town.clock.advance(ms);
  await passes(town.clock, () => false, 500, 3_000).catch(() => undefined);
}

/** A customer of this widget whom the agent has accepted; signed in where `name` is given. */
export async function withAgent(
  town: Town,
  house: TestHouse,
  agent: Agent,
  { widget = 'support', name }: { readonly widget?: string; readonly name?: string } = {},
): Promise<Customer> {
  const customer = new Customer(town);
  if (name !== undefined)
    await house.house.customers.know(customer.id, { kind: 'signedIn', issuer: 'site', name });
  await accepted(customer, house, agent, widget);
  return customer;
}

/** They ask for a person in the conversation they are in, and this agent takes them. */
export async function accepted(
  customer: Customer,
  house: TestHouse,
  agent: Agent,
  widget = 'support',
): Promise<SessionId> {
  await customer.beats(house, { widget });
  await customer.says(house, 'agent');
  const { id } = await customer.session();
  await agent.act(house, id, 'accept');
  await customer.beats(house);
  return id;
}

/** They fall silent, and are noticed gone. */
export async function drops(town: Town, house: TestHouse, customer: Customer): Promise<void> {
  await later(town, house, 3 * MINUTE);
  await until(async () => (await customer.session()).status).toBe('disconnected');
}

let pages = 0;
/** They open another page of the widget. */
export async function opens(customer: Customer, house: TestHouse, widget?: string): Promise<void> {
  pages += 1;
  customer.conversation = `${customer.conversation}-${pages}`;
  if (widget !== undefined) await customer.beats(house, { widget });
}

export const promptOf = (customer: Customer, house: TestHouse): Promise<Prompt | undefined> =>
  house.house.customers.prompt(customer.id, customer.thread);

/** They answer the prompt they are shown now. */
export async function answers(
  customer: Customer,
  house: TestHouse,
  choice: PromptAnswer['choice'],
  about?: Pick<PromptAnswer, 'sid' | 'epoch' | 'nonce'>,
) {
  const shown = about ?? (await promptOf(customer, house));
  if (shown === undefined) throw new Error('There is nothing to answer');
  const { sid, epoch, nonce } = shown;
  return house.house.customers.answer(customer.id, customer.thread, { sid, epoch, nonce, choice });
}

/** They press a button of a card in a page without our kit. */
export const presses = (customer: Customer, house: TestHouse, reconnect: unknown): Promise<number> =>
  post(house, customer.activity({ value: { reconnect } }));

/** What the buttons of the last card they were sent would submit, by title. */
export function buttons(customer: Customer): Readonly<Record<string, unknown>> {
  const last = customer.sent().findLast(({ activity }) => activity['attachments'] !== undefined);
  return Object.fromEntries(actionsIn(last?.activity['attachments']));
}
function actionsIn(node: unknown): readonly (readonly [string, unknown])[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, title, data } = node as { type?: unknown; title?: unknown; data?: { reconnect?: unknown } };
  const own: readonly (readonly [string, unknown])[] =
    type === 'Action.Submit' ? [[String(title), data?.reconnect]] : [];
  return [...own, ...Object.values(node).flatMap(actionsIn)];
}

/** All the words of the last card they were sent. */
export function card(customer: Customer): string {
  const last = customer.sent().findLast(({ activity }) => activity['attachments'] !== undefined);
  return JSON.stringify(last?.activity['attachments'] ?? []);
}
