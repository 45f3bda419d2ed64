import type { Request, Server } from 'restify';
import { failureText, refusalText, type Wording } from '../cards/wording.ts';
import type { Brought, Caller } from '../handoff/links-find.ts';
import type { Looked, Redeemed } from '../handoff/links-redeem.ts';
import type { Back, Rim } from '../handoff/links-use.ts';
import type { ConversationId, CustomerId } from '../session/ids.ts';
import { addressOf } from './caller.ts';
import { deviceOf } from './customer-device.ts';
import type { CustomerRoutes } from './customer-routes.ts';
import { hashOf, newSecret } from './device.ts';
import { bodyOf, Refused, route, sameOrigin, type Answer } from './http.ts';

/**
 * The ways back. `POST /api/reconnect` takes a link's token, a code, or the answer to a prompt, which is `byPrompt`'s;
 * `POST /api/reconnect/look` tells before the click what a link would open. Nothing here is ever asked with GET: whatever
 * opens links to look at them changes nothing. `POST /api/reconnect/read` gives what was said in a chat whose time ran out.
 */
export function reconnectRoutes(
  server: Server,
  given: CustomerRoutes,
  byPrompt: (req: Request) => Promise<Answer>,
): void {
  const { house, identities, tokens, log } = given;
  const rim: Rim = {
    open: tokens.generate,
    admit: (customer, conversation) => {
      const secret = newSecret();
      return { hash: hashOf(secret), ...identities.keepsakes(customer, secret, conversation) };
    },
  };

  server.post(
    '/api/reconnect',
    route(log, async (req) => {
      sameOrigin(req);
      const body = bodyOf(req);
      const brought = broughtIn(body);
      if (brought === undefined) return byPrompt(req);
      const redeemed = await house.redemptions.redeem(brought, callerOf(given, req), rim);
      return redeemed.kind === 'back'
        ? backAnswer(given, req, redeemed.back)
        : noAnswer(redeemed, wordsOf(given, body));
    }),
  );

  server.post(
    '/api/reconnect/look',
    route(log, async (req) => {
      sameOrigin(req);
      const body = bodyOf(req);
      const looked = await house.redemptions.look(textIn(body, 'token'), callerOf(given, req));
      if (looked.kind !== 'open') return noAnswer(looked, wordsOf(given, body));
      return { body: { status: 'open', ...(looked.agent !== undefined && { agent: looked.agent }) } };
    }),
  );

  server.post(
    '/api/reconnect/read',
    route(log, async (req) => {
      sameOrigin(req);
      const body = bodyOf(req);
      const read = await house.redemptions.read(textIn(body, 'token'), callerOf(given, req));
      return read.kind === 'read' ? { body: { lines: read.lines } } : noAnswer(read, wordsOf(given, body));
    }),
  );
}

/** What a page does about the links of the chat it shows: asks for one of its own, or makes all of them worthless. */
export async function actOnLinks(
  { house }: CustomerRoutes,
  customer: CustomerId,
  conversation: ConversationId,
  act: 'link' | 'revokeLinks',
): Promise<Answer> {
  const entry = await house.customers.actedOn(customer, conversation);
  if (entry === undefined) throw new Refused(404, 'not_found', 'There is no chat to act on here.');
  const { sid, widget } = entry;
  const { words, enabled } = house.widget(widget);
  if (!enabled) throw new Refused(409, 'disabled', failureText('disabled', words));
  if (act === 'link') {
    const copied = await house.links.copy(sid);
    if ('given' in copied) return { body: { link: copied.given } };
    throw new Refused(409, copied.refused.kind, refusalText(copied.refused, words, 'customer'));
  }
  const { refused } = await house.sessions.ask(sid, {
    actor: 'customer',
    command: () => ({ type: 'revokeLinks', by: 'customer' }),
  });
  if (refused !== undefined) throw new Refused(409, refused.kind, refusalText(refused, words, 'customer'));
  return { body: { state: await house.customers.state(sid) } };
}

type Body = Readonly<Record<string, unknown>>;

function broughtIn(body: Body): Brought | undefined {
  if (body['token'] !== undefined) return { way: 'link', text: textIn(body, 'token') };
  return body['code'] === undefined ? undefined : { way: 'code', text: textIn(body, 'code') };
}

/** What is no text opens nothing, and is answered like any other that opens nothing. */
const textIn = (body: Body, name: 'token' | 'code'): string => {
  const text = body[name];
  return typeof text === 'string' ? text : '';
};

const MOST_KEY = 200;

function callerOf({ identities, behindProxy = false }: CustomerRoutes, req: Request): Caller {
  const idempotencyKey = req.header('idempotency-key', '');
  if (idempotencyKey.length > MOST_KEY) {
    throw new Refused(400, 'bad_input', `Idempotency-Key: at most ${MOST_KEY} characters.`);
  }
  return {
    from: addressOf(req, behindProxy),
    ...deviceOf(req),
    ...(idempotencyKey !== '' && { idempotencyKey }),
    who: async () => {
      const [account, devices] = await Promise.all([identities.signedIn(req), identities.devices(req)]);
      return {
        devices: devices.filter(({ stands }) => stands === 'open').map(({ customer }) => customer),
        ...(account !== undefined && { account: account.customer }),
      };
    },
  };
}

const wordsOf = ({ house }: CustomerRoutes, { widget }: Body): Wording =>
  house.widget(typeof widget === 'string' ? widget : '').words;

function backAnswer(given: CustomerRoutes, req: Request, back: Back): Answer {
  const { opened, customer, state, transcript, link, admitted } = back;
  return {
    body: {
      token: opened.token,
      conversationId: opened.conversationId,
      userId: customer,
      expires_in: opened.expires_in,
      domain: given.domain,
      state,
      transcript,
      link,
      ...(admitted !== undefined && { pass: admitted.pass }),
      ...(given.identities.keepsNoCookies(req) && { cookies: false }),
    },
    ...(admitted !== undefined && { headers: { 'Set-Cookie': admitted.setCookie } }),
  };
}

function noAnswer(
  no: Exclude<Redeemed, { kind: 'back' }> | Exclude<Looked, { kind: 'open' }>,
  words: Wording,
): Answer {
  switch (no.kind) {
    case 'unknown':
      return errorAnswer(404, 'not_found', failureText('not_found', words));
    case 'ask':
      return errorAnswer(409, 'ask', failureText('ask', words));
    case 'used':
      return errorAnswer(409, 'used', failureText('used', words));
    case 'over': {
      const { ended, session } = no;
      const message = refusalText({ kind: 'over', status: session.status, at: ended.at }, words, 'customer');
      return errorAnswer(410, 'over', message, { ended });
    }
    case 'tooMany':
      return {
        ...errorAnswer(429, 'too_many', failureText('too_many', words)),
        headers: { 'Retry-After': String(Math.ceil(no.retryAfterMs / 1000)) },
      };
  }
}

/** `more` stands beside the message: what the page needs to go on. */
const errorAnswer = (status: number, code: string, message: string, more: Body = {}): Answer => ({
  status,
  body: { error: { code, message }, ...more },
});
