import type { Server } from 'restify';
import type { DirectLineToken } from '../adapters/directline/tokens.ts';
import type { Meant } from '../handoff/prompts.ts';
import { readConversationId, type ConversationId, type CustomerId } from '../session/ids.ts';
import type { CustomerState } from '../cards/views.ts';
import type { Widget } from '../settings/settings.ts';
import { conversationOf, textOf } from './customer-body.ts';
import { deviceOf } from './customer-device.ts';
import type { CustomerIdentity } from './customer-identity.ts';
import type { CustomerRoutes } from './customer-routes.ts';
import { bodyOf, Refused, route, sameOrigin } from './http.ts';

/**
 * `POST /api/directline/token`: what a page opens its line with, and keeps it up. A page that shows a conversation keeps
 * it while Direct Line knows it, else gets a new one for the same session, unasked; a page whose answer was lost asks
 * again, and gets that session again. `cookies: false` tells a page that its browser keeps none, and will not know it
 * again.
 */
export function tokenRoute(
  server: Server,
  given: CustomerRoutes,
  widgetNamed: (id: string | undefined) => Widget,
): void {
  const { house, identities } = given;
  const { customers, takingUp, clock } = house;

  server.post(
    '/api/directline/token',
    route(given.log, async (req) => {
      sameOrigin(req);
      const body = bodyOf(req);
      const widget = widgetNamed(textOf(body, 'widget'));
      const shown = body['conversation'] === undefined ? undefined : conversationOf(body);
      const old = textOf(body, 'token');
      const identity = await identities.identify(req);
      const { customer, subject } = identity;
      await given.budgets?.spend('token', customer);
      if (subject.kind === 'signedIn') await customers.know(customer, subject);

      const page = shown === undefined ? undefined : await takingUp.page(customer, shown);
      const kept = page === undefined || old === undefined ? undefined : await given.tokens.refresh(old);
      const same = kept?.conversationId === shown ? kept : undefined;
      const token = same ?? (await opened(given, identity));
      const conversation = readConversationId(token.conversationId);
      if (conversation === undefined)
        throw new Refused(502, 'channel_gone', 'The chat service answered nonsense.');
      const isNew = conversation !== shown;
      const user = isNew ? customer : (page?.user ?? customer);
      await takingUp.handOut(customer, page, {
        conversation,
        beatAt: clock.now(),
        phone: false,
        ...deviceOf(req),
        widget: widget.id,
        ...(shown !== undefined && isNew && { from: shown }),
      });

      const meant = shown === undefined ? await customers.meant(customer) : undefined;
      const sid = meant?.kind === 'back' ? meant.sid : page?.mayCall === true ? page.sid : undefined;
      const way = meant?.kind === 'back' && meant.direct ? 'prompt' : 'heal';
      const back =
        sid === undefined
          ? undefined
          : await customers.returning.comeBack({
              sid,
              conversation,
              user,
              way,
              want: 'agent',
              ...deviceOf(req),
            });
      const pass = identities.passFor(identity, conversation);
      return {
        body: {
          token: token.token,
          conversationId: conversation,
          userId: user,
          expires_in: token.expires_in,
          domain: given.domain,
          ...(back === undefined || back.refused !== undefined
            ? { state: await withoutChat(given, customer, same === undefined ? undefined : shown, meant) }
            : { state: back.state, transcript: back.transcript }),
          ...(pass !== undefined && { pass }),
          ...(pass !== undefined && identities.keepsNoCookies(req) && { cookies: false }),
        },
        ...(identity.setCookie !== undefined && { headers: { 'Set-Cookie': identity.setCookie } }),
      };
    }),
  );
}

/** Nothing to go on with. Whoever comes back too late is told so once, and a page that still shows what ended, again. */
async function withoutChat(
  { house: { customers, clock } }: CustomerRoutes,
  customer: CustomerId,
  shown: ConversationId | undefined,
  meant: Meant | undefined,
): Promise<CustomerState> {
  const over = shown === undefined ? undefined : await customers.tooLate.shownIn(customer, shown);
  if (over !== undefined) return over;
  const means = meant ?? (await customers.meant(customer));
  // Whoever tried to come back, and could not, finds another index.
  const read = means.kind === 'nothing' ? means : undefined;
  const ended = means.kind === 'asked' ? undefined : await customers.tooLate.tell(customer, read);
  return { status: 'none', now: clock.now(), ...(ended !== undefined && { ended }) };
}

const opened = (
  { tokens }: CustomerRoutes,
  { customer, subject }: CustomerIdentity,
): Promise<DirectLineToken> =>
  tokens.generate({
    id: customer,
    ...(subject.kind === 'signedIn' && subject.name !== undefined && { name: subject.name }),
  });
