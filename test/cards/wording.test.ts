import { describe, expect, test } from 'vitest';
import {
  failureText,
  noticeText,
  refusalText,
  statusText,
  words,
  type Wording,
} from '../../src/cards/wording.ts';
import { ar } from '../../src/cards/wording.ar.ts';
import { en, type Key } from '../../src/cards/wording.en.ts';
import type { NoticeCode } from '../../src/session/ledger.ts';
import type { Refusal } from '../../src/session/refusal.ts';
import type { Status } from '../../src/session/session.ts';
import { arabic, english, FORBIDDEN, jonas, languages, MIN, NOW } from './given.ts';

const audiences = ['customer', 'agent'] as const;
const soon = NOW + 10 * MIN;
type Params = Readonly<Record<string, string | number>>;

/** Every code, with the parameters it may come with; a missing code does not compile. */
const NOTICES: Record<NoticeCode, readonly Params[]> = {
  queued: [{}, { queuedAt: NOW }, ...[1, 2, 3, 4, 11, 22, 103].map((place) => ({ place }))],
  queueLimit: [{}, { why: 'nobodyOn' }],
  outsideHours: [{}, { why: 'inLine' }].map((more) => ({
    opensAt: soon,
    timeZone: 'Europe/Berlin',
    ...more,
  })),
  messageLeft: ['prompt', 'link'].flatMap((way) => [
    { until: soon, way, timeZone: 'Europe/Berlin' },
    { until: soon, way },
  ]),
  leftQueue: [{}],
  joined: [{}, { agent: jonas.name }, { agent: jonas.name, why: 'message' }],
  agentSilent: [
    { agent: jonas.name },
    ...['away', 'notPermitted', 'unreachable'].map((why) => ({ agent: jonas.name, why })),
  ],
  offeredOn: [{ agent: jonas.name }],
  agentBack: [{ agent: jonas.name }],
  takenOver: [{ agent: jonas.name }, { agent: jonas.name, from: 'Mara Lindt' }],
  customerGone: ['closedWindow', 'silent', 'phone', 'leftMessage'].flatMap((cause) => [
    { cause },
    { cause, heldUntil: soon, returnUntil: soon },
  ]),
  holdEnded: ['lapsed', 'released', 'startedFresh', 'queueTarget'].map((why) => ({ why })),
  customerBack: ['heal', 'prompt', 'link', 'code'].flatMap((way) => [
    { way, awayMs: 0 },
    { way, awayMs: 14 * MIN },
    { way, awayMs: 14 * MIN, device: 'phone', unread: 2 },
    { way, device: 'computer', unread: 1 },
  ]),
  welcomeBack: [{ agent: jonas.name }],
  asking: [{ agent: jonas.name }],
  waitingForAway: [{ agent: jonas.name, until: soon }],
  offeredToYou: [{}],
  toQueue: [
    'handoff',
    'agentDeclined',
    'agentSilent',
    'agentAway',
    'customerChoseAnyone',
    'backInLine',
    'transferred',
  ].flatMap((why) => [{ why }, { why, agent: jonas.name }, { why, agent: jonas.name, askedMs: MIN }]),
  suspended: ['customer', 'agent'].flatMap((by) => [
    { by },
    { by, agent: jonas.name, reason: 'asking the depot', backBy: soon, until: NOW + 1440 * MIN },
  ]),
  suspensionEdited: [{}, { reason: 'asking the depot', backBy: soon }],
  waitingForResume: [{ agent: jonas.name }],
  resumed: [{ agent: jonas.name }],
  endedUnseen: [
    { count: 1, lines: '12' },
    { count: 3, lines: '12,13,15' },
  ],
  answerOwed: [{ agent: jonas.name, waitedMs: 5 * MIN }],
  answerOverdue: [{ agent: jonas.name, waitedMs: 10 * MIN }],
  backSoon: [{ agent: jonas.name, backBy: soon, leftMs: 10 * MIN }],
  backByMissed: [{}, { agent: jonas.name }],
  endsSoon: [{}, { endsAt: soon }],
  closed: ['agent', 'customer', 'bot', 'house'].flatMap((by) => [{ by }, { by, agent: jonas.name }]),
  expired: [{}],
  takenBack: [{}],
  signedIn: [{}, { name: 'Lea Moreau' }],
  linkGiven: [
    { why: 'used', url: 'https://northwind.example/#rt1_x' },
    { agent: jonas.name, url: 'https://northwind.example/#rt1_x', lastsMs: 20 * MIN },
    { agent: jonas.name, until: soon, code: 'amber river stone', codeUntil: soon },
  ],
  linksRevoked: [{ by: 'agent' }, { by: 'customer' }],
  linkReused: [{}],
  waitedInVain: [
    { agent: jonas.name, why: 'away' },
    { agent: jonas.name, why: 'silent' },
  ],
  earlierShared: [{}],
  declined: [{ agent: jonas.name }, { agent: jonas.name, reason: 'speaks no French' }],
  handingOver: [{ agent: jonas.name, colleague: 'Mia Brandt' }],
  transferred: [{ agent: jonas.name, colleague: 'Mia Brandt' }],
  invited: [{ agent: jonas.name, colleague: 'Mia Brandt' }],
  guestJoined: [{ colleague: 'Mia Brandt' }],
  guestLeft: [{ colleague: 'Mia Brandt' }, { colleague: 'Mia Brandt', by: 'agent', agent: jonas.name }],
  fileRefused: ['off', 'empty', 'tooLarge', 'type', 'disguised', 'tooMany', 'unreadable'].map((why) => ({
    ...{ why, name: 'Paket.exe', mostBytes: 10_485_760, most: 10, types: '.png, .pdf' },
  })),
};

