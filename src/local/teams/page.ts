import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import type { RequestHandler, Server } from 'restify';
import type { Log } from './http.ts';

const source = (file: string) => new URL(`../../pages/teams-host/${file}`, import.meta.url);

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

/** Mounts the host page at `/teams`, with its style and its script, which is bundled at the first request. */
export function mountPage(server: Server, log: Log): void {
  let bundled: Promise<string> | undefined;
  const script = () => (bundled ??= bundle());
  server.get(
    '/teams',
    serve(log, 'text/html; charset=utf-8', () => readFile(source('index.html'), 'utf8')),
  );
  server.get(
    '/teams/host.css',
    serve(log, 'text/css', () => readFile(source('host.css'), 'utf8')),
  );
  server.get('/teams/host.js', serve(log, 'text/javascript', script));
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [source('main.ts').pathname],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

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
