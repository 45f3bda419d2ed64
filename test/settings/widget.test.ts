import { describe, expect, test } from 'vitest';
import { overrideFaults } from '../../src/cards/overrides.ts';
import {
  readSettings,
  SettingsError,
  type SettingFault,
  type Settings,
} from '../../src/settings/settings.ts';

const given = (widget: object = {}, whole: object = {}): unknown => ({
  company: 'Northwind Parcels',
  workStreams: { support: {} },
  widgets: { chat: { title: 'Support', workStream: 'support', ...widget } },
  ...whole,
});

const read = (json: unknown): Settings => readSettings(json, overrideFaults);

function faultsOf(json: unknown): readonly SettingFault[] {
  try {
    read(json);
  } catch (reason) {
    if (reason instanceof SettingsError) return reason.faults;
    throw reason;
  }
  return [];
}

const fault = (setting: string, rule: string) => ({
  setting,
  rule: expect.stringContaining(rule) as string,
});

describe("a widget's own sentences", () => {
  const say = (wording: unknown) => given({ wording });

  test('are kept by language and key, of the house and of the page, for customers and for agents (row 17)', () => {
    const wording = {
      en: {
        'customer.joined': 'Say hi to {agent}!',
        'agent.joined': '{agent} took it.',
        'page.hello': 'Ask away.',
      },
      'ar-EG': { 'page.inLine.place': 'دورك {place}' },
    };
    expect(faultsOf(say(wording))).toEqual([]);
    expect(read(say(wording)).widgets[0]?.wording).toEqual(wording);
  });

  test.each([
    [{ en: { 'customer.joind': 'Hi' } }, 'en.customer.joind', 'there is no such sentence'],
    [{ en: { toString: 'Hi' } }, 'en.toString', 'there is no such sentence'],
    [
      { en: { 'customer.joined': 'Hi {agnet}' } },
      'en.customer.joined',
      'has no slot {agnet}; it has {agent}',
    ],
    [{ en: { 'page.connected': 'With {name}' } }, 'en.page.connected', 'has no slot {name}; it has none'],
    [{ ar: { 'page.inLine.place': '{name} {place' } }, 'ar.page.inLine.place', 'has no slot {name} {;'],
    [{ en: { 'customer.joined': ' \n ' } }, 'en.customer.joined', 'must say something'],
    [{ en: { 'customer.joined': 7 } }, 'en.customer.joined', 'must be text'],
    [{ en: 'Hello' }, 'en', 'must be an object'],
    [{ 'not a language': {} }, 'not a language', 'is no language'],
  ])('that cannot be used are named, with the rule: %j', (wording, at, rule) => {
    expect(faultsOf(say(wording))).toEqual([fault(`widgets.chat.wording.${at}`, rule)]);
  });

  test('are heard of together with everything else that is wrong', () => {
    const json = given({ wording: { en: { nonsense: 'x' } }, offerTimeout: '20 s', workStream: 'nowhere' });
    expect(faultsOf(json).map(({ setting }) => setting)).toEqual([
      'widgets.chat.wording.en.nonsense',
      'widgets.chat.workStream',
    ]);
  });
});

describe('A17: each option', () => {
  const OPTIONS = {
    previousAgentWindow: '5 min',
    suspendLimit: '2 h',
    disconnectGrace: '1 min',
    offerTimeout: '30 s',
    queueLimit: '5 min',
    wrapUp: '0 s',
    promptAudience: 'nobody',
    promptMode: 'direct',
    closedWindow: 'suspend',
    startFresh: 'keep',
    suspendedReturn: 'wait',
    suspendFreesCapacity: false,
    portalUrl: 'https://www.example.com/support',
  };

  test.each(Object.entries(OPTIONS))('%s may be set alone, and changes no other', (option, value) => {
    const none = flat(given());
    const one = flat(given({ [option]: value }));
    const changed = Object.keys({ ...none, ...one }).filter((key) => none[key] !== one[key]);
    expect(changed).toEqual([expect.stringMatching(new RegExp(`^${option}(Ms)?$`, 'u'))]);
  });

  const flat = (json: unknown): Readonly<Record<string, unknown>> => {
    const { rules, portalUrl } = read(json).widgets[0] ?? {};
    return { ...rules, portalUrl };
  };
});

describe('a preview', () => {
  const preview = (reconnect: object) => given({ reconnect });
  const jonas = '72f988bf-86f1-41af-91ab-2d7cd011db47:8f0b5e3c-1f0a-4f43-9e0b-0a1b2c3d4e5f';

  test('serves the agents it names (A16)', () => {
    expect(
      read(preview({ preview: true, previewAgents: [jonas] })).widgets[0]?.reconnect.previewAgents,
    ).toEqual([jonas]);
  });

  test.each([[{ preview: true }], [{ preview: true, previewAgents: [] }]])(
    'that names nobody is refused: %j',
    (reconnect) => {
      expect(faultsOf(preview(reconnect))).toEqual([
        fault('widgets.chat.reconnect.previewAgents', 'at least one agent'),
      ]);
    },
  );

  test.each([['Jonas'], ['jonas@example.com'], ['tenant:'], ['a:b:c'], ['']])('cannot name %j', (agent) => {
    expect(faultsOf(preview({ preview: true, previewAgents: [jonas, agent] }))).toEqual([
      fault('widgets.chat.reconnect.previewAgents.1', '<tenant id>:<object id>'),
    ]);
  });
});

describe('further sites', () => {
  test('are exact origins', () => {
    const sites = ['https://shop.example.com', 'https://shop.example.com:8443', 'http://localhost:5173'];
    expect(read(given({}, { sites })).sites).toEqual(sites);
    expect(read(given()).sites).toEqual([]);
  });

  test.each([
    ['https://shop.example.com/'],
    ['https://shop.example.com/chat'],
    ['https://SHOP.example.com'],
    ['https://shop.example.com:443'],
    ['https://*.example.com'],
    ['http://shop.example.com'],
    ['null'],
    ['*'],
    [''],
  ])('%j is none', (origin) => {
    expect(faultsOf(given({}, { sites: [origin] }))).toEqual([fault('sites.0', 'an exact https origin')]);
  });
});