const statuses: readonly Status[] = [
  'bot', 'queued', 'active', 'disconnected', 'suspended', 'resuming', 'closed', 'expired',
]; // prettier-ignore
const REFUSALS: Record<Refusal['kind'], readonly Refusal[]> = {
  taken: [{ kind: 'taken', by: jonas }],
  over: [
    { kind: 'over', status: 'closed', at: NOW },
    { kind: 'over', status: 'expired', at: NOW },
  ],
  notYours: [{ kind: 'notYours' }],
  agentAway: [{ kind: 'agentAway', agent: jonas }],
  already: statuses.map((status) => ({ kind: 'already', status })),
  inLine: [{ kind: 'inLine', queuedAt: NOW }],
  notNow: statuses.map((status) => ({ kind: 'notNow', status })),
  badBackBy: [{ kind: 'badBackBy' }],
  tooLate: [{ kind: 'tooLate', at: NOW }],
};

const tell = (code: NoticeCode, params: Params, reading: Partial<Parameters<typeof noticeText>[1]> = {}) =>
  noticeText({ code, params }, { audience: 'customer', words: english, now: NOW, ...reading });

const isSentence = (text: string, { language }: Wording) => {
  expect(text).not.toMatch(FORBIDDEN);
  expect(text).toMatch(/[.?]$/u);
  if (language === 'ar') expect(text.replace(/\u2068[^\u2069]*\u2069/gu, '')).not.toMatch(/[A-Za-z]/u);
};

describe.each(languages)('in $language', (language) => {
  test.each(Object.entries(NOTICES))(
    'both sides are told of "%s" in a plain sentence',
    (code, paramsList) => {
      for (const audience of audiences)
        for (const params of paramsList)
          for (const customer of [undefined, '', 'Lea Moreau'])
            for (const zone of [{}, { timeZone: 'Asia/Tokyo' }])
              isSentence(
                tell(code as NoticeCode, params, { audience, words: language, customer, ...zone }),
                language,
              );
    },
  );

  test('whoever is refused something is told why', () => {
    for (const audience of audiences)
      for (const refusal of Object.values(REFUSALS).flat())
        isSentence(refusalText(refusal, language, audience), language);
  });

  test('every status has a short name for both sides', () => {
    for (const audience of audiences)
      for (const status of statuses)
        for (const about of [{ audience }, { audience, agent: jonas.name, place: 3 }]) {
          const text = statusText(status, language, about);
          expect(text).not.toMatch(FORBIDDEN);
          expect(text.split(' ').length).toBeLessThanOrEqual(7);
        }
  });

  test('a page can say every failure, also one it never heard of', () => {
    for (const code of [
      'bad_input',
      'not_permitted',
      'not_found',
      'store_unavailable',
      'store_contended',
      'being_erased',
      'turn_timeout',
    ])
      isSentence(failureText(code, language), language);
    expect(failureText('store_unreadable', language)).toBe(language.sentences.failed);
    expect(failureText('constructor', language)).toBe(language.sentences.failed);
  });
});

