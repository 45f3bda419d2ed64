import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { drive } from '../../src/admin/drive/drive.ts';
import type { Driven } from '../../src/admin/drive/rows.ts';
import type { Written } from '../../src/admin/drive/options.ts';
import { PlanError, readPlan } from '../../src/admin/drive/plan.ts';
import { shown } from '../../src/admin/drive/table.ts';
import { readSettings } from '../../src/settings/settings.ts';

const SETTINGS = {
  company: 'Northwind',
  workStreams: {
    support: { autoCloseAfterInactivity: '20 min' },
    office: {
      hours: { timeZone: 'Europe/Berlin', week: { monday: '9:00-17:00', tuesday: '9:00-17:00' } },
    },
  },
  widgets: {
    plain: { title: 'Plain', workStream: 'support', portalUrl: 'https://www.example.com/' },
    seeda: { title: 'Seed A', workStream: 'support', preset: 'seedA' },
    seedb: { title: 'Seed B', workStream: 'support', preset: 'seedB' },
    off: { title: 'Off', workStream: 'support', reconnect: { enabled: false } },
    short: { title: 'Short', workStream: 'support', previousAgentWindow: '1 min', offerTimeout: '10 s' },
    direct: { title: 'Direct', workStream: 'support', promptMode: 'direct' },
    late: {
      title: 'Late',
      workStream: 'support',
      redirectUrl: 'https://www.example.com/sorry',
      redirectHosts: ['www.example.com'],
    },
    office: { title: 'Office', workStream: 'office' },
    arabic: { title: 'Arabic', workStream: 'support', language: 'ar' },
  },
};

const driven = (written: Written, more: object = {}): Promise<Driven> =>
  drive(readSettings({ ...SETTINGS, ...more }), readPlan(written));
/** Everything that comes about at a moment of the drive, side by side. */
const at = ({ rows }: Driven, minutes: number) => {
  const row = rows.find((one) => one.at === minutes * 60_000);
  return {
    customer: (row?.customer ?? []).map(shown).join('\n'),
    agent: (row?.agent ?? []).map(shown).join('\n'),
    capacity: row?.capacity,
  };
};
const times = ({ rows }: Driven): readonly number[] => rows.map((one) => one.at / 60_000);

