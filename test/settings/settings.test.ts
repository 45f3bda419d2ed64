import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/settings/settings.ts';
import { faultsOf, faulty, given, widgetIn } from './given.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('an admin who sets nothing gets the recommended defaults', () => {
  expect(widgetIn(given())).toEqual({
    id: 'chat',
    title: 'Support',
    language: 'en',
    workStream: 'support',
    reconnect: { enabled: true, preview: false, previewAgents: [] },
    files: expect.objectContaining({ enabled: true }) as object,
    rules: expect.objectContaining({
      autoCloseMs: 20 * MINUTE,
      reconnectLimitMs: 20 * MINUTE,
      previousAgentWindowMs: 10 * MINUTE,
      suspendLimitMs: 24 * HOUR,
      disconnectGraceMs: 3 * MINUTE,
      leaveGraceMs: 15_000,
      hiddenGraceMs: 5 * MINUTE,
      offerTimeoutMs: MINUTE,
      answerReminderMs: 5 * MINUTE,
      agentGraceMs: 90_000,
      queueLimitMs: 10 * MINUTE,
      promptAudience: 'authenticated',
      promptMode: 'ask',
      closedWindow: 'disconnect',
      startFresh: 'release',
      suspendedReturn: 'offer',
      suspendFreesCapacity: true,
    }) as object,
  });
});

test('the settings the local house ships with hold together', () => {
  const file = new URL('../../src/local/settings.json', import.meta.url);
  expect(readSettings(JSON.parse(readFileSync(file, 'utf8'))).widgets.map(({ id }) => id)).toEqual([
    'support',
    'sales',
    'billing',
    'arabic',
  ]);
});

describe('durations', () => {
  const limit = '72 h';
  test.each([
    ['disconnectGrace', '15 s', '30 min', '14 s', '31 min'],
    ['suspendLimit', '5 min', '14 d', '4 min', '15 d'],
    ['offerTimeout', '10 s', '10 min', '9 s', '11 min'],
    ['wrapUpSlot', '0 s', '15 min', undefined, undefined],
    ['answerReminder', '1 min', '60 min', '59 s', '61 min'],
    ['agentGrace', '15 s', '30 min', '14 s', '31 min'],
    ['queueLimit', '1 min', '24 h', '59 s', '25 h'],
    ['previousAgentWindow', '0 s', '72 h', undefined, '73 h'],
  ])(
    '%s is taken from %s to %s, and refused beyond with its bounds',
    (setting, low, high, tooLow, tooHigh) => {
      for (const value of [low, high]) {
        expect(faultsOf(given({ [setting]: value }, { autoCloseAfterInactivity: limit }))).toEqual([]);
      }
      for (const value of [tooLow, tooHigh].filter((one) => one !== undefined)) {
        expect(faultsOf(given({ [setting]: value }))).toEqual([
          faulty(setting, `must lie between ${low} and ${high}`),
        ]);
      }
    },
  );

  test.each([['4 min'], ['73 h']])('autoCloseAfterInactivity of %s is refused with its bounds', (value) => {
    expect(faultsOf(given({}, { autoCloseAfterInactivity: value }))).toEqual([
      {
        setting: 'workStreams.support.autoCloseAfterInactivity',
        rule: expect.stringContaining('between 5 min and 72 h') as string,
      },
    ]);
  });

  test.each([
    ['90 s', 90_000],
    ['1.5 min', 90_000],
    ['90000ms', 90_000],
    ['  2 min ', 120_000],
  ])('people may write %j', (written, ms) => {
    expect(widgetIn(given({ offerTimeout: written })).rules.offerTimeoutMs).toBe(ms);
  });

  test.each([['10'], ['ten minutes'], ['10 minutes'], ['-5 min'], [''], ['5 min 30 s'], ['NaN s']])(
    '%j is no duration',
    (written) => {
      expect(faultsOf(given({ offerTimeout: written }))).toEqual([faulty('offerTimeout', 'is no duration')]);
    },
  );

  test.each([[600], [null], [['10 min']], [true]])('%j is not even text', (written) => {
    expect(faultsOf(given({ offerTimeout: written }))).toEqual([
      faulty('offerTimeout', 'must be a duration such as'),
    ]);
  });
});

