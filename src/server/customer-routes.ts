import type { Request, Server } from 'restify';
import type { DirectLineToken, DirectLineTokens } from '../adapters/directline/tokens.ts';
import type { BotTurns } from '../adapters/botframework/bot-line.ts';
import { readPromptAnswer } from '../handoff/activities.ts';
import type { House } from '../handoff/house.ts';
import type { Presence } from '../handoff/header.ts';
import { nextSession } from '../handoff/next-session.ts';
import type { Log } from '../handoff/ports.ts';
import { refusalText } from '../cards/wording.ts';
import type { CustomerState, Line } from '../cards/views.ts';
import { readConversationId, type ConversationId, type CustomerId } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Settings, Widget } from '../settings.ts';
import type { CustomerIdentities, CustomerIdentity } from './customer-identity.ts';
import { bodyOf, Refused, route, sameOrigin } from './http.ts';

/** What the customers' routes need. */
export interface CustomerRoutes {
  readonly house: House;
  readonly identities: CustomerIdentities;
  readonly tokens: DirectLineTokens;
  /** Base of Direct Line as the page reaches it. */
  readonly domain: string;
  readonly settings: Settings;
  readonly greet: BotTurns['greet'];
  /** Where the page signs people in and hears the clock; only locally. */
  readonly local?: { readonly site: unknown; readonly clock: string };
  readonly log: Log;
}

/** What the customer's page calls. */
export function customerRoutes(server: Server, given: CustomerRoutes): void {
  const { house, identities, log } = given;
  const { customers, clock } = house;

  server.get(
    '/api/widgets/:id',
    route(log, (req) =>
      Promise.resolve({ body: widgetBody(given, widgetNamed(given, (req.params as { id: string }).id)) }),
    ),
  );

  server.post(
    '/api/directline/token',
    route(log, async (req) => {
      sameOrigin(req);
      const body = bodyOf(req);
      const widget = widgetNamed(given, textOf(body, 'widget') ?? given.settings.widgets[0]?.id ?? '');
      const shown = body['conversation'] === undefined ? undefined : conversationOf(body);
      const old = textOf(body, 'token');
      const identity = await identities.identify(req);
      const { customer, subject } = identity;
      if (subject.kind === 'signedIn') await customers.know(customer, subject);
      const refreshed =
        shown === undefined || old === undefined ? undefined : await given.tokens.refresh(old);
      const same = refreshed?.conversationId === shown ? refreshed : undefined;
      const token =
        same ??
        (await given.tokens.generate({
          id: customer,
          ...(subject.kind === 'signedIn' && subject.name !== undefined && { name: subject.name }),
        }));
      const conversation = readConversationId(token.conversationId);
      if (conversation === undefined)
        throw new Refused(502, 'channel_gone', 'The chat service answered nonsense.');
      await house.store.beat(customer, openedIn(widget, conversation, clock.now()));
      const healed = await heal(given, customer, shown, conversation);
      return answer(identity, { ...tokenBody(given, token, customer), ...(healed ?? none(clock.now())) });
    }),
  );

  server.post(
    '/api/reconnect',
    route(log, async (req) => {
      sameOrigin(req);
      const identity = await identities.known(req);
      const asked: unknown = bodyOf(req)['prompt'];
      const prompt = readPromptAnswer(asked);
      const conversation = readConversationId(
        typeof asked === 'object' && asked !== null ? Reflect.get(asked, 'conversation') : undefined,
      );
      if (prompt === undefined || conversation === undefined) {
        throw new Refused(400, 'bad_input', 'prompt: sid, epoch, nonce, choice and conversation are needed.');
      }
      const { customer } = identity;
      const returned = await customers.answer(customer, conversation, prompt);
      if (returned.refused !== undefined)
        throw await refusedBy(given, customer, conversation, returned.refused, returned.state);
      if (prompt.choice === 'fresh') await greetFresh(given, customer, conversation, prompt.sid);
      const greeted = prompt.choice === 'fresh' ? await customers.current(customer, conversation) : undefined;
      return answer(identity, {
        conversationId: conversation,
        userId: customer,
        state: greeted === undefined ? returned.state : await customers.state(greeted.sid),
        transcript: returned.transcript,
      });
    }),
  );

  server.post(
    '/api/presence',
    route(log, async (req) => {
      sameOrigin(req);
      const { customer } = await identities.known(req);
      const state = await customers.beat(customer, await presenceOf(given, req, customer));
      return { body: { state } };
    }),
  );

  server.post(
    '/api/act',
    route(log, async (req) => {
      sameOrigin(req);
      const { customer } = await identities.known(req);
      const body = bodyOf(req);
      const conversation = conversationOf(body);
      const act = body['act'];
      if (act !== 'suspend' && act !== 'end' && act !== 'leaveQueue') {
        throw new Refused(400, 'bad_input', 'act: must be suspend, end or leaveQueue.');
      }
      const { state, refused } = await customers.act(customer, conversation, act);
      if (refused !== undefined) throw await refusedBy(given, customer, conversation, refused, state);
      return { body: { state } };
    }),
  );
}

