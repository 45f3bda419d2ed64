import { until, type Answer, type Asking } from '../server/house.ts';
import { TENANT } from '../production/azure.ts';
import { ISSUER, pemOf, SITE_AUDIENCE, siteKey, token, type SiteKey } from '../server/jwks.ts';
import { openDesk, SETTINGS, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Agent, type Customer } from '../production/people.ts';

/** Production twice over one store, with a site that signs customers in, and an agent who is here. */
export interface Town {
  readonly desk: TestDesk;
  readonly other: TestDesk;
  readonly site: SiteKey;
  readonly jonas: Agent;
  /** The site's token for somebody. */
  readonly tokenOf: (sub: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function openTown(settings: object = {}): Promise<Town> {
  const site = await siteKey('site');
  const signIn = [{ issuer: ISSUER, audience: SITE_AUDIENCE, publicKey: pemOf(site) }];
  const changed = { SETTINGS_JSON: JSON.stringify({ ...SETTINGS, ...settings, signIn }) };
  const desk = await openDesk(changed);
  const other = await openDesk(changed, desk);
  const jonas = await agentAt(desk, 'Jonas Weber', 1);
  return {
    ...{ desk, other, site, jonas },
    tokenOf: (sub) => {
      const iat = Math.floor(desk.clock.now() / 1_000);
      return token(site, { sub, name: sub, iat, exp: iat + 3_000 });
    },
    close: async () => {
      await other.close();
      await desk.close();
    },
  };
}

/** A customer who talks to this agent. */
export interface Talk {
  readonly customer: Customer;
  readonly sid: string;
  /** The agent gives a link. */
  readonly link: () => Promise<Link>;
  /** What the agent reads. */
  readonly told: () => Promise<readonly { readonly code?: string; readonly text: string }[]>;
}

/** A way back as its customer is given it. */
export interface Link {
  readonly url: string;
  readonly token: string;
  readonly code: string;
}

export async function talking(
  { desk, jonas }: Pick<Town, 'desk' | 'jonas'>,
  asking: Asking = {},
): Promise<Talk> {
  const customer = await customerAt(desk, asking);
  await customer.say('agent');
  const sid = await rowIn(jonas, 'queue', customer);
  const accepted = await jonas.act(sid, { act: 'accept' });
  if (accepted.status !== 200) throw new Error(`Not accepted: ${accepted.text}`);
  return {
    ...{ customer, sid },
    link: async () => linkIn(await jonas.act(sid, { act: 'link' })),
    told: async () => {
      const read = await jonas.tab('GET', `/api/sessions/${sid}`);
      return read.body['lines'] as readonly { readonly code?: string; readonly text: string }[];
    },
  };
}

export function linkIn(answer: Answer): Link {
  const given = answer.body['link'] as Omit<Link, 'token'> | undefined;
  if (given === undefined) throw new Error(`No link in ${answer.status} ${answer.text}`);
  return { ...given, token: new URL(given.url).hash.slice(1) };
}

/** A press of a card as Teams would bring it, whoever presses. */
export const pressed = (
  desk: TestDesk,
  verb: string,
  data: Readonly<Record<string, unknown>>,
  by: { readonly oid?: string; readonly tenant?: string },
): Promise<Answer> =>
  desk.from('msteams', {
    type: 'invoke',
    name: 'adaptiveCard/action',
    from: { id: `29:${by.oid ?? 'x'}`, name: 'X', ...(by.oid !== undefined && { aadObjectId: by.oid }) },
    conversation: { id: `19:${by.oid ?? 'x'}`, conversationType: 'personal', tenantId: by.tenant ?? TENANT },
    channelData: { tenant: { id: by.tenant ?? TENANT } },
    value: { action: { type: 'Action.Execute', verb: `reconnect/${verb}`, data }, trigger: 'manual' },
  });

/** Uses a link or a code, from an address of its own where one is named. */
export const redeem = (
  desk: TestDesk,
  brought: Readonly<Record<string, unknown>>,
  asking: Asking & { readonly from?: string; readonly key?: string } = {},
): Promise<Answer> =>
  desk.ask('POST', '/api/reconnect', brought, {
    ...asking,
    headers: {
      ...asking.headers,
      ...(asking.from !== undefined && { 'x-forwarded-for': asking.from }),
      ...(asking.key !== undefined && { 'idempotency-key': asking.key }),
    },
  });

/** Noticed gone: the page said that it leaves, and no page of that browser came back. */
export async function gone(
  { desk, jonas }: Pick<Town, 'desk' | 'jonas'>,
  { customer, sid }: Talk,
): Promise<void> {
  await customer.leave();
  desk.clock.advance(20_000);
  await until(async () => {
    const { body } = await jonas.tab('GET', `/api/sessions/${sid}`);
    return (body['row'] as { status: string }).status === 'disconnected';
  }, 'they are noticed gone');
}

/**
 * What is held of a customer: every line, every decision, every device, and the keys version by version. Not what time
 * alone writes: marks of delivery, whether a page is open, how long things are kept.
 */
export const heldOf = ({ cosmos }: Pick<TestDesk, 'cosmos'>, customer: string): readonly string[] =>
  cosmos.storage.tables
    .flatMap(({ name }) => cosmos.storage.rows(`SELECT id, etag, body FROM ${name}`, []))
    .filter(({ body }) => HELD.test(String(body)) && String(body).includes(`"customer":"${customer}"`))
    .map(({ id, etag, body }) => `${String(id)} ${String(body).includes('"kind":"key"') ? String(etag) : ''}`)
    .toSorted();
const HELD = /"kind":"(?:entry|audit|key|device)"/u;

/** Everything that lies in the store, as text. */
export const stored = ({ cosmos }: Pick<TestDesk, 'cosmos'>): string =>
  cosmos.storage.tables
    .flatMap(({ name }) => cosmos.storage.rows(`SELECT partition, id, body FROM ${name}`, []))
    .map((row) => Object.values(row).join(' '))
    .join('\n');

export const codeOf = ({ body }: Answer): unknown => (body['error'] as { code?: unknown } | undefined)?.code;
/** All but the moment. */
export const headersOf = ({ headers }: Answer): readonly (readonly [string, string])[] =>
  [...headers].filter(([name]) => name !== 'date');
/** A token in the right shape that nobody was ever given. */
export const invented = (customer: string, n = 0): string => `rt1_${customer}.${String(n).padStart(43, 'A')}`;
