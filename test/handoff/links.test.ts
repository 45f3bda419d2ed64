import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/handoff/links-find.ts';
import type { Redeemed } from '../../src/handoff/links-redeem.ts';
import type { Rim } from '../../src/handoff/links-use.ts';
import { readCustomerId } from '../../src/session/ids.ts';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

async function later(ms: number): Promise<void> {
  await house.house.caughtUp();
  town.clock.advance(ms);
  await passes(town.clock, () => false, 500, 3_000).catch(() => undefined);
}

/** Mia talks to Anna, in a widget that is deployed somewhere. */
async function talking(widget = 'portal'): Promise<Customer> {
  const mia = new Customer(town);
  await mia.beats(house, { widget });
  await mia.says(house, 'agent');
  await anna.act(house, (await mia.session()).id, 'accept');
  return mia;
}
const dropped = async (mia: Customer): Promise<void> => {
  await later(4 * MINUTE);
  await until(async () => (await mia.session()).status).toBe('disconnected');
};

interface Given {
  readonly token: string;
  readonly code: string;
}
const tokenIn = (url: string | undefined): string => new URL(url ?? '').hash.slice(1);
const given = async (mia: Customer, by = anna, act: 'link' | 'suspend' = 'link'): Promise<Given> => {
  const { link } = await house.house.desk.act(by.ref, (await mia.session()).id, {
    id: `give-${(gifts += 1)}`,
    act,
    ...(act === 'suspend' && { link: true }),
  });
  if (link === undefined) throw new Error('No link was given');
  return { token: tokenIn(link.url), code: link.code };
};
let gifts = 0;

let opened = 0;
/** The rim, with something that happens while a conversation is being opened. */
const rim = (meanwhile: () => Promise<unknown> = () => Promise.resolve()): Rim => ({
  open: async () => {
    await meanwhile();
    return { token: 'dl', conversationId: `by-link-${(opened += 1)}`, expires_in: 3600 };
  },
  admit: (_, conversation) => ({ hash: `device of ${conversation}`, setCookie: 'cookie', pass: 'pass' }),
});
const stranger: Caller = { from: '192.0.2.1', who: () => Promise.resolve({ devices: [] }) };
const clicks = (token: string, caller: Caller = stranger, at = rim(), of = house): Promise<Redeemed> =>
  of.house.redemptions.redeem({ way: 'link', text: token }, caller, at);
const types = (code: string, caller: Caller = stranger): Promise<Redeemed> =>
  house.house.redemptions.redeem({ way: 'code', text: code }, caller, rim());
const stateOf = (redeemed: Redeemed): unknown => (redeemed.kind === 'back' ? redeemed.back.state : redeemed);

describe('A10: a mailed link', () => {
  test('A6: works after the owner has changed, after a return by prompt, and after a second drop', async () => {
    const ben = await new Agent(town, 'Ben Cole').signsIn(house);
    const mia = await talking();
    const { id } = await mia.session();
    const { token } = await given(mia);
    await dropped(mia);
    await later(11 * MINUTE);
    mia.conversation = `${mia.conversation}-again`;
    const prompt = await house.house.customers.prompt(mia.id, mia.thread);
    await house.house.customers.answer(mia.id, mia.thread, { ...prompt!, choice: 'agent' });
    await anna.act(house, id, 'decline');
    await ben.act(house, id, 'accept');
    await mia.beats(house);
    await dropped(mia);
    expect(stateOf(await clicks(token))).toMatchObject({ status: 'active', agent: 'Ben', sid: id });
    expect(await mia.ledger()).toContain('(customerBack)');
  });

  test('given with a suspension it comes back to a session that does not resume by itself', async () => {
    const mia = await talking();
    const { token } = await given(mia, anna, 'suspend');
    mia.conversation = 'gone';
    await later(60 * MINUTE);
    expect(stateOf(await clicks(token))).toMatchObject({ status: 'suspended', agent: 'Anna' });
    await anna.act(house, (await mia.session()).id, 'resume');
    expect((await mia.session()).status).toBe('active');
  });

  test('is answered with how long it lasts: from when they go, and until when once it is kept for them', async () => {
    const mia = await talking();
    const { id } = await mia.session();
    const here = await house.house.desk.act(anna.ref, id, { id: 'one', act: 'link' });
    const kept = await house.house.desk.act(anna.ref, id, { id: 'two', act: 'suspend', link: true });
    expect(here.link).toMatchObject({ lastsMs: 20 * MINUTE });
    expect(kept.link?.until).toBeGreaterThan(town.clock.now() + 23 * 60 * MINUTE);
  });

  test('is an act: what was suspended resumes; a copy is none', async () => {
    const mia = await talking();
    const { id } = await mia.session();
    await anna.act(house, id, 'suspend');
    expect(await house.house.links.copy(id)).toHaveProperty('given');
    expect((await mia.session()).status).toBe('suspended');
    await given(mia);
    expect((await mia.session()).status).toBe('active');
  });
});

