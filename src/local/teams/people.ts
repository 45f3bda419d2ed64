import { createHash } from 'node:crypto';

/** One person of the local tenant, as Entra and Teams know them; `n` is the number used in `/teams?agent=n`. */
export interface Person {
  readonly n: number;
  readonly oid: string;
  readonly name: string;
  readonly upn: string;
  readonly roles: readonly string[];
}

/** The Teams id of a person for this bot, `29:…`; stable over restarts. */
export const userIdOf = (oid: string): string => `29:1${digest(oid)}`;

/** The id of a person's personal chat with this bot, `a:…`; stable over restarts and per bot, as in Teams. */
export const chatIdOf = (oid: string, botId: string): string => `a:1${digest(`${botId}|${oid}`)}`;

/** A member as the Teams roster calls return it (TeamsChannelAccount). */
export const memberOf = (person: Person, tenantId: string) => {
  const [givenName = person.name, ...rest] = person.name.split(' ');
  return {
    id: userIdOf(person.oid),
    name: person.name,
    objectId: person.oid,
    aadObjectId: person.oid,
    givenName,
    surname: rest.join(' '),
    email: person.upn,
    userPrincipalName: person.upn,
    tenantId,
    userRole: 'user',
  };
};

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 32);
