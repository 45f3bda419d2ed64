import { readFile } from 'node:fs/promises';
import type { Server } from 'restify';
import type { Log } from '../handoff/ports.ts';
import { route } from '../server/http.ts';

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/example': ['index.html', 'text/html'],
  '/example/stock': ['stock.html', 'text/html'],
  '/example/example.js': ['example.js', 'text/javascript'],
  '/example/stock.js': ['stock.js', 'text/javascript'],
  '/example/example.css': ['example.css', 'text/css'],
};

/**
 * Serves a site of its own that uses the client kit, and one with a stock Web Chat. Opened under `localhost` they are of
 * another origin than the house, which calls itself `127.0.0.1`.
 */
export function exampleRoutes(server: Server, given: { readonly house: string; readonly log: Log }): void {
  const { house } = given;
  const policy = [
    `default-src 'none'`,
    `script-src 'self' ${house}`,
    // Stock Web Chat writes its styles into the page.
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `connect-src 'self' ${house} ${house.replace(/^http/u, 'ws')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
  for (const [path, [file, type]] of Object.entries(FILES)) {
    server.get(
      path,
      route(given.log, async (_, res) => {
        const text = await readFile(new URL(`example/${file}`, import.meta.url), 'utf8');
        res.writeHead(200, {
          'Content-Type': `${type}; charset=utf-8`,
          'Cache-Control': 'no-cache',
          'Content-Security-Policy': policy,
        });
        res.end(text);
        return undefined;
      }),
    );
  }
}
