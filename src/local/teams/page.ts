import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { RequestHandler, Server } from 'restify';
import { bundle, once } from '../bundle.ts';
import type { Log } from './http.ts';

const source = (file: string): string =>
  fileURLToPath(new URL(`../../pages/teams-host/${file}`, import.meta.url));

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Mounts the host page at `/teams`, with its style and its script, which are bundled at the first request. */
export function mountPage(server: Server, log: Log): void {
  server.get(
    '/teams',
    serve(log, 'text/html; charset=utf-8', () => readFile(source('index.html'), 'utf8')),
  );
  server.get('/teams/host.css', serve(log, 'text/css', bundled('host.css')));
  server.get('/teams/host.js', serve(log, 'text/javascript', bundled('main.ts')));
}

const bundled = (file: string): (() => Promise<string>) => once(() => bundle(source(file)));

const serve =
  (log: Log, type: string, content: () => Promise<string>): RequestHandler =>
  async (_req, res) => {
    const headers = {
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    };
    try {
      const text = await content();
      res.writeHead(200, { ...headers, 'Content-Type': type });
      res.end(text);
    } catch (error) {
      log({ event: 'teams.page.failed', type, error });
      res.writeHead(500, { ...headers, 'Content-Type': 'text/plain' });
      res.end('The page could not be built; the log says why.');
    }
  };
