import type { Server } from 'restify';
import type { Log } from '../handoff/ports.ts';
import { bodyOf, Refused, route } from '../server/http.ts';
import { CUSTOMERS, SITE } from './people.ts';
import type { Signer } from './site.ts';

/** Plays the company's own sign-in: hands out its tokens for the customers of the local site. Gives what the page needs to offer it. */
export function siteRoutes(
  server: Server,
  given: { readonly signer: Signer; readonly issuer: string; readonly log: Log },
): unknown {
  server.post(
    '/local/signin',
    route(given.log, async (req) => {
      const { subject } = bodyOf(req);
      const customer = CUSTOMERS.find((one) => one.subject === subject);
      if (customer === undefined) throw new Refused(404, 'not_found', 'The site knows nobody of that name.');
      const token = await given.signer.sign(
        { name: customer.name },
        { issuer: given.issuer, audience: SITE, subject: customer.subject },
      );
      return { body: { token, name: customer.name } };
    }),
  );
  return { signIn: '/local/signin', people: CUSTOMERS };
}
