import { describe, expect, test } from 'vitest';
import { overrideFaults, overridesFor } from '../../src/cards/overrides.ts';
import { pageAr } from '../../src/cards/page-wording.ar.ts';
import { pageEn, type PageKey } from '../../src/cards/page-wording.en.ts';
import { pageWording } from '../../src/cards/page-words.ts';
import { promptButtons, promptText } from '../../src/cards/prompt.ts';
import { noticeText, words } from '../../src/cards/wording.ts';
import { wordsOf } from '../../src/pages/chat/wording.ts';
import { jonas, languages, NOW, prompt } from './given.ts';

const OWN = {
  en: {
    'customer.joined': 'Say hi to {agent}!',
    'prompt.greeting.name': 'Good to see you, {name}',
    'button.fresh': 'Something else',
    'page.inLine.place': '{place} to go',
  },
  ar: {
    'customer.joined': 'رحّب بزميلنا {agent}!',
    'prompt.greeting.name': 'سعدنا برؤيتك يا {name}',
    'button.fresh': 'أمر آخر',
    'page.inLine.place': 'دورك رقم {place}',
  },
};

describe.each([
  ['en', 'Say hi to Jonas!', 'Good to see you, Lea.', 'Something else', '3rd to go'],
  ['ar', 'رحّب بزميلنا \u2068Jonas\u2069!', 'سعدنا برؤيتك يا \u2068Lea\u2069.', 'أمر آخر', 'دورك رقم 3'],
] as const)("a widget's own sentences in %s (row 17)", (language, joined, greeting, fresh, inLine) => {
  const own = words(language, overridesFor(language, OWN));

  test('fit', () => expect(overrideFaults(OWN)).toEqual([]));

  test('are what a notice says', () => {
    const notice = { code: 'joined', params: { agent: jonas.name } } as const;
    expect(noticeText(notice, { audience: 'customer', words: own, now: NOW })).toBe(joined);
  });

  test('are what the prompt and its buttons say', () => {
    expect(promptText(prompt(), own)).toContain(greeting);
    expect(promptButtons(prompt(), own).map(({ title }) => title)).toContain(fresh);
  });

  test('are what the page says', () => {
    expect(wordsOf(pageWording(own)).inLine(3)).toBe(inLine);
  });
});

test('sentences of a region go over those of its language, and over nobody else’s', () => {
  const wording = {
    'ar-EG': { 'page.end': 'region' },
    ar: { 'page.end': 'language', 'page.undo': 'language' },
    en: { 'page.fresh': 'other' },
    a: { 'page.suspend': 'other' },
  };
  expect(overridesFor('ar-eg', wording)).toEqual({ 'page.end': 'region', 'page.undo': 'language' });
  expect(overridesFor('ar', wording)).toEqual({ 'page.end': 'language', 'page.undo': 'language' });
  expect(overridesFor('en')).toEqual({});
});

const slotsOf = (text: string): readonly string[] => (text.match(/\{[^}]*\}/gu) ?? []).toSorted();

test('every sentence of the page is there in both languages, with the same slots', () => {
  expect(Object.keys(pageAr)).toEqual(Object.keys(pageEn));
  const keys = Object.keys(pageEn) as PageKey[];
  expect(keys.filter((key) => slotsOf(pageAr[key]).join() !== slotsOf(pageEn[key]).join())).toEqual([]);
  const untranslated = keys.filter((key) => !/\p{Script=Arabic}|^\{number\}$/u.test(pageAr[key]));
  expect(untranslated).toEqual([]);
});

test('a page is handed its own sentences and no others', () => {
  for (const language of languages)
    expect(Object.keys(pageWording(language).sentences)).toEqual(Object.keys(pageEn));
});

describe('the page', () => {
  test('speaks English until it knows its widget', () => {
    expect(wordsOf()).toMatchObject({ language: 'en', direction: 'ltr', connecting: 'Connecting…' });
  });

  test.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [11, '11th'],
    [22, '22nd'],
    [undefined, ''],
  ])('counts the place in line as people do: %j', (place, said) => {
    expect(wordsOf().inLine(place)).toBe(`You are in line${said === '' ? '' : `: ${said}`}`);
  });

  test.each([
    ['en', 'Waiting for Jonas, back by 15:00', 'Waiting for your agent', 'Somebody is writing…'],
    ['ar', 'في انتظار Jonas، يعود بحلول 15:00', 'في انتظار الموظف', 'يكتب…'],
  ])('names the agent where there is a name, in %s', (language, waiting, unnamed, typing) => {
    const page = wordsOf(pageWording(words(language)));
    const named = page.backBy(page.waitingFor('Jonas'), '15:00');
    expect(named.replaceAll(/[\u2068\u2069]/gu, '')).toBe(waiting);
    expect(page.waitingFor(undefined)).toBe(unnamed);
    expect(page.typing(undefined)).toBe(typing);
  });
});
