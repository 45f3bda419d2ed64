import type { Request, Response } from 'restify';
import type { FilePlace } from '../handoff/file-links.ts';
import type { House } from '../handoff/house.ts';
import { readSessionId } from '../session/ids.ts';
import { Refused } from './http.ts';

/** Pictures that a browser shows and that cannot hold a script; an SVG can. */
const SHOWN: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** There is no such file, or none for whoever asks: nobody is told which. */
export const noFile = (): Refused => new Refused(404, 'not_found', 'There is no such file.');

/** Which file a request names, by `:sid`, `:seq` and `:place`. */
export function placeIn(req: Request): FilePlace {
  const { sid: session, seq, place } = req.params as Readonly<Record<'sid' | 'seq' | 'place', string>>;
  const sid = readSessionId(session);
  if (sid === undefined || !/^[1-9]\d{0,9}$/u.test(seq) || !/^\d{1,2}$/u.test(place)) throw noFile();
  return { sid, seq: Number(seq), place: Number(place) };
}

/**
 * Answers with a file. Only raster pictures are shown where they are; everything else is saved, and nothing that somebody
 * sent can run as a page of ours, whatever it turns out to be.
 */
export async function answerFile(
  { files }: House,
  of: FilePlace,
  audience: 'customer' | 'agent',
  res: Response,
): Promise<undefined> {
  const file = await files?.read(of, audience);
  if (file === undefined) throw noFile();
  const isShown = SHOWN.has(file.type);
  res.writeHead(200, {
    'Content-Type': file.type,
    'Content-Length': String(file.bytes.length),
    'Content-Disposition': `${isShown ? 'inline' : 'attachment'}; ${named(file.name)}`,
    'Content-Security-Policy': `default-src 'none'; sandbox; frame-ancestors 'none'`,
    'Cache-Control': 'private, no-store',
    // Another site's page with our kit shows it; it can read nothing of it.
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  res.end(Buffer.from(file.bytes));
}

/** A header is ASCII: the whole name travels percent-encoded (RFC 6266), and what is left of it for old clients. */
function named(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/gu,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${whole}`;
}