/** A page that still shows a conversation gets its session back at once; so does anyone whose session is with the bot. */
async function heal(
  given: CustomerRoutes,
  customer: CustomerId,
  shown: ConversationId | undefined,
  conversation: ConversationId,
): Promise<{ readonly state: CustomerState; readonly transcript: readonly Line[] } | undefined> {
  const { customers } = given.house;
  const entry = shown === undefined ? undefined : await customers.current(customer, shown);
  // A chat that has gone on in another page is not called back by this one: its customer is asked.
  const here = entry?.conversation === shown ? entry?.sid : undefined;
  const sid = shown === undefined ? await customers.silent(customer) : here;
  if (sid === undefined) return undefined;
  const returned = await customers.comeBack(sid, conversation, 'heal', 'agent');
  return returned.refused === undefined ? returned : undefined;
}

/** The bot greets in the conversation in which its customer chose to start fresh; its words open the new session. */
async function greetFresh(
  given: CustomerRoutes,
  customer: CustomerId,
  conversation: ConversationId,
  old: Parameters<House['sessions']['header']>[0],
): Promise<void> {
  const { house } = given;
  if ((await house.customers.current(customer, conversation)) !== undefined) return;
  const before = await house.sessions.header(old);
  if (before === undefined) return;
  const reference = { ...before.reference, conversation };
  // The id that their own first line would open here: whichever comes first, it is one session.
  const sid = await nextSession(house.sessions, reference);
  const { says } = await given.greet(sid, reference);
  if (says.length === 0) return;
  const widget = await house.customers.widgetOf(customer, conversation);
  await house.sessions.ask(sid, {
    actor: 'bot',
    command: () => ({ type: 'tick' }),
    say: says,
    dedupe: [`greeting|${sid}`],
    opening: { widget, stream: house.widget(widget).stream, subject: before.session.subject, reference },
  });
}

async function refusedBy(
  given: CustomerRoutes,
  customer: CustomerId,
  conversation: ConversationId,
  refusal: Refusal,
  state: CustomerState,
): Promise<Refused> {
  const { words } = given.house.widget(await given.house.customers.widgetOf(customer, conversation));
  return new Refused(409, refusal.kind, refusalText(refusal, words, 'customer'), { state });
}

const none = (now: number): { readonly state: CustomerState } => ({ state: { status: 'none', now } });

const answer = (identity: CustomerIdentity, body: unknown) => ({
  body,
  ...(identity.setCookie !== undefined && { headers: { 'Set-Cookie': identity.setCookie } }),
});

const tokenBody = (given: CustomerRoutes, token: DirectLineToken, customer: CustomerId) => ({
  token: token.token,
  conversationId: token.conversationId,
  userId: customer,
  expires_in: token.expires_in,
  domain: given.domain,
});

const openedIn = (widget: Widget, conversation: ConversationId, now: number): Presence => ({
  conversation,
  beatAt: now,
  phone: false,
  widget: widget.id,
});

async function presenceOf(given: CustomerRoutes, req: Request, customer: CustomerId): Promise<Presence> {
  const body = bodyOf(req);
  const conversation = conversationOf(body);
  const { clock, customers } = given.house;
  const now = clock.now();
  const widget = await customers.widgetOf(customer, conversation);
  return {
    conversation,
    beatAt: now,
    phone: body['phone'] === true,
    ...(widget !== '' && { widget }),
    ...(body['hidden'] === true && { hiddenAt: now }),
    ...(body['leaving'] === true && { leftAt: now }),
  };
}

function conversationOf(body: Readonly<Record<string, unknown>>): ConversationId {
  const conversation = readConversationId(body['conversation']);
  if (conversation === undefined)
    throw new Refused(400, 'bad_input', 'conversation: is missing or malformed.');
  return conversation;
}

function textOf(body: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = body[key];
  if (value !== undefined && typeof value !== 'string')
    throw new Refused(400, 'bad_input', `${key}: must be text.`);
  return value;
}

function widgetNamed(given: CustomerRoutes, id: string): Widget {
  const { widgets } = given.settings;
  // A page opened without naming one shows the first.
  const widget = id === 'default' ? widgets[0] : widgets.find((one) => one.id === id);
  if (widget === undefined) throw new Refused(404, 'not_found', 'There is no such chat here.');
  return widget;
}

const widgetBody = (given: CustomerRoutes, widget: Widget) => ({
  id: widget.id,
  title: widget.title,
  company: given.settings.company,
  language: widget.language,
  closedWindow: widget.rules.closedWindow,
  reconnect: widget.reconnect,
  all: given.settings.widgets.map(({ id, title }) => ({ id, title })),
  ...given.local,
});
