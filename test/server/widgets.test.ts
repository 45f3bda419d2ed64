import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../src/settings/settings.ts';
import { openHouse, type TestHouse } from './house.ts';

const jonas = '72f988bf-86f1-41af-91ab-2d7cd011db47:8f0b5e3c-1f0a-4f43-9e0b-0a1b2c3d4e5f';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse({
    settings: readSettings({
      company: 'Northwind',
      workStreams: { support: {} },
      widgets: {
        plain: { title: 'Plain', workStream: 'support' },
        own: {
          title: 'Own',
          workStream: 'support',
          language: 'ar-EG',
          reconnect: { preview: true, previewAgents: [jonas] },
          wording: { ar: { 'page.undo': 'رجوع', 'customer.joined': 'أهلًا' }, en: { 'page.end': 'Bye' } },
        },
      },
    }),
  });
});
afterAll(() => house.close());

test('a page is handed its sentences with its widget, in their language and direction', async () => {
  const { body } = await house.ask('GET', '/api/widgets/plain');
  expect(body['wording']).toMatchObject({
    language: 'en',
    direction: 'ltr',
    sentences: { 'page.undo': 'Undo', 'page.end': 'End chat', 'ordinal.few': '{number}rd' },
  });
});

test("a widget's own sentences are among them, and the house's sentences are not", async () => {
  const { body } = await house.ask('GET', '/api/widgets/own');
  expect(body['wording']).toMatchObject({
    language: 'ar-EG',
    direction: 'rtl',
    sentences: { 'page.undo': 'رجوع', 'page.end': 'إنهاء المحادثة' },
  });
  expect(JSON.stringify(body)).not.toContain('customer.joined');
});

test('a page is not told which agents a preview serves', async () => {
  const answer = await house.ask('GET', '/api/widgets/own');
  expect(answer.body['reconnect']).toEqual({ enabled: true, preview: true });
  expect(answer.text).not.toContain(jonas);
});
