import type { Next, Request, Response, Server } from 'restify';
import type { Settings } from '../settings/settings.ts';
import { letIn } from './http.ts';
import { PASS_HEADER } from './pass.ts';

/** What customers' pages ask; agents' tabs are on our own origin, and channels are no browsers. */
const FOR_CUSTOMERS =
  /^\/api\/(?:directline\/token|widgets\/[^/]+|reconnect(?:\/(?:look|read))?|presence|seen|act|identify|forget|transcript|share)\/?$/u;

const HEADERS = `authorization, content-type, idempotency-key, ${PASS_HEADER}`;
const PREFLIGHT_LIFE_S = 600;

/** Origins whose pages may use the chat: where the widgets are deployed, and the sites the settings name besides. */
export const originsOf = (settings: Pick<Settings, 'widgets' | 'sites'>): ReadonlySet<string> =>
  new Set([
    ...settings.widgets.flatMap(({ portalUrl }) =>
      portalUrl === undefined ? [] : [new URL(portalUrl).origin],
    ),
    ...settings.sites,
  ]);

/**
 * Lets pages of these origins ask what customers' pages ask, with their cookies; nobody else is told anything. A portal
 * on another *site* than the house gets no `Lax` cookie kept: there the page's pass carries its customer, as long as it
 * stays open. Source: reliability.md, T34.
 */
export function crossOrigin(server: Server, origins: ReadonlySet<string>): void {
  server.pre((req: Request, res: Response, next: Next) => {
    const isAnswered = FOR_CUSTOMERS.test(req.path()) && isPreflightAnswered(req, res, origins);
    next(isAnswered ? false : undefined);
  });
}

/** Says in the answer who may read it; whether a preflight has been answered with that. */
function isPreflightAnswered(req: Request, res: Response, origins: ReadonlySet<string>): boolean {
  // Whoever asks: what a cache keeps for one origin must not answer another.
  res.setHeader('Vary', 'Origin');
  const { origin } = req.headers;
  if (origin === undefined || !origins.has(origin)) return false;
  letIn(req);
  res.setHeader('Access-Control-Allow-Origin', origin);
  res.setHeader('Access-Control-Allow-Credentials', 'true');
  res.setHeader('Access-Control-Expose-Headers', 'retry-after');
  if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) return false;
  res.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': HEADERS,
    'Access-Control-Max-Age': String(PREFLIGHT_LIFE_S),
  });
  res.end();
  return true;
}
