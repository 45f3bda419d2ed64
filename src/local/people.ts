import type { Person } from './teams/people.ts';

/** The local tenant, the tab's app id, and the site's audience; any fixed ids would do. */
export const TENANT = '7c1d0a55-3b0e-4f3e-9a86-2d8a0e6f0001';
export const AUDIENCE = '0f6b5d7e-8a52-4c59-8b25-51f4a7c30002';
export const SITE = 'northwind-chat';

/** People of the local Teams: three agents, of whom the third may also see others' sessions, and one who may not chat. */
export const AGENTS: readonly Person[] = [
  agent(1, 'Jonas Weber', ['Chat.Agent']),
  agent(2, 'Amira Haddad', ['Chat.Agent']),
  agent(3, 'Tomás Rivera', ['Chat.Agent', 'Chat.Supervisor']),
  agent(4, 'Nele Brandt', []),
];

/** Customers the local site can sign in. */
export const CUSTOMERS: readonly { readonly subject: string; readonly name: string }[] = [
  { subject: 'lea', name: 'Lea Moreau' },
  { subject: 'tomasz', name: 'Tomasz Kowal' },
];

function agent(n: number, name: string, roles: readonly string[]): Person {
  const upn = `${name.split(' ')[0]?.toLowerCase() ?? 'agent'}@northwind-parcels.example`;
  return { n, oid: `b3a0c6f2-5d1e-4a7b-8c11-0000000000${10 + n}`, name, upn, roles };
}
