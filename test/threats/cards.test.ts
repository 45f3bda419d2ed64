import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostileAt } from './hostile-at.ts';
import { openDesk, SETTINGS, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Agent } from '../production/people.ts';
import { ISSUER, pemOf, siteKey, SITE_AUDIENCE, token } from '../server/jwks.ts';
import { until } from '../server/house.ts';

const CANARY = 'https://canary.example';
const MENTION = '<at>Jonas Weber</at>';
const key = await siteKey('site', 'ES256');
let desk: TestDesk;
let jonas: Agent;
beforeAll(async () => {
  const signIn = [{ issuer: ISSUER, audience: SITE_AUDIENCE, publicKey: pemOf(key) }];
  desk = await openDesk({ SETTINGS_JSON: JSON.stringify({ ...SETTINGS, signIn }) });
  jonas = await agentAt(desk, 'Jonas Weber', 1);
});
afterAll(() => desk.close());

/** Every object within, with the name it stands under. */
function* piecesOf(within: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof within !== 'object' || within === null) return;
  if (!Array.isArray(within)) yield within as Readonly<Record<string, unknown>>;
  for (const inner of Object.values(within)) yield* piecesOf(inner);
}

/** Has the card drawn anew, with what was said last. */
async function redrawn(sid: string): Promise<void> {
  const before = jonas.cards().length;
  expect((await jonas.act(sid, { act: 'suspend' })).status).toBe(200);
  expect((await jonas.act(sid, { act: 'resume' })).status).toBe(200);
  await until(() => {
    desk.clock.advance(1_000);
    return jonas.cards().length > before;
  }, 'it has come');
}

test('T26: no card that agents are sent has a link, a mention or a picture that a customer made', async () => {
  const corpus = [
    ...hostileAt(CANARY),
    MENTION,
    '[press](https://evil.example)',
    '${$root.sid}',
    '@Jonas Weber',
  ];
  for (const [i, name] of corpus.filter((__, n) => n % 20 === 0 || n > 61).entries()) {
    const signedIn = await token(key, { sub: `mallory-${i}`, name });
    const mallory = await customerAt(desk, { bearer: signedIn });
    const before = jonas.cards().length;
    await mallory.say('agent');
    await until(() => jonas.cards().length > before, 'Jonas has a card');
    const sid = await rowIn(jonas, 'queue', mallory);
    expect((await jonas.act(sid, { act: 'accept' })).status).toBe(200);
    for (const text of corpus.slice(i * 10, i * 10 + 10)) {
      expect((await mallory.say(text, { from: { id: mallory.userId, name: text } })).status).toBe(200);
      await redrawn(sid);
    }
    await redrawn(sid);
    expect((await jonas.act(sid, { act: 'close' })).status).toBe(200);
  }
  expect(jonas.cards().length).toBeGreaterThan(20);

  for (const { activity } of jonas.cards()) {
    const { entities = [], text = '', textFormat } = activity;
    expect(JSON.stringify(entities)).not.toContain('mention');
    // What rings beside a card, its summary, Teams shows as it stands; a text it would read as Markdown.
    if (text !== '') expect(textFormat).toBe('plain');
    for (const piece of piecesOf(activity['attachments'])) {
      if (piece['type'] === 'Action.OpenUrl')
        expect(piece['url']).toMatch(/^https:\/\/teams\.microsoft\.com\//u);
      expect(piece['type']).not.toBe('Image');
      expect(piece['type']).not.toBe('mention');
      // A TextBlock is Markdown to Teams: what a customer wrote stands in runs, or with its marks taken away.
      if (piece['type'] === 'TextBlock')
        expect(piece['text']).not.toMatch(/(?<!\\)\]\(|(?<!\\)<at>|(?:canary|evil)\.example/u);
      for (const field of ['url', 'backgroundImage', 'selectAction', 'msteams'])
        expect(JSON.stringify(piece[field] ?? '')).not.toMatch(
          /canary\.example|evil\.example|javascript:|mention/u,
        );
    }
  }
});
