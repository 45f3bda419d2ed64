import { until, type Answer, type Asking } from '../server/house.ts';
import { TAB, TENANT, type Delivered } from './azure.ts';
import type { TestDesk } from './desk.ts';

/** What people need of a desk, in whatever process it is. */
export type Door = Pick<TestDesk, 'ask' | 'from' | 'azure'>;

/** A customer over what the page asks and what Direct Line sends. */
export interface Customer {
  readonly conversation: string;
  readonly userId: string;
  readonly opened: Answer;
  readonly asking: Asking;
  readonly say: (text: string, more?: object) => Promise<Answer>;
  /** At this desk or another one of the same house. */
  readonly join: (at?: Door) => Promise<Answer>;
  /** The page says that it goes. */
  readonly leave: () => Promise<Answer>;
  /** What the channel has been asked to show them, oldest first. */
  readonly shown: () => readonly Delivered[];
  readonly reads: () => string;
  /** The same browser, opened again. */
  readonly again: () => Promise<Customer>;
}

export async function customerAt(desk: Door, asking: Asking = {}): Promise<Customer> {
  const opened = await desk.ask('POST', '/api/directline/token', {}, asking);
  const { conversationId, userId } = opened.body as { conversationId: string; userId: string };
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? asking.cookie;
  const known = { ...asking, ...(cookie !== undefined && { cookie }) };
  const send = (activity: object, at = desk) =>
    at.from('directline', { from: { id: userId }, conversation: { id: conversationId }, ...activity });
  // Direct Line's own, when the page opens its line.
  await send({ type: 'conversationUpdate', membersAdded: [{ id: userId }] });
  const shown = () => desk.azure.delivered.filter(({ conversation }) => conversation === conversationId);
  return {
    ...{ conversation: conversationId, userId, opened, asking: known, shown },
    say: (text, more = {}) => send({ type: 'message', text, ...more }),
    join: (at) => send({ type: 'event', name: 'webchat/join' }, at),
    leave: () => desk.ask('POST', '/api/presence', { conversation: conversationId, leaving: true }, known),
    reads: () =>
      shown()
        .map(({ activity: { text } }) => (typeof text === 'string' ? text : ''))
        .join('\n'),
    again: () => customerAt(desk, known),
  };
}

/** An agent over what the tab asks and what Teams sends. */
export interface Agent {
  readonly tab: (method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly act: (sid: string, act: Readonly<Record<string, unknown>>) => Promise<Answer>;
  /** Presses a button of the latest card, by its verb. */
  readonly press: (verb: string) => Promise<Answer>;
  readonly cards: () => readonly Delivered[];
}

let acts = 0;
/** Longer than the clock of any test moves. */
const DAY_S = 86_400;

/** An agent who has opened the tab, has the bot in Teams, and is here. */
export async function agentAt(desk: Door, name: string, n: number): Promise<Agent> {
  const oid = `b3a0c6f2-5d1e-4a7b-8c11-00000000000${n}`;
  const personal = { id: `19:${oid}`, conversationType: 'personal', tenantId: TENANT };
  const bearer = await tabToken(desk, { oid, name, exp: Math.floor(Date.now() / 1_000) + DAY_S });
  const teams = (activity: object) =>
    desk.from('msteams', {
      from: { id: `29:${oid}`, aadObjectId: oid, name },
      conversation: personal,
      channelData: { tenant: { id: TENANT } },
      ...activity,
    });
  const tab = (method: string, path: string, body?: unknown) => desk.ask(method, path, body, { bearer });
  const cards = () => desk.azure.delivered.filter(({ conversation }) => conversation === personal.id);
  await tab('GET', '/api/agent/me');
  await tab('PUT', '/api/agent/presence', { status: 'available' });
  await teams({ type: 'conversationUpdate', membersAdded: [{ id: `29:${oid}` }] });
  return {
    tab,
    cards,
    act: (sid, act) => {
      acts += 1;
      return tab('POST', `/api/sessions/${encodeURIComponent(sid)}/acts`, { id: `act-${acts}`, ...act });
    },
    press: (verb) =>
      teams({
        type: 'invoke',
        name: 'adaptiveCard/action',
        value: {
          action: { type: 'Action.Execute', verb: `reconnect/${verb}`, data: dataOf(cards().at(-1), verb) },
          trigger: 'manual',
        },
      }),
  };
}

/** A customer's session, once it stands in a list of the agent's. */
export const rowIn = (agent: Agent, list: string, { userId }: Customer): Promise<string> =>
  until(async () => {
    const { rows } = (await agent.tab('GET', `/api/inbox/${list}`)).body as {
      rows: readonly { readonly sid: string }[];
    };
    return rows.find(({ sid }) => sid.startsWith(userId))?.sid;
  }, `their row stands in ${list}`);

/** A token as Entra signs it for the tab. */
export const tabToken = (
  desk: Pick<Door, 'azure'>,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> =>
  desk.azure.sign('entra', {
    iss: `${desk.azure.origin}/${TENANT}/v2.0`,
    aud: TAB,
    tid: TENANT,
    scp: 'access_as_user',
    roles: ['Chat.Agent'],
    ...claims,
  });

/** What a card's button of that verb carries. */
function dataOf(card: Delivered | undefined, verb: string): unknown {
  const find = (within: unknown): unknown => {
    if (typeof within !== 'object' || within === null) return undefined;
    if (Reflect.get(within, 'verb') === `reconnect/${verb}`) return Reflect.get(within, 'data');
    return Object.values(within)
      .map(find)
      .find((one) => one !== undefined);
  };
  return find(card?.activity['attachments']);
}
