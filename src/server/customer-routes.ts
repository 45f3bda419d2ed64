import type { Request, Server } from 'restify';
import type { DirectLineTokens } from '../adapters/directline/tokens.ts';
import type { BotTurns } from '../adapters/botframework/bot-line.ts';
import { CUSTOMER_ACTS, type CustomerAct } from '../handoff/customer-acts.ts';
import type { House } from '../handoff/house.ts';
import type { Presence } from '../handoff/header.ts';
import type { Log } from '../handoff/ports.ts';
import { pageWording } from '../cards/page-words.ts';
import type { CustomerId } from '../session/ids.ts';
import type { Settings, Widget } from '../settings/settings.ts';
import type { Budgets } from './budgets.ts';
import { conversationOf } from './customer-body.ts';
import { customerFiles } from './customer-files.ts';
import type { CustomerIdentities } from './customer-identity.ts';
import { deviceOf } from './customer-device.ts';
import { deviceRoutes } from './device-routes.ts';
import { bodyOf, Refused, route, sameOrigin } from './http.ts';
import { byPrompt, freshState, refusedBy, shareBody } from './prompt-route.ts';
import { actOnLinks, reconnectRoutes } from './reconnect-routes.ts';
import { tokenRoute } from './token-route.ts';
import { transcriptRoutes } from './transcript-routes.ts';

/** What the customers' routes need. */
export interface CustomerRoutes {
  readonly house: House;
  readonly identities: CustomerIdentities;
  readonly tokens: DirectLineTokens;
  /** Base of Direct Line as the page reaches it. */
  readonly domain: string;
  readonly settings: Settings;
  readonly greet: BotTurns['greet'];
  /** Whether requests reach us only through a proxy of ours, which says where they come from. */
  readonly behindProxy?: boolean;
  /** What holds off whoever floods the house; left out, nothing does. */
  readonly budgets?: Budgets;
  /** Where the page signs people in and hears the clock; only locally. */
  readonly local?: { readonly site: unknown; readonly clock: string };
  readonly log: Log;
}

/** What the customer's page calls. */
export function customerRoutes(server: Server, given: CustomerRoutes): void {
  const { house, identities, log } = given;
  const { customers } = house;

  server.get(
    '/api/widgets/:id',
    route(log, (req) =>
      Promise.resolve({ body: widgetBody(given, widgetNamed(given, (req.params as { id: string }).id)) }),
    ),
  );

  tokenRoute(server, given, (id) => widgetNamed(given, id ?? given.settings.widgets[0]?.id ?? ''));
  deviceRoutes(server, given);
  customerFiles(server, given);

  reconnectRoutes(server, given, byPrompt(given));
  transcriptRoutes(server, given);

  server.post(
    '/api/presence',
    route(log, async (req) => {
      sameOrigin(req);
      const { customer } = await identities.known(req);
      const presence = await presenceOf(given, req, customer);
      // Nobody is noted as present where we never let them in: that note is what says whose a conversation is.
      if ((await house.takingUp.page(customer, presence.conversation)) === undefined)
        return { body: { state: { status: 'none', now: presence.beatAt } } };
      return { body: { state: await customers.beat(customer, presence) } };
    }),
  );

  // Coalesced by the page, and monotone: a repeat or a late one changes nothing.
  server.post(
    '/api/seen',
    route(log, async (req) => {
      sameOrigin(req);
      const { customer } = await identities.known(req);
      const body = bodyOf(req);
      const conversation = conversationOf(body);
      const seq: unknown = body['seq'];
      if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0)
        throw new Refused(400, 'bad_input', 'seq: must be the number of a line.');
      await customers.seen(customer, conversation, seq, deviceOf(req).device);
      return { body: {} };
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
      if (act === 'link' || act === 'revokeLinks') return actOnLinks(given, customer, conversation, act);
      if (!isAct(act)) {
        throw new Refused(400, 'bad_input', `act: must be ${CUSTOMER_ACTS.join(', ')}, link or revokeLinks.`);
      }
      const { state, refused, share } = await customers.act(customer, conversation, act);
      if (refused !== undefined) throw await refusedBy(given, customer, conversation, refused, state);
      if (share === undefined) return { body: { state } };
      return {
        body: {
          state: await freshState(given, customer, conversation, share.earlier),
          share: await shareBody(given, customer, conversation, share),
        },
      };
    }),
  );
}

const isAct = (act: unknown): act is CustomerAct => CUSTOMER_ACTS.some((one) => one === act);

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
    ...deviceOf(req),
    ...(widget !== '' && { widget }),
    ...(body['hidden'] === true && { hiddenAt: now }),
    ...(body['leaving'] === true && { leftAt: now }),
  };
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
  wording: pageWording(given.house.widget(widget.id).words),
  closedWindow: widget.rules.closedWindow,
  files: widget.files.enabled,
  reconnect: { enabled: widget.reconnect.enabled, preview: widget.reconnect.preview },
  all: given.settings.widgets.map(({ id, title }) => ({ id, title })),
  ...given.local,
});
