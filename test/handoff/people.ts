import { readDoing, type Doing } from '../../src/handoff/desk-act.ts';
import type { Outcome } from '../../src/handoff/handle.ts';
import type { Header } from '../../src/handoff/header.ts';
import {
  readAgentId,
  readConversationId,
  readCustomerId,
  type CustomerId,
  type SessionId,
} from '../../src/session/ids.ts';
import type { Entry } from '../../src/session/ledger.ts';
import type { AgentRef, Session } from '../../src/session/session.ts';
import type { Sent } from './connector.ts';
import { until, type TestHouse, type Town } from './house.ts';

let made = 0;
/** A customer whose id and conversations are their own in this run. */
export class Customer {
  readonly id: CustomerId;
  conversation: string;
  readonly #town: Town;
  #count = 0;
  constructor(town: Town, name = 'mia') {
    made += 1;
    const id = readCustomerId(`dl_${name}-${String(made).padStart(20, '0')}`);
    if (id === undefined) throw new TypeError(`${name} cannot be a customer`);
    this.id = id;
    this.#town = town;
    this.conversation = `${name}-${made}-one`;
  }
  /** An activity as Direct Line would post it. */
  activity(more: Readonly<Record<string, unknown>>): Record<string, unknown> {
    this.#count += 1;
    return {
      type: 'message',
      id: `${this.conversation}|${String(this.#count).padStart(7, '0')}`,
      channelId: 'directline',
      serviceUrl: this.#town.connector.url,
      conversation: { id: this.conversation },
      from: { id: this.id, role: 'user' },
      recipient: { id: 'bot', name: 'Bot' },
      timestamp: new Date(this.#town.clock.now()).toISOString(),
      ...more,
    };
  }
  says(house: TestHouse, text: string, more: Readonly<Record<string, unknown>> = {}): Promise<number> {
    return post(house, this.activity({ text, ...more }));
  }
  joins(house: TestHouse): Promise<number> {
    return post(house, this.activity({ type: 'event', name: 'webchat/join', value: {} }));
  }
  /** A new page opens, or the one shown beats. */
  async beats(
    house: TestHouse,
    more: { readonly leaving?: boolean; readonly widget?: string } = {},
  ): Promise<string> {
    const now = this.#town.clock.now();
    const state = await house.house.customers.beat(this.id, {
      conversation: this.thread,
      beatAt: now,
      phone: false,
      ...(more.widget !== undefined && { widget: more.widget }),
      ...(more.leaving === true && { leftAt: now }),
    });
    return state.status;
  }
  get thread() {
    const id = readConversationId(this.conversation);
    if (id === undefined) throw new TypeError('A conversation needs an id');
    return id;
  }
  /** What the channel showed them here, texts only. */
  sees(conversation = this.conversation): readonly string[] {
    return this.sent(conversation).flatMap(({ activity }) =>
      typeof activity['text'] === 'string' ? [activity['text']] : [],
    );
  }
  sent(conversation = this.conversation): readonly Sent[] {
    return this.#town.connector.sent.filter(
      (one) => one.conversation === conversation && one.activity['type'] === 'message',
    );
  }
  /** Their newest session, as stored. */
  async header(): Promise<Header> {
    const index = await this.#town.store.stores.sessions.index(this.id);
    const [newest] = index?.value.sessions ?? [];
    const read = newest && (await this.#town.store.stores.sessions.header(newest.sid));
    if (read === undefined) throw new Error('This customer has no session');
    return read.value;
  }
  async headerOf(sid: SessionId): Promise<Header | undefined> {
    return (await this.#town.store.stores.sessions.header(sid))?.value;
  }
  async session(): Promise<Session> {
    return (await this.header()).session;
  }
  async sessions(): Promise<readonly SessionId[]> {
    return ((await this.#town.store.stores.sessions.index(this.id))?.value.sessions ?? []).map(
      (one) => one.sid,
    );
  }
  /** The ledger: `who: text`, or `(notice)`. */
  async ledger(sid?: SessionId): Promise<readonly string[]> {
    const of = sid ?? (await this.session()).id;
    return (await this.#town.store.stores.sessions.entries(of, {})).map(shown);
  }
}

const shown = ({ by, what }: Entry): string =>
  what.kind === 'notice' ? `(${what.code})` : `${by.kind}: ${what.text ?? ''}`;

/** Posts one activity the way a channel does; the status of the answer. */
export async function post(house: TestHouse, activity: unknown): Promise<number> {
  return (await answerTo(house, activity)).status;
}

export async function answerTo(
  house: TestHouse,
  activity: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${house.origin}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const TENANT = 'contoso';

/** An agent who works from tab and cards. */
export class Agent {
  readonly ref: AgentRef;
  readonly #town: Town;
  #acts = 0;
  constructor(town: Town, name: string) {
    const id = readAgentId(`${TENANT}:${name.toLowerCase().replaceAll(' ', '-')}`);
    if (id === undefined) throw new TypeError(`${name} cannot be an agent`);
    this.ref = { id, name };
    this.#town = town;
  }
  get chat(): string {
    return `chat-${this.ref.id}`;
  }
  async signsIn(house: TestHouse, capacity = 5): Promise<this> {
    await house.house.agents.admit({ ...this.ref, roles: ['Chat.Agent'] });
    const read = await house.stores.agents.agent(this.ref.id);
    if (read !== undefined && read.value.capacity !== capacity) {
      await house.stores.agents.replace({ ...read.value, capacity }, read.etag);
    }
    return this;
  }
  /** Adds the bot in Teams, so that cards reach them. */
  opensTeams(house: TestHouse): Promise<number> {
    return post(house, this.activity({ type: 'conversationUpdate', membersAdded: [{ id: 'bot' }] }));
  }
  activity(more: Readonly<Record<string, unknown>>): Record<string, unknown> {
    this.#acts += 1;
    return {
      type: 'message',
      id: `f:${this.#acts}-${this.ref.id}`,
      channelId: 'msteams',
      serviceUrl: this.#town.connector.url,
      conversation: { id: this.chat, conversationType: 'personal', tenantId: TENANT },
      channelData: { tenant: { id: TENANT } },
      from: {
        id: `29:${this.ref.id}`,
        name: this.ref.name,
        aadObjectId: this.ref.id.slice(TENANT.length + 1),
      },
      recipient: { id: 'bot', name: 'Bot' },
      ...more,
    };
  }
  /** Acts as the tab asks for it: what cannot be read fails like there. */
  async act(
    house: TestHouse,
    sid: SessionId,
    act: Doing['act'],
    {
      id,
      epoch,
      ...more
    }: Readonly<Record<string, unknown>> & {
      readonly id?: string;
      readonly epoch?: number;
    } = {},
  ): Promise<Outcome> {
    this.#acts += 1;
    return house.house.desk.act(this.ref, sid, {
      id: id ?? `act-${this.#acts}`,
      ...(epoch !== undefined && { epoch }),
      ...readDoing({ ...more, act }),
    });
  }
  says(house: TestHouse, sid: SessionId, text: string): Promise<Outcome> {
    return this.act(house, sid, 'message', { text });
  }
  /** Presses a button of a card; `data` holds what was filled in, too. */
  presses(
    house: TestHouse,
    verb: string,
    data: Readonly<Record<string, unknown>>,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    return answerTo(
      house,
      this.activity({
        type: 'invoke',
        name: 'adaptiveCard/action',
        value: { action: { type: 'Action.Execute', verb: `reconnect/${verb}`, data }, trigger: 'manual' },
        ...more,
      }),
    );
  }
  /** Cards in their chat, as last shown: JSON by activity id, oldest first. */
  cards(): readonly (readonly [string, string])[] {
    const shown = new Map<string, string>();
    for (const { conversation, id, activity } of this.#town.connector.sent) {
      if (conversation === this.chat && activity['attachments'] !== undefined)
        shown.set(id, JSON.stringify(activity['attachments']));
    }
    return [...shown];
  }
  async slots(): Promise<Readonly<Record<string, string>>> {
    const record = (await this.#town.store.stores.agents.agent(this.ref.id))?.value;
    return Object.fromEntries(Object.entries(record?.slots ?? {}).map(([sid, slot]) => [sid, slot.state]));
  }
}

/** A customer who talks to this agent. */
export async function talking(town: Town, house: TestHouse, agent: Agent, name = 'mia'): Promise<Customer> {
  const customer = new Customer(town, name);
  await customer.says(house, 'agent');
  await agent.act(house, (await customer.session()).id, 'accept');
  await until(() => customer.sees().some((text) => text.includes(agent.ref.name.split(' ')[0] ?? ''))).toBe(
    true,
  );
  return customer;
}

/** What a button of the customer's card carries now. */
export async function buttonOf(customer: Customer) {
  const { session, seq } = await customer.header();
  return { sid: session.id, epoch: session.epoch, after: seq };
}
