import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { CosmosError, notImplemented, type WireRequest } from './wire.ts';

/**
 * Checks the signature of a request: HMAC-SHA256 of verb, resource type, resource link and date under the account's
 * key, as the REST reference has it. Throws 401.
 *
 * The service also refuses dates more than 15 minutes off; here the SDK's date is the machine's while the database
 * may run on a moved clock, so that cannot be checked.
 */
export function checkSignature(request: WireRequest, key: KeyObject): void {
  const given = decodeURIComponent(request.headers['authorization'] ?? '');
  if (given === '')
    throw unauthorized(
      'Required Header authorization is missing. Ensure a valid Authorization token is passed.',
    );
  const fields = /^type=(\w+)&ver=1\.0&sig=(.+)$/.exec(given);
  if (fields?.[1] !== undefined && fields[1] !== 'master')
    throw notImplemented(`authorization of type ${fields[1]}`);
  const date = request.headers['x-ms-date'] ?? request.headers['date'] ?? '';
  const signature = Buffer.from(fields?.[2] ?? '', 'base64');
  // The SDK signs ids as they are; other clients sign them as they stand in the path. The service takes both.
  const links = [request.path, decodeURIComponent(request.path)];
  if (!links.some((path) => isSigned(signature, request.method, path, date, key)))
    throw unauthorized(
      "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol.",
    );
}

const unauthorized = (message: string): CosmosError => new CosmosError(401, message);

function isSigned(signature: Buffer, method: string, path: string, date: string, key: KeyObject): boolean {
  const { type, link } = signedParts(path);
  const text = `${method.toLowerCase()}\n${type}\n${link}\n${date.toLowerCase()}\n\n`;
  const expected = createHmac('sha256', key).update(text).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/** Of `/dbs/d/colls/c/docs` the type is `docs` and the link `dbs/d/colls/c`; with an id, the link is the whole. */
function signedParts(path: string): { readonly type: string; readonly link: string } {
  const parts = path.split('/').filter((part) => part !== '');
  const odd = parts.length % 2 === 1;
  const type = parts.at(odd ? -1 : -2) ?? '';
  return { type, link: (odd ? parts.slice(0, -1) : parts).join('/') };
}
