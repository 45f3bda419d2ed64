import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/handoff/links-find.ts';
import type { Back, Rim } from '../../src/handoff/links-use.ts';
import type { Redeemed } from '../../src/handoff/links-redeem.ts';
import { hashOf, readToken } from '../../src/handoff/links-token.ts';
import type { Command } from '../../src/session/command.ts';
import {
  conversation,
  customer as mia,
  held,
  inLine,
  lapsed,
  sid,
  story,
  withAnna,
} from '../session/given.ts';
import type { Session } from '../../src/session/session.ts';
import { openGate, rim, stranger, type Gate } from './gate.ts';

let gate: Gate;
let chat: Session;
beforeEach(async () => {
  gate = openGate();
  chat = await gate.stands(withAnna().session());
});
afterEach(() => gate.close());

const mine: Caller = { ...stranger, idempotencyKey: 'mine', device: { kind: 'phone', browser: 'Safari' } };
const hers: Caller = { ...stranger, who: () => Promise.resolve({ devices: [], account: mia }) };
const backOf = (redeemed: Redeemed): Back => {
  if (redeemed.kind !== 'back') throw new Error(`Not back: ${redeemed.kind}`);
  return redeemed.back;
};
const keyOf = async (token: string) =>
  (await gate.stores.sessions.key(mia, hashOf(readToken(token)!.secret)))?.value;
const asks = (id: Session['id'], command: Command, of = gate.house) =>
  gate.during(of.sessions.ask(id, { actor: 'customer', command: () => command }));
const over = (name: string, from: Session, more: object = {}): Promise<Session> =>
  gate.stands({ ...from, id: sid(name), ...more });

