import type { Server } from 'restify';
import type { ConversationId } from '../session/ids.ts';
import { conversationOf } from './customer-body.ts';
import type { KnownDevice } from './customer-identity.ts';
import type { CustomerRoutes } from './customer-routes.ts';
import { bodyOf, Refused, route, sameOrigin } from './http.ts';

/**
 * What becomes of a device's chats: `POST /api/identify` makes them those of whoever has signed in on it, and
 * `POST /api/forget` makes the browser forget them, wholly or but for one tab. No session is harmed by either.
 */
export function deviceRoutes(server: Server, given: CustomerRoutes): void {
  const { house, identities, log } = given;
  const { customers, takingUp, store } = house;

  const drop = async (devices: readonly KnownDevice[]): Promise<void> => {
    await Promise.all(devices.map(({ customer, hash }) => store.dropDevice(customer, hash)));
  };
  const stateIn = async (customer: KnownDevice['customer'], conversation: ConversationId) => {
    const entry = await customers.current(customer, conversation);
    return entry === undefined
      ? { status: 'none' as const, now: house.clock.now() }
      : customers.state(entry.sid);
  };

  server.post(
    '/api/identify',
    route(log, async (req) => {
      sameOrigin(req);
      const conversation = conversationOf(bodyOf(req));
      const account = await identities.signedIn(req);
      if (account === undefined) throw new Refused(401, 'not_permitted', 'Please sign in first.');
      // Both proofs in one request, and both of this chat (T11): who has signed in, and whose device it was begun on.
      const shown = await Promise.all(
        (await identities.devices(req)).map(async (device) =>
          (device.conversation ?? conversation) === conversation &&
          (await takingUp.page(device.customer, conversation)) !== undefined
            ? [device]
            : [],
        ),
      );
      const devices = shown.flat();
      // Asked again, because the answer was lost: the device is forgotten by now.
      const isDone = (await takingUp.page(account.customer, conversation)) !== undefined;
      if (devices.length === 0 && !isDone)
        throw new Refused(403, 'not_permitted', 'This chat was not begun in this browser.');
      await customers.know(account.customer, account.subject);
      for (const { customer } of devices) {
        if (await house.adopt(customer, account.customer, account.subject)) continue;
        throw new Refused(409, 'not_yours', 'This chat belongs to somebody else, who has signed in before.');
      }
      await drop(devices);
      const hadCookie = devices.some((device) => device.conversation === undefined);
      return {
        body: { state: await stateIn(account.customer, conversation) },
        ...((hadCookie || devices.length === 0) && { headers: { 'Set-Cookie': identities.clearCookie } }),
      };
    }),
  );

  server.post(
    '/api/forget',
    route(log, async (req) => {
      sameOrigin(req);
      const body = bodyOf(req);
      const devices = await identities.devices(req);
      const pass = body['shared'] === true ? await tabPass(given, req, conversationOf(body)) : undefined;
      await drop(devices);
      return {
        body: pass === undefined ? {} : { pass },
        headers: { 'Set-Cookie': identities.clearCookie },
      };
    }),
  );
}

/** On a shared computer: what lets this one tab go on. Whoever has signed in needs none. */
async function tabPass(
  { house, identities }: CustomerRoutes,
  req: Parameters<CustomerRoutes['identities']['known']>[0],
  conversation: ConversationId,
): Promise<string | undefined> {
  const { customer, device } = await identities.known(req);
  if (device === undefined) return undefined;
  if ((await house.takingUp.page(customer, conversation)) === undefined)
    throw new Refused(404, 'not_found', 'There is no such chat.');
  return identities.admitTab(customer, conversation);
}