describe('the time limit', () => {
  test('is what the work stream closes after, and nothing else (A20, A22, A31, row 50)', () => {
    const { rules } = widgetIn(given({}, { autoCloseAfterInactivity: '40 min' }));
    expect([rules.autoCloseMs, rules.reconnectLimitMs]).toEqual([40 * MINUTE, 40 * MINUTE]);
  });

  test.each([['10 min'], ['20 min'], [20], [null]])('cannot be set, not to %j (A21, row 50)', (value) => {
    expect(faultsOf(given({ reconnectTimeLimit: value }))).toEqual([
      faulty('reconnectTimeLimit', 'cannot be set: it is derived'),
    ]);
  });

  test('is the longest the previous agent can be held (A24)', () => {
    expect(widgetIn(given({ previousAgentWindow: '20 min' })).rules.previousAgentWindowMs).toBe(20 * MINUTE);
    expect(faultsOf(given({ previousAgentWindow: '21 min' }))).toEqual([
      faulty('previousAgentWindow', 'must not be longer than the reconnect time limit'),
    ]);
  });

  test('shortens the hold nobody has set', () => {
    expect(widgetIn(given({}, { autoCloseAfterInactivity: '6 min' })).rules.previousAgentWindowMs).toBe(
      6 * MINUTE,
    );
  });

  test('leaves room for no hold at all', () => {
    expect(widgetIn(given({ previousAgentWindow: '0 s' })).rules.previousAgentWindowMs).toBe(0);
  });
});

describe('choices', () => {
  test.each([
    ['promptAudience', ['authenticated', 'anyone', 'nobody']],
    ['promptMode', ['ask', 'direct']],
    ['closedWindow', ['disconnect', 'noPrompt', 'suspend', 'end']],
    ['startFresh', ['release', 'keep', 'close']],
    ['suspendedReturn', ['offer', 'wait']],
  ])('%s is one of its words, and what they are is said', (setting, choices) => {
    for (const choice of choices) {
      expect(widgetIn(given({ [setting]: choice })).rules).toMatchObject({ [setting]: choice });
    }
    expect(faultsOf(given({ [setting]: 'always' }))).toEqual([faulty(setting, choices.join(', '))]);
  });

  test('the master switch and the preview are true or false (A16, A18)', () => {
    expect(widgetIn(given({ reconnect: { enabled: false } })).reconnect).toEqual({
      enabled: false,
      preview: false,
      previewAgents: [],
    });
    expect(faultsOf(given({ reconnect: { enabled: 'no', preview: 1 }, suspendFreesCapacity: 0 }))).toEqual(
      expect.arrayContaining([
        faulty('reconnect.enabled', 'true or false'),
        faulty('reconnect.preview', 'true or false'),
        faulty('suspendFreesCapacity', 'true or false'),
      ]),
    );
  });
});

describe('addresses', () => {
  test.each([
    ['http://www.example.com/chat', 'https'],
    ['http://localhost.evil.example/', 'https'],
    ['http://127.0.0.1.evil.example/', 'https'],
    ['www.example.com', 'https'],
    ['javascript:alert(1)', 'https'],
    ['', 'https'],
    ['https://www.example.com/chat#top', 'fragment'],
    ['https://www.example.com/chat#', 'fragment'],
    ['https://www.example.com@evil.example/', 'user name'],
    ['https://www.example.com/\tchat', 'control characters'],
  ])('a portal at %j is refused: links would not be safe (row 4)', (portalUrl, rule) => {
    expect(faultsOf(given({ portalUrl }))).toEqual([faulty('portalUrl', rule)]);
  });

  test.each([
    ['https://www.example.com/chat?widget=1'],
    ['http://localhost:3978/'],
    ['http://127.0.0.1:3978/?widget=chat'],
    ['http://[::1]:3978/'],
  ])('a portal at %j is kept as it is (A27)', (portalUrl) => {
    expect(widgetIn(given({ portalUrl })).portalUrl).toBe(portalUrl);
  });

  test.each([
    ['https://late.example.com/', []],
    ['https://late.example.com.evil.example/', ['late.example.com']],
    ['https://late.example.com:8443@evil.example/', ['evil.example'], 'user name'],
    ['https://late.example.com@evil.example/', ['evil.example'], 'user name'],
    ['https://late.example.com\n/', ['late.example.com'], 'control characters'],
    ['https://late.example.com/\u0000', ['late.example.com'], 'control characters'],
    ['http://late.example.com/', ['late.example.com'], 'https'],
    ['http://localhost/', ['localhost'], 'https'],
  ])(
    'T29: customers who are too late are not sent to %j with %j as the hosts',
    (redirectUrl, redirectHosts, rule = 'redirectHosts') => {
      expect(faultsOf(given({ redirectUrl, redirectHosts }))).toEqual([faulty('redirectUrl', rule)]);
    },
  );

  test('they are sent to a host of the list (A28)', () => {
    const widget = widgetIn(
      given({ redirectUrl: 'https://late.example.com/sorry', redirectHosts: ['late.example.com'] }),
    );
    expect(widget.redirectUrl).toBe('https://late.example.com/sorry');
  });
});

