import type { Server } from 'restify';
import { readShareAnswer } from '../handoff/activities.ts';
import { conversationOf } from './customer-body.ts';
import type { CustomerRoutes } from './customer-routes.ts';
import { bodyOf, Refused, route, sameOrigin } from './http.ts';
import { refusedBy } from './prompt-route.ts';

/**
 * What was said. `POST /api/transcript` gives it all to the customer whose it is, also within a day after the end;
 * `POST /api/share` lets whoever has their new chat see an earlier one. Both by who asks: an id is never a credential.
 */
export function transcriptRoutes(server: Server, given: CustomerRoutes): void {
  const { identities, log } = given;
  const { customers } = given.house;

  server.post(
    '/api/transcript',
    route(log, async (req) => {
      sameOrigin(req);
      const conversation = conversationOf(bodyOf(req));
      const { customer } = await identities.known(req);
      return { body: await customers.transcript(customer, conversation) };
    }),
  );

  server.post(
    '/api/share',
    route(log, async (req) => {
      sameOrigin(req);
      const body = bodyOf(req);
      const conversation = conversationOf(body);
      const share = readShareAnswer(body);
      if (share === undefined)
        throw new Refused(400, 'bad_input', 'earlier and nonce are needed: those of the question.');
      const { customer } = await identities.known(req);
      const { header, refused } = await customers.share(customer, conversation, share);
      const state = await customers.state(header.session.id);
      // Said yes to twice, it is shown all the same.
      if (refused !== undefined && refused.kind !== 'already')
        throw await refusedBy(given, customer, conversation, refused, state);
      return { body: { state } };
    }),
  );
}
