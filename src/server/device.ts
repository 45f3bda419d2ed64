import { createHash, randomBytes } from 'node:crypto';
import type { Request } from 'restify';
import { readCustomerId, type CustomerId } from '../session/ids.ts';

/** A device of a customer, by the hash under which its secret is stored in their partition. */
export interface Device {
  readonly customer: CustomerId;
  readonly hash: string;
}

/** The cookie that stands for an anonymous customer's device; how browsers are made to keep it, and to forget it. */
export interface DeviceCookies {
  /** The device a request's cookie names; whether it is one of ours only the store can tell. */
  readonly read: (req: Request) => (Device & { readonly secret: string }) | undefined;
  /** `Set-Cookie` for a device; sent again, it lives on. */
  readonly set: (customer: CustomerId, secret: string) => string;
  /** `Set-Cookie` that makes the browser forget it. */
  readonly clear: string;
}

const LIFE_S = 180 * 24 * 3_600;

/** 256 random bits: an id is never a credential. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored of a secret. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** A customer nobody has seen before; 144 random bits. */
export function newCustomer(): CustomerId {
  const customer = readCustomerId(`dl_a${randomBytes(18).toString('base64url')}`);
  if (customer === undefined) throw new TypeError('A new customer id must be readable');
  return customer;
}

/**
 * Makes the reader and writer of the cookie. `secure` is false only on plain http on this machine, where a `__Host-`
 * cookie cannot be set. `Lax`: the site's own links bring people back with it, and no other site's page can use it; a
 * portal on another site than the house gets none of it kept, and shows its pass instead.
 */
export function deviceCookies(secure: boolean): DeviceCookies {
  const name = secure ? '__Host-reconnect' : 'reconnect-device';
  const pattern = new RegExp(`(?:^|; )${name}=([\\w-]+)\\.([\\w-]+)`, 'u');
  const flags = (lifeS: number): string =>
    `Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifeS}${secure ? '; Secure' : ''}`;
  return {
    read: (req) => {
      const [, id, secret] = pattern.exec(req.header('cookie', '')) ?? [];
      const customer = readCustomerId(id);
      if (customer === undefined || secret === undefined) return undefined;
      return { customer, secret, hash: hashOf(secret) };
    },
    set: (customer, secret) => `${name}=${customer}.${secret}; ${flags(LIFE_S)}`,
    clear: `${name}=; ${flags(0)}`,
  };
}