describe('a link that is used', () => {
  test('brings a customer to their chat in a new conversation, with what the page needs and the next way back', async () => {
    const { token } = await gate.gives(chat.id);
    const asked: unknown[] = [];
    const at = rim();
    const back = backOf(
      await gate.clicks(token, mine, { ...at, open: (user) => (asked.push(user), at.open(user)) }),
    );
    const { conversationId } = back.opened;
    expect(asked).toStrictEqual([{ id: mia }]);
    expect(back).toEqual({
      opened: { token: 'dl', conversationId, expires_in: 3600 },
      customer: mia,
      state: expect.objectContaining({ status: 'active', sid: chat.id }) as unknown,
      admitted: { hash: `device of ${conversationId}`, setCookie: `cookie of ${mia}`, pass: 'pass' },
      transcript: expect.arrayContaining([]) as unknown,
      link: expect.objectContaining({ codeUntil: gate.clock.now() + 600_000 }) as unknown,
    });
    expect(back.transcript.length).toBeGreaterThan(0);
    expect((await gate.session(chat.id)).conversation).toBe(conversationId);
    const noted = (await gate.stores.sessions.entries(chat.id, {})).find(
      ({ what }) => what.kind === 'notice' && what.code === 'linkGiven',
    );
    expect(noted).toMatchObject({
      by: { kind: 'house' },
      what: { to: 'customer', params: { seed: expect.any(String) as unknown, why: 'used' } },
    });
    expect(await gate.stores.sessions.hasDevice(mia, `device of ${conversationId}`)).toBe(true);
    const presence = await gate.stores.sessions.presence(mia, conversation(conversationId));
    expect(presence).toEqual({
      ...{ conversation: conversationId, beatAt: gate.clock.now(), phone: false, widget: 'shop' },
      device: mine.device,
    });
    expect((await gate.stores.sessions.header(chat.id))?.value.device).toEqual(mine.device);
  });

  test('tells the page what the next link and code are; each brings them back in turn', async () => {
    const { token } = await gate.gives(chat.id);
    const one = backOf(await gate.clicks(token));
    const two = backOf(await gate.types(one.link.code));
    const three = backOf(await gate.clicks(new URL(two.link.url!).hash.slice(1)));
    expect(new Set([one, two, three].map(({ opened }) => opened.conversationId)).size).toBe(3);
    expect(three.link.url).toMatch(/^https:\/\/www\.example\.com\/shop#rt1_/u);
  });

  test('of a verified customer opens under their name, where it is known, and makes no browser theirs', async () => {
    const issuer = 'https://shop.example';
    const named = await over('named', chat, { subject: { kind: 'signedIn', issuer, name: 'Mia' } });
    const unnamed = await over('unnamed', chat, { subject: { kind: 'signedIn', issuer } });
    const asked: unknown[] = [];
    const at = rim();
    const noting: Rim = { ...at, open: (user) => (asked.push(user), at.open(user)) };
    for (const { id } of [named, unnamed]) {
      const { token } = await gate.gives(id);
      expect(backOf(await gate.clicks(token, hers, noting))).not.toHaveProperty('admitted');
    }
    expect(asked).toStrictEqual([{ id: mia, name: 'Mia' }, { id: mia }]);
  });

  test('where none can be given is followed by a code alone, of which the chat tells nothing', async () => {
    const bare = await over('bare', chat, { widget: 'bare' });
    const { code } = await gate.gives(bare.id);
    const back = backOf(await gate.types(code));
    expect(back.link).not.toHaveProperty('url');
    expect(await gate.ledger(bare.id)).not.toContain('customer: linkGiven');
    expect((await gate.types(back.link.code)).kind).toBe('back');
  });

  test('opens no conversation that has no name: nothing has happened', async () => {
    const { token } = await gate.gives(chat.id);
    const at: Rim = {
      ...rim(),
      open: () => Promise.resolve({ token: 'dl', conversationId: '', expires_in: 1 }),
    };
    await expect(gate.clicks(token, stranger, at)).rejects.toMatchObject({
      code: 'channel_gone',
      message: 'The channel named no conversation',
    });
    expect((await keyOf(token))?.used).toBeUndefined();
    expect(await gate.session(chat.id)).toEqual(chat);
  });

  test('tells whoever stands in line which place is theirs', async () => {
    const line = await over('line', inLine().session(), { customer: mia });
    const { token } = await gate.gives(line.id);
    const state = backOf(await gate.clicks(token)).state;
    expect(state.status).toBe('queued');
  });

  test('is revoked, or handed to an account, while a conversation is being opened: it is one that never was', async () => {
    const { token } = await gate.gives(chat.id);
    const other = gate.another();
    const revoked = await gate.clicks(
      token,
      stranger,
      rim(() =>
        other.sessions.ask(chat.id, {
          actor: 'customer',
          command: () => ({ type: 'revokeLinks', by: 'customer' }),
        }),
      ),
    );
    expect(revoked).toEqual({ kind: 'unknown' });
    const { token: next } = await gate.gives(chat.id);
    const identified = await gate.clicks(
      next,
      stranger,
      rim(() =>
        other.sessions.ask(chat.id, {
          actor: 'customer',
          command: () => ({
            type: 'identify',
            subject: { kind: 'signedIn', issuer: 'https://shop.example' },
          }),
        }),
      ),
    );
    expect(identified).toEqual({ kind: 'unknown' });
    expect((await gate.session(chat.id)).conversation).toBe(chat.conversation);
  });

  test('a store that fails at the write is no such case: it fails', async () => {
    const { token } = await gate.gives(chat.id);
    const stop = gate.engine.faults.add({ fault: { kind: 'status', status: 403 }, operation: 'batch' });
    await expect(gate.clicks(token)).rejects.toMatchObject({ code: 'store_unavailable' });
    stop();
  });

  test('on two instances at once is used by one; the other finds it used, and the agent is told', async () => {
    const { token } = await gate.gives(chat.id);
    const other = gate.another();
    const [one, two] = await gate.during(
      Promise.all(
        [gate.house, other].map((house) =>
          house.redemptions.redeem({ way: 'link', text: token }, stranger, rim()),
        ),
      ),
    );
    expect([one?.kind, two?.kind].toSorted()).toEqual(['back', 'used']);
    expect((await gate.ledger(chat.id)).filter((line) => line === 'agent: linkReused')).toHaveLength(1);
  });

  test('by forty clicks at once, here, opens one conversation', async () => {
    const { token } = await gate.gives(chat.id);
    let count = 0;
    const at = rim(() => Promise.resolve((count += 1)));
    const all = await Promise.all(Array.from({ length: 40 }, () => gate.clicks(token, stranger, at)));
    expect(all.map(({ kind }) => kind).toSorted()).toEqual([
      'back',
      ...Array.from({ length: 39 }, () => 'used'),
    ]);
    expect(count).toBe(1);
  });
});

describe('an answer that was lost', () => {
  test('is given again within the minute to whoever asked, from any instance, to the letter; later it is used', async () => {
    const { token } = await gate.gives(chat.id);
    const first = await gate.clicks(token, mine);
    const again = (caller: Caller, of = gate.another()) =>
      gate.during(of.redemptions.redeem({ way: 'link', text: token }, caller, rim()));
    await gate.during(
      gate.house.sessions.ask(chat.id, {
        ...{ actor: 'customer', command: () => ({ type: 'tick' }) },
        say: [{ by: { kind: 'customer' }, what: { kind: 'message', text: 'Said since' } }],
      }),
    );
    expect(await again(mine)).toEqual(first);
    expect(await again({ ...mine, idempotencyKey: 'another' })).toEqual({ kind: 'used' });
    expect(await again(stranger)).toEqual({ kind: 'used' });
    const { at = 0 } = (await keyOf(token))?.used ?? {};
    gate.clock.advance(at + 60_000 - gate.clock.now());
    expect(backOf(await again(mine)).opened).toEqual(backOf(first).opened);
    gate.clock.advance(1);
    expect(await again(mine)).toEqual({ kind: 'used' });
  });

  test('is kept for nobody who could not ask again, and otherwise so that the store alone tells nothing', async () => {
    const [one, two] = [await gate.gives(chat.id), await gate.gives(chat.id)];
    await gate.clicks(one.token);
    expect((await keyOf(one.token))?.used).toEqual({ at: gate.clock.now(), sealed: '' });
    await gate.clicks(two.token, mine);
    const used = (await keyOf(two.token))?.used;
    expect(used).toMatchObject({
      at: gate.clock.now(),
      attempt: expect.stringMatching(/^[\w-]{43}$/u) as unknown,
    });
    expect(used?.sealed).toMatch(/^[\w-]{200,}$/u);
    expect(JSON.stringify(used)).not.toContain('mine');
  });

  test('that cannot be opened is not given: it is used', async () => {
    const { token } = await gate.gives(chat.id);
    await gate.clicks(token, mine);
    const hash = hashOf(readToken(token)!.secret);
    const key = await gate.stores.sessions.key(mia, hash);
    const header = await gate.stores.sessions.header(chat.id);
    await gate.stores.sessions.commit({
      ...{ over: header!.etag, header: header!.value, entries: [], dedupe: [] },
      beside: [
        {
          kind: 'key',
          hash,
          over: key!.etag,
          value: { ...key!.value, used: { ...key!.value.used!, sealed: 'touched' } },
        },
      ],
    });
    expect(await gate.clicks(token, mine)).toEqual({ kind: 'used' });
  });
});

describe('the next code', () => {
  test('whose words somebody else has just now is replaced by one that is free', async () => {
    const { token } = await gate.gives(chat.id);
    const { lookups } = gate.stores;
    const { putCode } = lookups;
    let refuses = 1;
    Object.assign(lookups, {
      putCode: (...put: Parameters<typeof putCode>) =>
        (refuses -= 1) >= 0 ? Promise.resolve(false) : putCode(...put),
    });
    const back = backOf(await gate.clicks(token));
    expect((await gate.types(back.link.code)).kind).toBe('back');
  });
});

describe('a click that comes late', () => {
  test('finds the expiry, saves it, and says where to go; a look saves nothing', async () => {
    const gone = await over('gone', held().session());
    const { token } = await gate.gives(gone.id);
    gate.clock.advance(3_600_000);
    expect((await gate.looks(token)).kind).toBe('over');
    expect((await gate.session(gone.id)).status).toBe('disconnected');
    const late = await gate.clicks(token);
    expect(late).toMatchObject({
      kind: 'over',
      ended: { why: 'away' },
      session: { status: 'expired', id: gone.id },
    });
    expect((await gate.session(gone.id)).status).toBe('expired');
    const { ver } = await gate.session(gone.id);
    expect((await gate.stores.sessions.audit(gone.id)).map(({ actor }) => actor)).toEqual(['customer']);
    expect((await gate.types('zoo zoo zoo')).kind).toBe('unknown');
    expect((await gate.clicks(token)).kind).toBe('over');
    expect((await gate.session(gone.id)).ver).toBe(ver);
  });

  test('shows what was said in a chat whose time ran out, and in no other', async () => {
    const gone = await over('gone', held().session());
    const [one, two] = [await gate.gives(gone.id), await gate.gives(chat.id)];
    expect(await gate.reads(one.token)).toEqual({ kind: 'unknown' });
    expect(await gate.reads('rt1_')).toEqual({ kind: 'unknown' });
    await gate.clicks(two.token);
    const three = await gate.gives(chat.id);
    await gate.during(
      gate.house.sessions.ask(chat.id, {
        actor: 'customer',
        command: () => ({ type: 'close', by: 'customer' }),
      }),
    );
    gate.clock.advance(3_600_000);
    expect(await gate.reads(one.token)).toMatchObject({ kind: 'read', lines: [] });
    expect(await gate.reads(two.token)).toEqual({ kind: 'unknown' });
    expect(await gate.reads(three.token)).toEqual({ kind: 'unknown' });
  });

  test('with a link that was used shows nothing of it', async () => {
    const gone = await over('gone', held().session());
    const { token } = await gate.gives(gone.id);
    await gate.clicks(token);
    await asks(gone.id, { type: 'customerLeft', cause: 'silent', at: gate.clock.now() });
    gate.clock.advance(3_600_000);
    expect((await gate.looks(token)).kind).toBe('over');
    expect(await gate.reads(token)).toEqual({ kind: 'unknown' });
  });
});

describe('a used copy', () => {
  const told = async (): Promise<number> =>
    (await gate.ledger(chat.id)).filter((line) => line === 'agent: linkReused').length;

  test('tells the agent once in ten minutes of its own, on whichever instance', async () => {
    const { token } = await gate.gives(chat.id);
    await gate.clicks(token);
    await gate.clicks(token);
    await gate.during(gate.another().redemptions.redeem({ way: 'link', text: token }, stranger, rim()));
    expect(await told()).toBe(1);
    const telling = (await gate.stores.sessions.entries(chat.id, {})).at(-1);
    expect(telling).toMatchObject({ by: { kind: 'house' }, what: { code: 'linkReused', to: 'agent' } });
    const { at = 0 } = (await keyOf(token))?.used ?? {};
    gate.clock.advance(at + 600_000 - 1 - gate.clock.now());
    await gate.clicks(token);
    expect(await told()).toBe(1);
    gate.clock.advance(1);
    await gate.clicks(token);
    expect(await told()).toBe(2);
  });

  test('is written once even where the store is asked ten times here', async () => {
    const { token } = await gate.gives(chat.id);
    await gate.clicks(token);
    await gate.clicks(token);
    gate.engine.counters.reset();
    await gate.clicks(token);
    expect(gate.engine.counters.requests('batch')).toBe(0);
  });

  test('of a code counts as a wrong code, of a link it does not', async () => {
    const { code, token } = await gate.gives(chat.id);
    const other = await gate.gives(chat.id);
    await gate.clicks(other.token);
    await gate.types(code);
    for (let i = 0; i < 12; i += 1) expect((await gate.clicks(other.token)).kind).toBe('used');
    for (let i = 0; i < 10; i += 1) expect((await gate.types(code)).kind).toBe('used');
    expect((await gate.types(code)).kind).toBe('tooMany');
    expect((await gate.clicks(token)).kind).toBe('back');
  });
});

describe('before the click', () => {
  test('a link says with whom, by first name, or nobody where there was no agent', async () => {
    const alone = await over('alone', story().session());
    const before = await over('before', lapsed().session());
    const looks = [];
    for (const { id } of [chat, alone, before]) looks.push(await gate.looks((await gate.gives(id)).token));
    expect(looks).toEqual([
      { kind: 'open', agent: 'Anna' },
      { kind: 'open' },
      { kind: 'open', agent: 'Anna' },
    ]);
  });
});

test('what came of a key is logged by its way and measured where nobody came back, without the key', async () => {
  const { token } = await gate.gives(chat.id);
  await gate.clicks(token);
  await gate.clicks(token);
  await gate.types('zoo zoo zoo');
  expect(gate.told).toEqual([
    'reconnect.redeemed {"way":"link","came":"back"}',
    'reconnect.redeemed {"way":"link","came":"used"}',
    '{"kind":"notRedeemed","way":"link","why":"used"}',
    'reconnect.redeemed {"way":"code","came":"unknown"}',
    '{"kind":"notRedeemed","way":"code","why":"unknown"}',
  ]);
  const gone = await over('gone', held().session());
  const late = await gate.gives(gone.id);
  gate.clock.advance(3_600_000);
  await gate.clicks(late.token);
  expect(gate.told.slice(-2)).toEqual([
    'reconnect.redeemed {"way":"link","came":"over"}',
    '{"kind":"tooLate","way":"link","widget":"shop"}',
  ]);
  expect(gate.told.join()).not.toContain('rt1_');
});
