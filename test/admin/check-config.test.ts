import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkConfig, type FileFault } from '../../src/admin/check.ts';
import { report } from '../../src/admin/report.ts';

const main = fileURLToPath(new URL('../../src/admin/check-config.ts', import.meta.url));

/** Runs `npm run check-config` on a file with this text. */
function runs(text: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'reconnect-check-')), 'settings.json');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, file], { encoding: 'utf8' });
  return { status, stdout, stderr: stderr.replaceAll(file, 'settings.json') };
}

const faultsIn = (text: string): readonly FileFault[] => {
  const checked = checkConfig(text);
  return checked.ok ? [] : checked.faults;
};
const where = (faults: readonly FileFault[]) =>
  faults.map(({ line, column, setting }) => `${line}:${column} ${setting ?? ''}`.trim());

const BAD = `{
  "company": "Northwind",
  "workStreams": {
    "support": { "autoCloseAfterInactivity": "20 min" }
  },
  "widgets": {
    "one": {
      "title": "One",
      "workStream": "support",
      "previousAgentWindow": "30 min",
      "wording": { "en": { "page.helo": "Hi" } }
    },
    "two": { "workStream": "nowhere", "files": { "types": ["png", "docm"] }, "offerTimout": "1 min" }
  },
  "agentCapacity": 0
}`;

test('an admin hears of everything that is wrong at once: line, column, setting, rule, what it is for', () => {
  const { status, stderr } = runs(BAD);
  expect(status).toBe(1);
  expect(stderr).toContain(
    'settings.json:10:7  widgets.one.previousAgentWindow: must not be longer than the reconnect time limit',
  );
  expect(stderr).toContain("(20 min)\n    How long the previous agent's place stays blocked");
  expect(stderr).toContain('7 things are wrong');
  expect(stderr).not.toMatch(/^\s+at /mu);
  expect(where(faultsIn(BAD))).toEqual([
    '10:7 widgets.one.previousAgentWindow',
    '11:28 widgets.one.wording.en.page.helo',
    '13:5 widgets.two.title',
    '13:14 widgets.two.workStream',
    '13:67 widgets.two.files.types.1',
    '13:78 widgets.two.offerTimout',
    '15:3 agentCapacity',
  ]);
});

test.each([
  [
    'widgets.w.offerTimout',
    { widgets: { w: { title: 'T', workStream: 's', offerTimout: '1 min' } } },
    'offerTimeout',
  ],
  [
    'widgets.w.files.typs',
    { widgets: { w: { title: 'T', workStream: 's', files: { typs: [] } } } },
    'files.types',
  ],
  ['workStreams.s.dispostions', { workStreams: { s: { dispostions: [] } } }, 'dispositions'],
  ['agentCapcity', { agentCapcity: 5 }, 'agentCapacity'],
  [
    'widgets.w.wording.en.page.helo',
    { widgets: { w: { title: 'T', workStream: 's', wording: { en: { 'page.helo': 'Hi' } } } } },
    'page.hello',
  ],
  ['widgets.w.nonsense', { widgets: { w: { title: 'T', workStream: 's', nonsense: 1 } } }, undefined],
])('a typing error in %s is met with what was meant', (setting, more, near) => {
  const faults = faultsIn(
    JSON.stringify({
      company: 'C',
      workStreams: { s: {} },
      widgets: { w: { title: 'T', workStream: 's' } },
      ...more,
    }),
  );
  expect(faults.map((fault) => [fault.setting, fault.about])).toEqual([
    [setting, near === undefined ? undefined : `Did you mean ${near}?`],
  ]);
});

describe('a file that is no JSON is told of by line, and by what is missing:', () => {
  test.each([
    ['{ "company": "C"\n  "sites": [] }', '2:3', 'a comma is missing'],
    ['{ "company": "C",\n}', '2:1', 'a comma before it is too many'],
    ['{\n  // ours\n  "company": "C" }', '2:3', 'no comments'],
    ['{ "company": "C",\n  "sites": [] ', '2:15', 'brace } is missing'],
    ['{ "company": C }', '1:14', 'double quotes'],
    ['{ "company": "C" }\n}', '2:1', 'goes on after its end'],
    ['', '1:1', 'a value is missing'],
  ])('%j', (text, place, rule) => {
    const [first] = faultsIn(text);
    expect(where(first === undefined ? [] : [first])).toEqual([place]);
    expect(first?.rule).toContain(rule);
  });

  test('a setting that is given twice is told of, for JSON would keep the last without a word', () => {
    expect(faultsIn('{ "company": "C",\n  "company": "D" }')).toEqual([
      { line: 2, column: 3, rule: expect.stringContaining('"company" is given twice') as string },
    ]);
  });
});

