import { describe, expect, test } from 'vitest';
import { cannedFaults, filledCanned, ranked, type CannedDraft } from '../../src/session/canned.ts';

const draft = (more: Partial<CannedDraft> = {}): CannedDraft => ({
  title: 'Greeting',
  shortcut: 'hello',
  text: 'Hello {customer}.',
  ...more,
});

describe('row 79: a supervisor who writes down a canned response', () => {
  test('is told of nothing when it is good', () => {
    expect(cannedFaults(draft({ language: 'ar-EG', text: 'JSON is { "a": 1 }, {agent}.' }))).toEqual([]);
  });
  test('may use all the room there is', () => {
    expect(cannedFaults(draft({ title: 'x'.repeat(60), text: 'x'.repeat(8_000) }))).toEqual([]);
  });
  test('hears which placeholders there are', () => {
    expect(cannedFaults(draft({ text: '{order}' }))).toEqual([
      {
        field: 'text',
        rule: 'has no placeholder {order}; there are {customer}, {agent}, {company}, {reference}, {reconnectLink}',
      },
    ]);
  });
  test.each([
    [{ title: ' ' }, 'title', '1 to 60'],
    [{ title: 'x'.repeat(61) }, 'title', '1 to 60'],
    [{ shortcut: 'two words' }, 'shortcut', 'letters, digits or -'],
    [{ shortcut: '' }, 'shortcut', 'letters, digits or -'],
    [{ shortcut: 'link' }, 'shortcut', 'sends a reconnect link'],
    [{ text: ' ' }, 'text', '1 to 8000'],
    [{ text: 'x'.repeat(8_001) }, 'text', '1 to 8000'],
    [
      { text: 'Hi {custmer}, {agent} {custmer} {order}' },
      'text',
      'has no placeholder {custmer}, {order}; there are',
    ],
    [{ language: 'not a language' }, 'language', 'must be a language'],
  ] as const)('reads which field is wrong, and why: %j', (part, field, rule) => {
    expect(cannedFaults(draft(part))).toEqual([{ field, rule: expect.stringContaining(rule) as string }]);
  });
});

describe('row 79: an agent who uses a canned response', () => {
  const values = {
    agent: 'Anna',
    company: 'Northwind',
    reference: '7K2M9-QXD4P',
    reconnectLink: 'the link above',
  };
  test('has every placeholder filled', () => {
    expect(
      filledCanned('Hi {customer}, {agent} of {company}: {reference}, {reconnectLink}.', {
        ...values,
        customer: 'Lea',
      }),
    ).toBe('Hi Lea, Anna of Northwind: 7K2M9-QXD4P, the link above.');
  });
  test.each([
    ['Hello {customer}, how can I help?', 'Hello, how can I help?'],
    ['{customer}, how can I help?', 'how can I help?'],
    ['One.\n{customer}: two.', 'One.\ntwo.'],
    ['Dear {customer}', 'Dear'],
    ['Hello,{customer}', 'Hello'],
    ['{customer},how?', 'how?'],
    ['{customer}', ''],
  ])('sends no brace to a customer whose name is not known: %s', (text, said) => {
    expect(filledCanned(text, values)).toBe(said);
  });
  test('may keep one as it is written, and whatever is no placeholder', () => {
    const text = 'Hi {customer}: {reconnectLink} {other} ';
    expect(filledCanned(text, { ...values, customer: 'Lea' }, 'reconnectLink')).toBe(
      'Hi Lea: {reconnectLink} {other}',
    );
  });
  test('never has a name taken for Markdown, or for a placeholder', () => {
    expect(
      filledCanned('Hi {customer}!', { customer: '[Lea](https://x.example) {agent}', agent: 'Anna' }),
    ).toBe('Hi \\[Lea\\]\\(https://x.example\\) \\{agent\\}!');
  });
  test('finds what the customer reads first, and what is used often before the rest', () => {
    const one = (title: string, uses: number, language?: string) => ({
      ...draft({ title }),
      uses,
      ...(language !== undefined && { language }),
    });
    const all = [one('B', 0), one('A', 0), one('Ar', 9, 'ar'), one('C', 3, 'en-GB')];
    expect(ranked(all, 'en').map(({ title }) => title)).toEqual(['C', 'A', 'B', 'Ar']);
    expect(ranked(all, 'ar-EG')[0]?.title).toBe('Ar');
    expect(ranked(all.toReversed(), 'EN').map(({ title }) => title)).toEqual(['C', 'A', 'B', 'Ar']);
    expect(ranked([one('Dansk', 9, 'da'), one('Deutsch', 0, 'de')], 'de-AT')[0]?.title).toBe('Deutsch');
  });
});
