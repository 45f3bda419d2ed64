import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toConsole } from '../../src/adapters/telemetry/console.ts';
import { openTelemetry } from '../../src/adapters/telemetry/open.ts';
import { openHouse, until, type TestHouse } from '../server/house.ts';
import { browser } from '../server/browser.ts';
import { browserOf, look, redeem, talking } from '../server/ways.ts';
import { ear, type Ear } from './ear.ts';

const CUSTOMER = 'zebra-customer-words';
const AGENT = 'zebra-agent-words';
const COMMENT = 'zebra-comment-words';
const BOT = 'zebra-bot-words';
const FILE = 'zebra-file-name';
const NAME = 'zebra-name';
const QUERY = 'zebra-query';

let house: TestHouse;
let heard: Ear;
const secrets: Record<string, string> = { CUSTOMER, AGENT, COMMENT, BOT, FILE, NAME, QUERY };

/** A whole journey in which everything that must stay inside bears a name of its own. */
async function journey(on: TestHouse): Promise<Readonly<Record<string, string>>> {
  const jwt = await on.siteToken(NAME);
  const tab = await on.tabToken();
  const device = browser(on);
  const page = device.page();
  await page.open();
  await page.say(`Hello, I am ${CUSTOMER}, and you said ${BOT}`);
  const talk = await talking(on, { bearer: jwt });
  await talk.chat.say(CUSTOMER);
  await talk.act('message', { text: `${AGENT} **bold**` });
  await talk.act('comment', { text: COMMENT });
  await talk.chat.say('', {
    attachments: [
      { contentType: 'image/png', contentUrl: `http://127.0.0.1:9/${FILE}.png`, name: `${FILE}.png` },
    ],
  });
  await talk.act('suspend', { reason: AGENT });
  await talk.act('resume');
  const way = await talk.give();
  await look(on, way.token);
  const back = await redeem(on, { token: way.token }, { bearer: jwt });
  expect(back.status).toBe(200);
  const returned = await browserOf(on, back);
  await returned.say(CUSTOMER);
  // What is wrong, used before, or nobody's: the ways in which things get into logs.
  await redeem(on, { token: way.token });
  await redeem(on, { code: way.code });
  await redeem(on, { token: `${way.token}x` });
  await redeem(on, { code: `${NAME} ${CUSTOMER} ${AGENT}` });
  await on.ask('GET', `/api/sessions/${talk.sid}/lines?before=${QUERY}`, undefined, { bearer: tab });
  await on.ask('GET', `/nowhere/${QUERY}?token=${way.token}`);
  await on.ask('POST', '/api/messages', { type: 'message', text: CUSTOMER });
  on.cosmos?.faults.add({
    fault: { kind: 'status', status: 503 },
    container: 'sessions',
    operation: 'batch',
  });
  await talk.chat.say(CUSTOMER);
  await talk.act('message', { text: AGENT });
  on.cosmos?.faults.clear();
  // A card's button pressed by hand: the log says by whom.
  await talk.chat.say('', { value: { verb: 'reconnect/accept', words: CUSTOMER } });
  await on.settled();
  await on.ask('GET', '/api/agent/me', undefined, { bearer: tab });
  const kept = JSON.parse(readFileSync(join(on.folder, 'house.json'), 'utf8')) as Record<string, string>;
  const { token: line, link } = back.body as { token: string; link?: { url?: string } };
  return {
    'site token': jwt,
    'tab token': tab,
    'link token': way.token,
    'link secret': way.token.split('.').at(-1) ?? '',
    'next link': new URL(link?.url ?? 'about:blank').hash.slice(1),
    code: way.code,
    cookie: device.cookie ?? '',
    'cookie secret': device.cookie?.split('=').at(-1) ?? '',
    'Direct Line token': line,
    pepper: kept['pepper'] ?? '',
    'store key': kept['cosmosKey'] ?? '',
    'Direct Line secret': kept['directLineKey'] ?? '',
    'customer id': talk.chat.userId,
    'session id': talk.sid,
  };
}