describe('presets', () => {
  test('seed A: verified customers only, closing is no prompt, a fresh start keeps the hold', () => {
    expect(widgetIn(given({ preset: 'seedA' })).rules).toMatchObject({
      promptAudience: 'authenticated',
      closedWindow: 'noPrompt',
      startFresh: 'keep',
      previousAgentWindowMs: 10 * MINUTE,
    });
  });

  test('seed B: anyone, closing suspends, the hold lasts as long as the limit, a suspended session waits', () => {
    expect(widgetIn(given({ preset: 'seedB' }, { autoCloseAfterInactivity: '2 h' })).rules).toMatchObject({
      promptAudience: 'anyone',
      closedWindow: 'suspend',
      startFresh: 'keep',
      suspendedReturn: 'wait',
      previousAgentWindowMs: 2 * HOUR,
    });
  });

  test('a single setting goes over its preset', () => {
    const { rules } = widgetIn(given({ preset: 'seedB', closedWindow: 'end', previousAgentWindow: '1 min' }));
    expect(rules).toMatchObject({
      closedWindow: 'end',
      previousAgentWindowMs: MINUTE,
      suspendedReturn: 'wait',
    });
  });

  test('there are no others', () => {
    expect(faultsOf(given({ preset: 'seedC' }))).toEqual([faulty('preset', 'recommended, seedA, seedB')]);
  });
});

test('an admin names what may come of a chat, per work stream; each once, and in words', () => {
  const dispositionsIn = (stream: object) =>
    readSettings(given({}, stream)).workStreams['support']?.dispositions;
  expect(dispositionsIn({ dispositions: ['Sold', 'Not sold'] })).toEqual(['Sold', 'Not sold']);
  expect(dispositionsIn({})).toContain('Resolved');
  for (const dispositions of [['Sold', 'Sold'], [''], [' Sold'], ['x'.repeat(61)], Array(31).fill('x')])
    expect(faultsOf(given({}, { dispositions }))[0]?.setting).toContain('workStreams.support.dispositions');
});

test('a work stream offers reasons of its own to set a chat aside; none, or the same twice, is named', () => {
  const reasonsIn = (stream: object) =>
    readSettings(given({}, stream)).workStreams['support']?.suspendReasons;
  expect(reasonsIn({ suspendReasons: ['Lunch'] })).toEqual(['Lunch']);
  expect(reasonsIn({})).toEqual(['Investigation', "Customer's machine restarts"]);
  for (const suspendReasons of [[], ['Lunch', 'Lunch'], [''], Array(13).fill('x')])
    expect(faultsOf(given({}, { suspendReasons }))[0]?.setting).toContain(
      'workStreams.support.suspendReasons',
    );
});

test('row 34: a wrap-up cannot take a place for longer than it lasts', () => {
  expect(faultsOf(given({ wrapUp: '5 min', wrapUpSlot: '6 min' }))).toEqual([
    { setting: 'widgets.chat.wrapUpSlot', rule: 'must not be longer than wrapUp (5 min)' },
  ]);
});

test('row 35: how many chats an agent may have is a whole number from 1 to 100, and 5 unless told', () => {
  const withCapacity = (agentCapacity: unknown) => ({ ...(given() as object), agentCapacity });
  expect(readSettings(given()).agentCapacity).toBe(5);
  expect(readSettings(withCapacity(100)).agentCapacity).toBe(100);
  for (const wrong of [0, 101, 2.5, '5', null])
    expect(faultsOf(withCapacity(wrong))).toEqual([
      { setting: 'agentCapacity', rule: 'must be a whole number from 1 to 100' },
    ]);
});

test('N4: a work stream has no queue target unless it is given one', () => {
  expect(widgetIn(given()).rules).not.toHaveProperty('queueTargetMs');
  expect(widgetIn(given({}, { queueTarget: '2 min' })).rules.queueTargetMs).toBe(2 * MINUTE);
});