describe('A27: without a portal address', () => {
  test('no link can be given, and the setting is named; a code can', async () => {
    const mia = await talking('support');
    const { id } = await mia.session();
    await expect(anna.act(house, id, 'link')).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('portalUrl') as string,
    });
    expect(await mia.ledger()).not.toContain('(linkGiven)');
    const copied = await house.house.links.copy(id);
    if (!('given' in copied)) throw new Error('Nothing was copied');
    expect(copied.given).not.toHaveProperty('url');
    expect((await types(copied.given.code)).kind).toBe('back');
  });

  test('no way back is given where nobody is asked to return', async () => {
    const mia = await talking('off');
    await expect(given(mia)).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('while a link is being used', () => {
  test('somebody else uses it: they have it, and nothing happens twice', async () => {
    const mia = await talking();
    const other = await town.open();
    const { token } = await given(mia);
    const first: Redeemed[] = [];
    const second = await clicks(
      token,
      stranger,
      rim(async () => first.push(await clicks(token, stranger, rim(), other))),
    );
    expect([first[0]?.kind, second.kind]).toEqual(['back', 'used']);
    expect((await mia.ledger()).filter((line) => line === '(customerBack)')).toHaveLength(1);
  });

  test('it is revoked: it is one that never was', async () => {
    const mia = await talking();
    const other = await town.open();
    const { token } = await given(mia);
    const { id } = await mia.session();
    expect(
      await clicks(
        token,
        stranger,
        rim(() => anna.act(other, id, 'revokeLinks')),
      ),
    ).toEqual({ kind: 'unknown' });
    expect((await mia.session()).conversation).toBe(mia.conversation);
  });

  test('T8: its agent closes the session: it is over', async () => {
    const mia = await talking();
    const other = await town.open();
    const { token } = await given(mia);
    const { id } = await mia.session();
    const late = await clicks(
      token,
      stranger,
      rim(() => anna.act(other, id, 'close')),
    );
    expect(late).toMatchObject({ kind: 'over', ended: { why: 'agent' } });
    expect((await mia.ledger()).at(-1)).toBe('(closed)');
  });

  test('no conversation can be opened: it is unused', async () => {
    const mia = await talking();
    const { token } = await given(mia);
    await expect(
      clicks(
        token,
        stranger,
        rim(() => Promise.reject(new Error('no line'))),
      ),
    ).rejects.toThrow('no line');
    expect((await clicks(token)).kind).toBe('back');
  });

  test('the store answers nothing although it has written: the same request gets its answer', async () => {
    const mia = await talking();
    const { token } = await given(mia);
    const caller = { ...stranger, idempotencyKey: 'mine' };
    await house.house.caughtUp();
    const stop = town.store.cosmos.faults.add({
      fault: { kind: 'drop', committed: true },
      operation: 'batch',
      count: 1,
    });
    const first = await clicks(token, caller);
    stop();
    expect([first.kind, await clicks(token, caller)]).toEqual(['back', first]);
    expect((await mia.ledger()).filter((line) => line === '(customerBack)')).toHaveLength(1);
  });

  test('both of one request sent twice at once, on two instances, get one answer', async () => {
    const mia = await talking();
    const other = await town.open();
    const { token } = await given(mia);
    const caller = { ...stranger, idempotencyKey: 'mine' };
    const [one, two] = await Promise.all([clicks(token, caller), clicks(token, caller, rim(), other)]);
    expect([one.kind, two]).toEqual(['back', one]);
  });
});

describe('a late click', () => {
  test('T7: is in time until the last millisecond; from then on it finds the expiry before any sweep has, and saves it', async () => {
    const mia = await talking();
    const [first, second] = [await given(mia), await given(mia)];
    await dropped(mia);
    const free = await house.house.pauseSweep();
    const { returnUntil } = (await mia.session()) as { readonly returnUntil?: number };
    const left = (returnUntil ?? 0) - town.clock.now();
    town.clock.advance(left - 2_000);
    expect((await house.house.redemptions.look(first.token, stranger)).kind).toBe('open');
    town.clock.advance(2_000);
    expect(await clicks(second.token)).toMatchObject({
      kind: 'over',
      ended: { why: 'away', at: returnUntil },
    });
    expect((await mia.session()).status).toBe('expired');
    free();
  });
});

describe('N1: a used copy', () => {
  test('tells the agent again when it is tried again ten minutes later, not before', async () => {
    const mia = await talking();
    const { token } = await given(mia);
    await clicks(token);
    const told = async () => (await mia.ledger()).filter((line) => line === '(linkReused)').length;
    for (let i = 0; i < 5; i += 1) expect((await clicks(token)).kind).toBe('used');
    expect(await told()).toBe(1);
    await mia.says(house, 'still here');
    town.clock.advance(10 * MINUTE);
    await clicks(token);
    expect(await told()).toBe(2);
    expect((await mia.session()).status).toBe('active');
  });

  test('looked at, tells nobody', async () => {
    const mia = await talking();
    const { token } = await given(mia);
    await clicks(token);
    const before = await mia.ledger();
    expect(await house.house.redemptions.look(token, stranger)).toEqual({ kind: 'open' });
    expect(await mia.ledger()).toEqual(before);
  });
});

describe('T10 and A11: who may use it', () => {
  const account = readCustomerId('dl_s0000000000000000000');
  const as = (who: Awaited<ReturnType<Caller['who']>>): Caller => ({
    ...stranger,
    who: () => Promise.resolve(who),
  });

  test('a signed-in stranger may use an anonymous customer’s link, and it makes nobody of them', async () => {
    const mia = await talking();
    const { token } = await given(mia);
    expect((await clicks(token, as({ devices: [], ...(account && { account }) }))).kind).toBe('back');
    expect((await mia.session()).subject).toEqual({ kind: 'anonymous' });
  });

  test('row 90: since its customer has signed in over it, only their account may, on whatever device', async () => {
    const mia = await talking();
    const { token } = await given(mia);
    await house.house.sessions.ask((await mia.session()).id, {
      actor: 'customer',
      command: () => ({
        type: 'identify',
        subject: { kind: 'signedIn', issuer: 'https://www.example.com', ...(account && { account }) },
      }),
    });
    const no = [await clicks(token), await clicks(token, as({ devices: [mia.id] }))];
    expect(no).toEqual([{ kind: 'unknown' }, { kind: 'unknown' }]);
    const back = await clicks(token, as({ devices: [], ...(account && { account }) }));
    expect(back.kind).toBe('back');
    expect(back).not.toHaveProperty('back.admitted');
  });

  test('their own browser, which used it before, is asked as usual', async () => {
    const mia = await talking();
    const { token } = await given(mia);
    await clicks(token);
    expect((await clicks(token, as({ devices: [mia.id] }))).kind).toBe('ask');
  });
});

describe('T6: codes guessed from everywhere', () => {
  test('leave each caller one try, and lock nobody out who was never wrong', async () => {
    const mia = await talking();
    const { code } = await given(mia);
    for (let i = 0; i < 300; i += 10) {
      const guesses = Array.from({ length: 10 }, (_, j) =>
        types('zoo zoo zoo', { ...stranger, from: `198.51.100.${i + j}` }),
      );
      await Promise.all(guesses);
    }
    const guesser = { ...stranger, from: '203.0.113.7' };
    expect([(await types('zoo zoo able', guesser)).kind, (await types(code, guesser)).kind]).toEqual([
      'unknown',
      'tooMany',
    ]);
    expect((await types(code)).kind).toBe('back');
  });
});
