import { createHash } from 'node:crypto';
import { readCustomerId, type CustomerId } from '../session/ids.ts';

/** What a reconnect link carries: whose partition to look in, and the secret that opens one session there, once. */
export interface Token {
  readonly customer: CustomerId;
  /** 32 bytes as URL-safe base64: 43 characters. */
  readonly secret: string;
}

const BEGINS = 'rt1_';
const SECRET = /^[\w-]{43}$/u;

/** Reads a token from outside; `undefined` when it is none. */
export function readToken(text: string): Token | undefined {
  if (!text.startsWith(BEGINS)) return undefined;
  const [id, ...rest] = text.slice(BEGINS.length).split('.');
  const [customer, secret] = [readCustomerId(id), rest.join('.')];
  return customer !== undefined && SECRET.test(secret) ? { customer, secret } : undefined;
}

export const tokenOf = ({ customer, secret }: Token): string => `${BEGINS}${customer}.${secret}`;

/**
 * The link that carries a token. It lies in the fragment, which browsers send nowhere: not to servers and their logs, not
 * to the site a page leads to, not to whatever opens links to look at them.
 */
export function linkWith(portalUrl: string, token: Token): string {
  const url = new URL(portalUrl);
  url.hash = tokenOf(token);
  return url.href;
}

/** What a key is stored under. 256 random bits need no slow hash: nobody can try them all. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
