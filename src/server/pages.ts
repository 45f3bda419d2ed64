import type { Request, RequestHandler, Response, Server } from 'restify';
import type { Log } from '../handoff/ports.ts';
import { Refused, route } from './http.ts';

/** A file of our pages. `text` is asked at each request; what makes it caches. */
export interface Asset {
  readonly type: string;
  readonly text: () => Promise<string | Buffer>;
  /** The same, packed with brotli, for browsers that take it. */
  readonly packed?: () => Promise<Buffer>;
  /** Tells one content from another, so that a browser need not fetch again what it has. */
  readonly hash?: string;
  /** Its path names its content: once fetched, it is never asked for again. */
  readonly isForever?: boolean;
}

/** The pages' files: made by esbuild locally, read from the build in production. */
export interface Assets {
  readonly chatPage: Asset;
  readonly inboxPage: Asset;
  /** The client kit, for other sites' pages to import. */
  readonly kit: Asset;
  /** By path, such as `/chat/main.js`. */
  readonly files: Readonly<Record<string, Asset>>;
}

/** Who may frame the tab. Source: Teams docs, tab requirements. */
const TEAMS_FRAMES = 'https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft';

/** Web Chat puts an empty style element into the page and fills it rule by rule; this is the hash of nothing. */
const EMPTY_STYLE = `'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`;

/** What the pages need. */
export interface PageRoutes {
  readonly assets: Assets;
  /** Where browsers reach Direct Line; of it, the origin counts. */
  readonly directLine: string;
  /** Who may frame the tab besides Teams. */
  readonly framedBy: readonly string[];
  /** Hosts whose pages a widget's agents may show; of the first widget where none is named. */
  readonly pageHosts: (widget: string | undefined) => readonly string[];
  readonly log: Log;
}

/** Serves both pages, each under a policy that lets nothing in from outside. */
export function pageRoutes(server: Server, given: PageRoutes): void {
  const { assets, log } = given;
  const connect = new URL(given.directLine).origin;
  const socket = connect.replace(/^http/u, 'ws');
  const serve = (path: string, handler: RequestHandler): void => {
    server.get(path, handler);
    server.head(path, handler);
  };
  serve(
    '/',
    route(log, async (req, res) => {
      const hosts = given.pageHosts(widgetIn(req));
      await send(req, res, assets.chatPage, {
        'Content-Security-Policy': policy({
          'style-src': `'self' ${EMPTY_STYLE}`,
          // What customers upload is shown from where the channel keeps it, until their next transcript.
          'img-src': `'self' data: blob: ${connect}`,
          // Direct Line's client reads the file that is to be uploaded from an address within the page.
          'connect-src': `'self' blob: ${connect} ${socket}`,
          // Nothing is framed but what the widget's settings name, and that only once the customer says so.
          'frame-src': hosts.length === 0 ? `'none'` : hosts.map((host) => `https://${host}`).join(' '),
          'frame-ancestors': `'none'`,
        }),
      });
      return undefined;
    }),
  );
  serve(
    '/inbox/',
    route(log, async (req, res) => {
      await send(req, res, assets.inboxPage, {
        'Content-Security-Policy': policy({
          'style-src': `'self'`,
          'img-src': `'self' data: blob:`,
          'connect-src': `'self'`,
          'frame-ancestors': [TEAMS_FRAMES, ...given.framedBy].join(' '),
        }),
      });
      return undefined;
    }),
  );
  // Browsers ask for it unasked, and would print a 404 into the console.
  serve(
    '/favicon.ico',
    route(log, (_, res) => {
      res.writeHead(204, { 'Cache-Control': 'max-age=86400' });
      res.end();
      return Promise.resolve(undefined);
    }),
  );
  // Any page may read it: what it then may ask of the house is decided by the origins the settings name.
  serve(
    '/webchat.js',
    route(log, async (req, res) => {
      await send(req, res, assets.kit, {
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      });
      return undefined;
    }),
  );
  for (const [path, asset] of Object.entries(assets.files)) {
    serve(
      path,
      route(log, async (req, res) => {
        await send(req, res, asset, { 'Cross-Origin-Resource-Policy': 'same-origin' });
        return undefined;
      }),
    );
  }
}

function widgetIn(req: Request): string | undefined {
  const asked: unknown = (req.query as { widget?: unknown } | undefined)?.widget;
  return typeof asked === 'string' ? asked : undefined;
}

const policy = (own: Readonly<Record<string, string>>): string =>
  Object.entries({
    'default-src': `'none'`,
    'script-src': `'self'`,
    'font-src': `'self'`,
    'base-uri': `'none'`,
    'form-action': `'none'`,
    ...own,
  })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/** Sends a file, or says that the browser has it. */
async function send(
  req: Request,
  res: Response,
  { type, text, packed, hash, isForever = false }: Asset,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const about = {
    ...headers,
    'Cache-Control': isForever ? `public, max-age=${YEAR_S}, immutable` : 'no-cache',
    ...(hash !== undefined && { ETag: `"${hash}"` }),
    ...(packed !== undefined && { Vary: 'Accept-Encoding' }),
  };
  if (hash !== undefined && req.header('if-none-match', '').includes(`"${hash}"`)) {
    res.writeHead(304, about);
    res.end();
    return;
  }
  const isPacked = packed !== undefined && /\bbr\b/u.test(req.header('accept-encoding', ''));
  const body = await (isPacked ? packed() : text());
  if (body.length === 0) throw new Refused(404, 'not_found', 'There is nothing here.');
  res.writeHead(200, { 'Content-Type': type, ...about, ...(isPacked && { 'Content-Encoding': 'br' }) });
  res.end(body);
}

const YEAR_S = 365 * 24 * 3_600;
