import { referenceOf } from '../../handoff/reference.ts';
import { readSessionId } from '../../session/ids.ts';

type Value = string | number | boolean;
type Fields = Readonly<Record<string, Value | undefined>>;

const MOST = 2_000;
/** Session and customer ids; a session goes under the number that people quote, a customer under none. */
const OURS = /dl_[A-Za-z0-9_-]{16,64}(?:\.[A-Za-z0-9_-]{8,40})?/gu;
/** What opens something, should it ever get into a sentence: reconnect links, signed tokens, secrets in an address. */
const SECRETS = /rt1_[\w.-]+|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|Bearer\s+\S+|[?&#][^\s"']+/gu;
const PLAIN_SEGMENT = /^[a-z][a-z.-]{0,23}$/u;

/** The fields of a log line as they leave the house: no customer's id, no session's, and nothing that opens anything. */
export function cleanFields({ session, customer: _, ...fields }: Fields): Record<string, Value> {
  const sid = readSessionId(session);
  const clean: Record<string, Value> = sid === undefined ? {} : { 'reconnect.reference': referenceOf(sid) };
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') clean[name] = name === 'path' ? cleanPath(value) : cleanText(value);
    else if (value !== undefined) clean[name] = value;
  }
  return clean;
}

/** A sentence without ids and secrets. */
export const cleanText = (text: string): string =>
  text
    .slice(0, MOST)
    .replace(OURS, (id) => {
      const sid = readSessionId(id);
      return sid === undefined ? 'a customer' : referenceOf(sid);
    })
    .replace(SECRETS, '…');

/** An address by the shape of its route alone. */
const cleanPath = (path: string): string =>
  path
    .split('/')
    .map((part) => (part === '' || PLAIN_SEGMENT.test(part) ? part : '…'))
    .join('/');
