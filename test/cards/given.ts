import Ajv from 'ajv';
import { createRequire } from 'node:module';
import type { CardFacts } from '../../src/cards/agent-view.ts';
import type { Prompt } from '../../src/cards/views.ts';
import { words } from '../../src/cards/wording.ts';
import { readAgentId, readConversationId, readCustomerId, sessionIdOf } from '../../src/session/ids.ts';
import type { AgentRef, Facts } from '../../src/session/session.ts';

const json = createRequire(import.meta.url) as (path: string) => object;

// Its ES modules do not load in Node (imports without endings); this build does.
const { AdaptiveCard, HostConfig, SerializationContext, Versions } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as typeof import('adaptivecards');

export const MIN = 60_000;
export const NOW = Date.UTC(2026, 0, 5, 10, 10);

export const customer = readCustomerId('dl_AAAAAAAAAAAAAAAAAAAAAA')!;
export const sid = sessionIdOf(customer, 'first000');
export const jonas: AgentRef = { id: readAgentId('tenant:jonas')!, name: 'Jonas Weber' };
export const dana: AgentRef = { id: readAgentId('tenant:dana')!, name: 'Dana Okoro' };

export const english = words('en');
export const arabic = words('ar');
export const languages = [english, arabic];

/** Names people have, and names people give themselves. */
const spelled = [
  'Jonas Weber',
  'Weber, Jonas (EXT)',
  'محمد الأحمد',
  'שרה כהן',
  '山田太郎',
  '<at>Everyone</at>',
  '*bold* _it_ [click](http://evil.example) `x`',
  '![x](http://evil.example/x.png)',
  '{{TIME(2026-01-05T10:00:00Z)}}',
  '\u202egnihton\u2066',
  'a\nb\r\n# c',
  '👩‍👩‍👧‍👦'.repeat(60),
  'x'.repeat(5000),
];

/** With a short title each, for tests. */
export const names = spelled.map((name) => [name.slice(0, 24), name] as const);

/** What no sentence may contain, in any language. */
export const FORBIDDEN =
  /token|session id|\berror\b|null|undefined|NaN|\[object|Invalid|[{}]|\s{2}|^\s|\s$|^$/iu;

export const facts: Facts = {
  id: sid,
  customer,
  widget: 'support',
  stream: 'support',
  subject: { kind: 'signedIn', issuer: 'https://shop.example', name: 'Lea Moreau' },
  conversation: readConversationId('c1')!,
  openedAt: NOW - 30 * MIN,
  ver: 4,
  epoch: 2,
  agents: [jonas],
  previous: jonas,
};

export const prompt = (given: Partial<Prompt> = {}): Prompt => ({
  sid,
  epoch: 2,
  nonce: 'once',
  status: 'disconnected',
  agent: 'Jonas',
  agentIs: 'here',
  name: 'Lea',
  lastLine: { by: 'agent', text: 'It leaves tonight.', at: NOW - 2 * MIN },
  agentHeldUntil: NOW + 7 * MIN + 42_000,
  returnUntil: NOW + 17 * MIN,
  others: [],
  now: NOW,
  ...given,
});

export const cardFacts: CardFacts = {
  sid,
  epoch: 2,
  now: NOW,
  customer: { name: 'Lea Moreau', verified: true },
  reason: 'parcel 4711',
  lastLine: { by: 'customer', text: 'Where is my parcel?', at: NOW - MIN },
  shows: 7,
  openUrl: 'https://teams.microsoft.com/l/entity/app/inbox',
};

/** What the renderer of Web Chat and of Teams' desktop has against a card. */
export function complaints(card: unknown, version: '1.5' | '1.6'): readonly string[] {
  const context = new SerializationContext(version === '1.5' ? Versions.v1_5 : Versions.v1_6);
  const parsed = new AdaptiveCard();
  // It counts the actions behind the "…" too; how many stand in the row is a test of its own.
  parsed.hostConfig = new HostConfig({ actions: { maxActions: 20 } });
  parsed.parse(card, context);
  const atParse = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
  // The renderer keeps a global pattern for `lang`, which misses every second match.
  const said = atParse.filter((message) => !/^Invalid value "[a-z]{2}" for property "lang"/u.test(message));
  return [...said, ...parsed.validateProperties().validationEvents.map(({ message }) => message)];
}

const ajv = new Ajv({ schemaId: 'auto', meta: false, allErrors: true });
ajv.addMetaSchema(json('ajv/lib/refs/json-schema-draft-06.json'));
const fitsSchema = ajv.compile(json('./schema/adaptive-card-1.5.0.json'));

/** What the published schema of Adaptive Cards 1.5 has against a card; `where: what`. */
export function schemaFaults(card: unknown): readonly string[] {
  if (fitsSchema(card) === true) return [];
  return (fitsSchema.errors ?? []).map(({ dataPath, message = '' }) => `${dataPath}: ${message}`);
}

/** Every object in a card, itself first. */
export function piecesOf(card: unknown): readonly Record<string, unknown>[] {
  if (typeof card !== 'object' || card === null) return [];
  const inside = Object.values(card).flatMap(piecesOf);
  return Array.isArray(card) ? inside : [card as Record<string, unknown>, ...inside];
}

/** All text a reader of the card sees, in order. */
export const textsOf = (card: unknown): readonly string[] =>
  piecesOf(card).flatMap(({ type, text, title }) =>
    (type === 'TextBlock' || type === 'TextRun') && typeof text === 'string'
      ? [text]
      : typeof title === 'string' && type !== 'Action.Submit'
        ? [title]
        : [],
  );
