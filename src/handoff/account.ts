import { createHmac } from 'node:crypto';
import { readCustomerId, type CustomerId } from '../session/ids.ts';

/** A signed-in customer's id, made of whom their site's token speaks of: the same on every device, and no way back. */
export function accountId(pepper: string, issuer: string, subject: string): CustomerId {
  const hash = createHmac('sha256', pepper).update(`${issuer}|${subject}`).digest('base64url');
  const customer = readCustomerId(`dl_s${hash.slice(0, 31)}`);
  if (customer === undefined) throw new TypeError('A hash must read as a customer id');
  return customer;
}