test('a file that is not there, or none at all, is said so', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  const [absent, none] = [run('/nowhere.json'), run()];
  expect([absent.status, none.status]).toEqual([1, 1]);
  expect(absent.stderr).toContain('/nowhere.json cannot be read');
  expect(none.stderr).toContain('Usage');
});

describe('of a good file an admin is shown what is in force:', () => {
  const good = (widget: object, whole: object = {}) =>
    report(
      'settings.json',
      checkConfig(
        JSON.stringify({
          company: 'C',
          workStreams: { support: { autoCloseAfterInactivity: '40 min' } },
          widgets: { chat: { title: 'Chat', workStream: 'support', ...widget } },
          ...whole,
        }),
      ),
    ).join('\n');

  test('the preset, what goes over it, and the derived time limit', () => {
    const said = good({ preset: 'seedB', closedWindow: 'end' });
    expect(said).toMatch(/previousAgentWindow +40 min {3}\(by its preset\)/u);
    expect(said).toMatch(/suspendedReturn +wait {3}\(by its preset\)/u);
    expect(said).toMatch(/closedWindow +end\n/u);
    expect(said).toMatch(/reconnectTimeLimit +40 min {3}\(derived/u);
    expect(said).toMatch(/offerTimeout +1 min {3}\(default\)/u);
    expect(said).toContain('settings.json can be used.');
  });

  test('a hold that is cut to a short time limit, as it will be', () => {
    const said = good({}, { workStreams: { support: { autoCloseAfterInactivity: '6 min' } } });
    expect(said).toMatch(/previousAgentWindow +6 min {3}\(default\)/u);
  });

  test.each([
    [{}, {}, 'promptAudience', 'nobody ever is'],
    [{}, {}, 'portalUrl', 'no reconnect link can be sent'],
    [{ closedWindow: 'noPrompt' }, {}, 'closedWindow', 'no link either'],
    [{ promptMode: 'direct', promptAudience: 'anyone' }, {}, 'promptMode', 'shared computer'],
    [{ reconnect: { enabled: false, preview: true, previewAgents: ['t:a'] } }, {}, 'preview', 'no effect'],
    [{ reconnect: { previewAgents: ['t:a'] } }, {}, 'previewAgents', 'no effect'],
    [{ previousAgentWindow: '0 s' }, {}, 'previousAgentWindow', 'no place is kept'],
    [{ suspendLimit: '5 min' }, {}, 'suspendLimit', 'less time'],
    [{ wrapUp: '0 s' }, {}, 'wrapUp', 'cannot be taken back'],
    [{ language: 'fr' }, {}, 'language', 'read English'],
    [{ portalUrl: 'http://localhost:3978/' }, {}, 'portalUrl', 'refused in production'],
    [{}, { sites: ['http://localhost:5173'] }, 'sites.0', 'refused in production'],
    [
      { disconnectGrace: '30 min' },
      { workStreams: { support: { autoCloseAfterInactivity: '5 min' } } },
      'disconnectGrace',
      'before they count as gone',
    ],
    [
      { queueLimit: '1 min' },
      { workStreams: { support: { queueTarget: '5 min' } } },
      'queueLimit',
      'gives up places',
    ],
    [{}, { workStreams: { support: {}, idle: {} } }, 'workStreams.idle', 'no widget belongs to it'],
  ])('and what is allowed and odd: %j %j: %s', (widget, whole, setting, says) => {
    const [, odd = ''] = good(widget, whole).split('Allowed, and maybe not what you mean');
    expect(odd).toMatch(new RegExp(`settings\\.json:1:\\d+  \\S*${setting}\\n.*${says}`, 'u'));
  });

  test('nothing is odd where everything is said', () => {
    const said = good(
      { portalUrl: 'https://www.example.com/' },
      { signIn: [{ issuer: 'i', audience: 'a', jwksUrl: 'https://www.example.com/keys' }] },
    );
    expect(said).not.toContain('Allowed, and');
  });

  test('the settings the local house ships with, by the command itself', () => {
    const file = new URL('../../src/local/settings.json', import.meta.url);
    const { status, stdout } = runs(readFileSync(file, 'utf8'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/Widget arabic\n +title +الدعم/u);
  });
});