test('every language fills in only what the English sentence fills in', () => {
  const placeholders = (text: string): readonly string[] => text.match(/\{[^}]*\}/gu) ?? [];
  const strays = (Object.keys(en) as Key[]).filter((key) =>
    placeholders(ar[key]).some((one) => !placeholders(en[key]).includes(one)),
  );
  expect(strays).toEqual([]);
});

test('no sentence says token, session id or error', () => {
  for (const text of [...Object.values(en), ...Object.values(ar)])
    expect(text).not.toMatch(/token|session|\berror\b/iu);
});

test('an agent goes by the first name', () => {
  expect(tell('joined', { agent: 'Weber, Jonas (EXT)' })).toBe('Jonas is here.');
  expect(refusalText({ kind: 'taken', by: jonas }, english, 'agent')).toBe('Jonas has taken it.');
});

test('a sentence that begins with nobody’s name still begins large', () => {
  expect(tell('closed', { by: 'agent' })).toBe('Your agent has ended this chat.');
});

test('places in line are ordinals', () => {
  const places = [1, 2, 3, 4, 11, 12, 13, 21, 112].map((place) => tell('queued', { place }).split(' ')[2]);
  expect(places).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '112th']);
});

test('a moment is a distance where the zone is unknown, and the time of day where it is known', () => {
  const params = { agent: jonas.name, backBy: NOW + 3 * 60 * MIN };
  expect(tell('suspensionEdited', params)).toContain('Jonas plans to be back in 3 hours.');
  expect(tell('suspensionEdited', params, { timeZone: 'Europe/Berlin', words: words('en-GB') })).toContain(
    'back at 14:10.',
  );
  expect(
    tell(
      'suspensionEdited',
      { backBy: NOW + 24 * 60 * MIN },
      { timeZone: 'Europe/Berlin', words: words('en-GB') },
    ),
  ).toMatch(/back at Tue.* 6 Jan.* 11:10\./u);
});

test('who leaves a message reads until when it waits by our clocks, and where we keep none, how long', () => {
  const left = (params: Params): string =>
    tell('messageLeft', { until: NOW + 24 * 60 * MIN, way: 'link', ...params });
  expect(left({ timeZone: 'Europe/Berlin' })).toMatch(/It waits until \S*day, .* GMT/u);
  expect(left({})).toContain('It waits for 24 hours.');
});

test('a deadline that has passed is not promised', () => {
  const gone = { cause: 'phone', heldUntil: NOW - 1, returnUntil: soon };
  expect(tell('customerGone', gone, { audience: 'agent', customer: 'Lea Moreau' })).toBe(
    'Lea Moreau is gone: probably a locked phone. Lea Moreau can come back for 10 minutes.',
  );
});

test('parameters nobody can read add nothing', () => {
  const odd = { by: 'agent', agent: '', backBy: NaN, until: Infinity, reason: ' \n ' };
  expect(tell('suspended', odd)).toBe('Your agent has set this chat aside and will come back to it.');
  expect(tell('suspended', { by: 'agent', until: 9e15 })).not.toContain('kept');
});

test('an agent named like a variant does not choose the sentence', () => {
  expect(tell('closed', { by: 'house', agent: 'customer' })).toBe('This chat has ended.');
});

test('a name of the other direction is isolated, so what surrounds it stays in place', () => {
  expect(tell('joined', { agent: 'محمد الأحمد' })).toBe('\u2068محمد\u2069 is here.');
  expect(tell('joined', { agent: 'Jonas' }, { words: arabic })).toContain('\u2068Jonas\u2069');
  expect(tell('joined', { agent: 'محمد' }, { words: arabic })).not.toContain('\u2068');
});

test('a language we do not have is answered in English, all of it', () => {
  for (const tag of ['de', 'fr-FR', '', '!!', 'toString', '__proto__']) {
    expect(words(tag)).toEqual({ language: 'en', direction: 'ltr', sentences: en });
  }
  expect(words('ar-EG')).toEqual({ language: 'ar-EG', direction: 'rtl', sentences: ar });
  expect(words('en-GB-oxendict').language).toBe('en-GB');
});

test('a widget’s own sentence replaces ours, and only known, filled ones do', () => {
  const own = words('en', {
    'customer.joined': 'Say hi to {agent}!',
    'button.fresh': ' ',
    ...{ nonsense: 'x' },
  });
  expect(tell('joined', { agent: jonas.name }, { words: own })).toBe('Say hi to Jonas!');
  expect(own.sentences['button.fresh']).toBe('Start fresh');
  expect(own.sentences).not.toHaveProperty('nonsense');
});