beforeAll(async () => {
  heard = ear();
  house = await openHouse({ telemetry: heard.telemetry });
  Object.assign(secrets, await journey(house));
});
afterAll(() => house.close());

describe('what is exported tells nothing that is not ours to tell', () => {
  test('the journey was heard whole', async () => {
    expect(
      await heard.count('reconnect.funnel', { 'reconnect.step': 'continued', 'reconnect.way': 'link' }),
    ).toBe(1);
    expect(await heard.count('reconnect.funnel', { 'reconnect.step': 'failed' })).toBeGreaterThan(0);
    expect(
      await heard.count('db.client.operation.duration', { 'db.response.status_code': '503' }),
    ).toBeGreaterThan(0);
    const events = (await heard.lines()).map(({ body }) => body);
    expect(events).toEqual(expect.arrayContaining(['store.failed', 'http.failed', 'denied']));
    const text = await heard.all();
    expect(text).toContain('customer turn');
    expect(text).toContain('deliver line to customer');
    // It would be found, were it there.
    expect(Object.values(secrets).every((secret) => secret.length > 5)).toBe(true);
  });

  test('no token, no secret and no word of anybody in any span, measure or log line', async () => {
    const text = await heard.all();
    const leaked = Object.entries(secrets).filter(([, secret]) => text.includes(secret));
    expect(leaked).toEqual([]);
  });

  test('nor in what the house writes to its own log, where ids of sessions may stand', () => {
    const logged = house.logged();
    const allowed = new Set(['customer id', 'session id']);
    const leaked = Object.entries(secrets).filter(
      ([name, secret]) => !allowed.has(name) && logged.includes(secret),
    );
    expect(leaked).toEqual([]);
  });

  test('nor on the console, where it was asked for', async () => {
    const lines: string[] = [];
    const telemetry = openTelemetry(
      toConsole((line) => lines.push(line)),
      { instance: 'here', version: 'test' },
    );
    const another = await openHouse({ telemetry });
    const kept = await journey(another);
    await telemetry.flush();
    await another.close();
    expect(lines.length).toBeGreaterThan(20);
    const all = lines.join('\n');
    expect(Object.entries({ ...secrets, ...kept }).filter(([, secret]) => all.includes(secret))).toEqual([]);
    for (const line of lines) expect(() => void JSON.parse(line)).not.toThrow();
  });

  test('a session is named by the number that people quote', async () => {
    const spans = await heard.spans();
    const references = spans.flatMap(({ attributes }) => attributes['reconnect.reference'] ?? []);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) expect(reference).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/u);
  });
});

test('row 95: one trace leads from the customer’s line through the store to the agent’s card', async () => {
  await house.ask('POST', '/local/teams/chats/1/open', {});
  await house.ask('GET', '/api/agent/me', undefined, { bearer: await house.tabToken() });
  await talking(house);
  const spans = await until(
    async () => {
      const all = await heard.spans();
      const traces = new Set(all.map((span) => span.spanContext().traceId));
      return [...traces]
        .map((trace) => all.filter((span) => span.spanContext().traceId === trace))
        .find((within) => WAY.every((name) => within.some((span) => span.name === name)));
    },
    `a trace with ${WAY.join(', ')}`,
  );
  const root = spans.find(({ parentSpanContext }) => parentSpanContext === undefined);
  expect(root?.name).toBe('POST /api/messages');
  const batch = spans.find(({ name }) => name === 'batch sessions');
  expect(batch?.attributes).toMatchObject({ 'db.response.status_code': '200' });
  expect(Number(batch?.attributes['azure.cosmosdb.operation.request_charge'])).toBeGreaterThan(0);
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  for (const { parentSpanContext } of spans)
    if (parentSpanContext !== undefined) expect(ids).toContain(parentSpanContext.spanId);
});

const WAY = [
  'customer turn',
  'bot turn',
  'batch sessions',
  'deliver line to customer',
  'deliver card to agent',
];
