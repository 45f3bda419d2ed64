import type { Next, Request, Response } from 'restify';
import { Refused } from './http.ts';

/** The largest body taken, in bytes; Direct Line and Teams send at most 256 KB. */
const MAX_BYTES = 256 * 1024;
/** A client sees our refusal only when it has sent everything; beyond this we hang up instead. */
const PATIENCE_BYTES = 8 * 1024 * 1024;
/** Routes that take bytes and read them themselves, once they know from whom. */
const UPLOADS = /^\/api\/sessions\/[^/]+\/files$/u;
/** The deepest nesting taken; cards reach about twenty. */
const MAX_DEPTH = 64;

const WITH_BODY: ReadonlySet<string | undefined> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Puts the JSON of a request into `req.body`; an empty body leaves it `undefined`. Takes the place of restify's parsers,
 * which write uploads to disk and let a broken gzip body kill the process.
 */
export function jsonBodies(req: Request, _: Response, next: Next): void {
  if (!WITH_BODY.has(req.method) || UPLOADS.test(req.path())) {
    next();
    return;
  }
  readJson(req).then(
    (body) => {
      req.body = body;
      next();
    },
    (reason: unknown) => next(reason),
  );
}

async function readJson(req: Request): Promise<unknown> {
  const bytes = await readBytes(req, MAX_BYTES);
  if (bytes.length === 0) return undefined;
  const [type = '', ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/u);
  const encoding = req.headers['content-encoding'] ?? 'identity';
  const isPlain =
    encoding === 'identity' && parameters.every((one) => !one.startsWith('charset=') || /utf-?8/u.test(one));
  if (!/^application\/(?:[\w.-]+\+)?json$/u.test(type) || !isPlain) {
    throw new Refused(415, 'bad_type', 'The body must be application/json in UTF-8, not compressed.');
  }
  const body = parsed(bytes);
  if (!isTame(body, MAX_DEPTH)) {
    throw new Refused(
      400,
      'bad_input',
      `The body is nested more than ${MAX_DEPTH} deep, or has a __proto__.`,
    );
  }
  return body;
}

/**
 * Reads a body of at most `most` bytes.
 *
 * @throws Refused 413 beyond it, 400 when it broke off.
 */
export function readBytes(req: Request, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const tooLarge = () =>
    new Refused(413, 'too_large', `The body is too large; at most ${Math.floor(most / 1024)} KB are taken.`);
  // Its events, not its iterator: most bodies are one chunk, and that costs more than to read it.
  return new Promise((resolve, reject) => {
    const brokenOff = (): void => {
      if (!req.readableEnded) reject(new Refused(400, 'bad_input', 'The body broke off.'));
    };
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      if (size <= Math.max(PATIENCE_BYTES, 2 * most)) return;
      reject(tooLarge());
      req.destroy();
    });
    req.on('end', () => (size > most ? reject(tooLarge()) : resolve(Buffer.concat(chunks))));
    req.on('error', brokenOff);
    req.on('close', brokenOff);
    // Whoever asks late, after it had to be found out who sends it, hears of it no other way.
    if (req.destroyed) brokenOff();
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch {
    throw new Refused(400, 'bad_input', 'The body is not valid JSON.');
  }
}

const isTame = (value: unknown, deeper: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (deeper > 0 &&
    !Object.hasOwn(value, '__proto__') &&
    Object.values(value).every((inner) => isTame(inner, deeper - 1)));