describe('row 88, N13: an admin tries the timers out, and sees customer, agent and capacity', () => {
  test('when a customer is cut off and back within the window: noticed after the grace, held, straight back', async () => {
    const drove = await driven({ drop: '2min', return: '12min' });
    expect(at(drove, 5)).toEqual({
      customer: '',
      agent: expect.stringMatching(/Mia is gone: probably a lost connection[\s\S]*\[Gone\]/u) as string,
      capacity: 'Anna Bell: 1 of 5, kept for the customer, until +15 min',
    });
    const back = at(drove, 12);
    expect(back.customer).toMatch(/Anna keeps your place for 3 more minutes/u);
    expect(back.customer).toMatch(/→ presses “Continue with Anna”[\s\S]*\[With Anna\]/u);
    expect(back.agent).toContain('Away for 7 minutes');
    expect(back.capacity).toBe('Anna Bell: 1 of 5');
    expect(drove.use).toEqual({ ownedMs: 25 * 60_000, heldMs: 7 * 60_000 });
  });

  test('after the window: the place is free, the agent is asked, and passes; a colleague takes it from the line', async () => {
    const written = { drop: '2min:window', return: '15min', asked: 'no:30s', colleague: '3min' };
    const drove = await driven({ widget: 'plain', ...written });
    expect(at(drove, 12.25)).toMatchObject({ capacity: 'Anna Bell: 0 of 5' });
    expect(at(drove, 15).customer).toContain('[Waiting for Anna]');
    expect(at(drove, 15.5).agent).toContain('→ declines');
    expect(at(drove, 18.5)).toMatchObject({ capacity: 'Ben Ode: 1 of 5' });
  });

  test('after the limit: it is over, the customer is told why, and sent where the widget says', async () => {
    const drove = await driven({ widget: 'late', drop: '2min', return: '30min' });
    expect(at(drove, 25).agent).toContain('time ran out');
    expect(at(drove, 30).customer).toContain('Your chat with Anna ended 5 minutes ago');
    expect(at(drove, 30).customer).toContain('is sent to https://www.example.com/sorry');
    expect(drove.ends).toBe('Ended, time ran out');
  });

  test('a setting that is changed shows: a shorter window, an unanswered offer that goes to the line', async () => {
    const drove = await driven({ widget: 'short', drop: '0s', return: '5min', asked: 'nothing' });
    expect(at(drove, 4)).toMatchObject({ capacity: 'Anna Bell: 0 of 5' });
    expect(at(drove, 5 + 10 / 60).customer).toContain('[Waiting in line]');
  });

  test('an agent who goes away leaves the choice to the customer, within the window too', async () => {
    const drove = await driven({ drop: '1min', 'agent-leaves': '2min', return: '6min:anyone' });
    expect(at(drove, 6).customer).toMatch(/Anna is away[\s\S]*presses “Anyone, with my history”/u);
    expect(at(drove, 6).customer).toContain('[Waiting in line]');
  });

  test('nobody is free: a message may be left, waits for its answer, and is taken by whoever comes', async () => {
    const goes = { drop: '1min', 'agent-leaves': '2min', return: '6min:anyone' };
    const drove = await driven({ ...goes, message: '20min', colleague: '30min' });
    expect(at(drove, 16).customer).toContain('you can also leave a message here');
    expect(at(drove, 20).customer).toMatch(/leaves a message, and goes[\s\S]*It waits for 24 hours/u);
    expect(at(drove, 36).agent).toContain('Ben Ode, a colleague, accepts');
    expect(at(drove, 36).customer).toContain('Ben has taken your message');
    expect(times(await driven(goes)).at(-1)).toBeLessThan(24 * 60);
  });

  test('an agent’s promise to be back is told, reminded of, and missed', async () => {
    const drove = await driven({ suspend: '5min:65min', 'agent-leaves': '6min', asked: 'nothing' });
    expect(at(drove, 5).customer).toContain('back at 11:05');
    expect(at(drove, 5)).toMatchObject({ capacity: 'Anna Bell: 0 of 5' });
    expect(times(drove)).toEqual(expect.arrayContaining([55, 65]));
  });

  test('an agent who falls silent while the customer waits: told, then anyone may take over', async () => {
    const drove = await driven({ says: '1min', 'agent-silent': '1min' });
    expect(at(drove, 2.5).customer).toContain('Anna is not answering just now');
    expect(at(drove, 4).agent).toContain('Anyone may take this chat over now');
  });

  test('the agent closes: the place is free at once, and nothing leads back', async () => {
    const drove = await driven({ drop: '1min', close: '6min', return: '7min' });
    expect(at(drove, 6)).toMatchObject({ capacity: 'Anna Bell: 0 of 5' });
    expect(at(drove, 7).customer).toContain('ended');
  });

  test('a link leads back after a closed window, once one can be given', async () => {
    const back = { drop: '1min:window', return: '5min:link' };
    expect(at(await driven({ widget: 'plain', ...back }), 5).customer).toContain('[With Anna]');
    expect(at(await driven({ widget: 'seeda', ...back }), 5).customer).toContain('no link could be given');
  });

  test('a page that still shows the chat heals, and within a minute without a word', async () => {
    const drove = await driven({ drop: '1min:phone', return: '6.5min:page' });
    expect(at(drove, 6).agent).toContain('probably a locked phone');
    expect(at(drove, 6.5).customer).toBe('→ is back on the page that still shows the chat\n[With Anna]');
  });

  test.each([
    ['seeda', { drop: '1min:window', return: '5min' }, 'closedWindow is noPrompt'],
    ['plain', { drop: '1min', return: '5min', customer: 'anonymous' }, 'this customer is anonymous'],
    ['off', { drop: '1min', return: '5min' }, 'reconnect is switched off'],
  ])('in widget %s %j leads nowhere, and why is said', async (widget, written, why) => {
    expect(at(await driven({ widget, ...written }), 5).customer).toContain(why);
  });

  test('presets are played as they are: seed B sets aside what is closed, and its customer waits', async () => {
    const drove = await driven({ widget: 'seedb', drop: '1min:window', return: '10min', asked: 'yes:2min' });
    expect(at(drove, 1.25).agent).toContain('[Set aside]');
    expect(at(drove, 10).customer).toContain('[Waiting for Anna]');
    expect(at(drove, 12).customer).toContain('[With Anna]');
  });

  test('a widget that does not ask brings them back at once; one who starts fresh leaves it', async () => {
    expect(at(await driven({ widget: 'direct', drop: '1min', return: '6min' }), 6).customer).not.toContain(
      'press',
    );
    const fresh = at(await driven({ drop: '1min', return: '6min:fresh' }), 6);
    expect(fresh).toMatchObject({ capacity: 'Anna Bell: 0 of 5' });
    expect(fresh.customer).toContain('presses “Start fresh”');
  });

  test('hours stand in it, in their own zone, and customers read their own language', async () => {
    const written = { drop: '1min', return: '10min', 'agent-leaves': '2min', start: '2026-01-06T15:50Z' };
    const drove = await driven({ widget: 'office', ...written });
    expect(drove.timeZone).toBe('Europe/Berlin');
    expect(drove.rows.flatMap(({ customer }) => customer.map(shown)).join()).toContain(
      'We are closed right now',
    );
    expect(at(await driven({ widget: 'arabic' }), 0).customer).toMatch(/[\u0600-\u06ff]/u);
  });
});

test('a test drive that cannot be read is told of whole', () => {
  const wrong = { drop: ['soon', '1min:boat'], return: '40 d', asked: 'maybe', start: 'noon', colleague: '' };
  const read = () => readPlan(wrong);
  expect(read).toThrow(PlanError);
  for (const name of ['drop: "soon"', 'drop: "boat"', 'return: "40 d"', 'asked: "maybe"', 'start: "noon"'])
    expect(read).toThrow(name);
});

describe('npm run test-drive', () => {
  const main = fileURLToPath(new URL('../../src/admin/test-drive.ts', import.meta.url));
  const file = fileURLToPath(new URL('../../src/local/settings.json', import.meta.url));
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

  test('prints the three columns for a widget of the file', () => {
    const { status, stdout } = run(file, '--widget', 'sales', '--drop', '2min', '--return', '30min');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^time +│ customer +│ agent +│ capacity/mu);
    expect(stdout).toMatch(/^\+10 min +│ +│ .+│ Anna Bell: 0 of 5/mu);
    expect(stdout).toMatch(/^\+30 min +│ → opens the page again +│/mu);
  });

  test.each([
    [[], 'Usage: npm run test-drive'],
    [[file, '--nonsense', '1'], '--drop TIME[:silence|window|phone]'],
    [[file, '--drop', 'soon'], 'drop: "soon" is no time'],
    [[file, '--widget', 'nowhere'], 'widget: there is no "nowhere"; there are support, sales'],
    [['/nowhere.json'], '/nowhere.json cannot be read'],
    [[main], 'cannot be used'],
  ])('says what is wrong and stops: %j', (args, said) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^\s+at /mu);
  });
});
