import { badArgument, Refusal } from './refusal.ts';

export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string | undefined;
  readonly bytes: Uint8Array;
}

const lineEnd = '\r\n';

/**
 * Takes a `multipart/form-data` body apart, as browsers write it (RFC 7578). The parts are views of `body`. Throws 415
 * for another content type, 400 for a body that does not keep to its boundary.
 */
export function readMultipart(contentType: string | undefined, body: Buffer): readonly Part[] {
  if (contentType === undefined || !/^multipart\/form-data\b/i.test(contentType))
    throw new Refusal(415, 'BadArgument', 'An upload must be multipart/form-data');
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw badArgument('The multipart body names no boundary');

  const parts: Part[] = [];
  const opening = `--${boundary}`;
  let at = body.indexOf(opening);
  if (at < 0) throw broken();
  at += opening.length;
  while (body.toString('latin1', at, at + 2) === lineEnd) {
    const start = at + lineEnd.length;
    const end = body.indexOf(lineEnd + opening, start);
    if (end < 0) throw broken();
    parts.push(readPart(body.subarray(start, end)));
    at = end + lineEnd.length + opening.length;
  }
  if (body.toString('latin1', at, at + 2) !== '--') throw broken();
  return parts;
}

function readPart(part: Buffer): Part {
  const headerEnd = part.indexOf(lineEnd + lineEnd);
  if (headerEnd < 0) throw broken();
  const headers = part.toString('utf8', 0, headerEnd);
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(headers)?.[1] ?? '';
  const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) throw broken();
  return {
    name,
    filename: /;\s*filename="([^"]*)"/i.exec(disposition)?.[1]?.replaceAll('%22', '"'),
    type: /^content-type:\s*(\S.*?)\s*$/im.exec(headers)?.[1],
    bytes: part.subarray(headerEnd + 2 * lineEnd.length),
  };
}

const broken = () => badArgument('The body is not valid multipart/form-data');
