import { CloudAdapter } from 'botbuilder';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reconnect } from '../../src/reconnect.ts';
import { readSettings, SettingsError } from '../../src/settings/settings.ts';
import { embeddedStore, type EmbeddedStore } from '../store/embedded.ts';

let store: EmbeddedStore;
beforeAll(async () => {
  store = await embeddedStore();
});
afterAll(() => store.close());

test('a bot that starts with a sentence nobody could say is stopped with its name and the rule', () => {
  const wording = { en: { 'customer.joined': '{who} is here' } };
  const settings = readSettings({
    company: 'C',
    workStreams: { s: {} },
    widgets: { chat: { title: 'T', workStream: 's', wording } },
  });
  const start = () =>
    reconnect({
      adapter: new CloudAdapter(),
      bot: { run: () => Promise.resolve() },
      appId: '',
      stores: store.stores,
      settings,
      pepper: 'a pepper of at least thirty-two characters',
    });
  expect(start).toThrow(SettingsError);
  expect(start).toThrow(
    /widgets\.chat\.wording\.en\.customer\.joined: has no slot \{who\}; it has \{agent\}/u,
  );
});
