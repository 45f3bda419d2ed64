import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeSettings } from '../../src/settings/describe.ts';
import { readSettings, SettingsError } from '../../src/settings/settings.ts';
import { settingTables } from '../../src/settings/table.ts';

const all = describeSettings();
const one = (path: string) => {
  const found = all.find((setting) => setting.path === path);
  if (found === undefined) throw new Error(`Nothing is said of ${path}`);
  return found;
};

/** The least settings, with this one of the widget or its work stream as well. */
function given(path: string, value: unknown): unknown {
  const [root = '', , ...name] = path.split('.');
  const [last = '', ...outer] = name.toReversed();
  const nested = outer.reduce<object>((inner, key) => ({ [key]: inner }), { [last]: value });
  return {
    company: 'C',
    workStreams: { s: root === 'workStreams' ? nested : {} },
    widgets: { w: { title: 'T', workStream: 's', ...(root === 'widgets' && nested) } },
  };
}

function rulesBroken(path: string, value: unknown): readonly string[] {
  try {
    readSettings(given(path, value));
  } catch (reason) {
    if (reason instanceof SettingsError) return reason.faults.map(({ rule }) => rule);
    throw reason;
  }
  return [];
}

test('every setting is described in a sentence, and says what it takes', () => {
  expect(all.length).toBeGreaterThan(40);
  for (const { path, description, takes } of all) {
    expect([path, description]).toEqual([path, expect.stringMatching(/^[A-Z].{10,}[.)]$/u)]);
    expect([path, takes]).toEqual([path, expect.stringMatching(/\S/u)]);
  }
});

test('no setting is described twice, or as one of what it is not', () => {
  const paths = all.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(one('workStreams.*.hours.timeZone')).toMatchObject({ of: 'workStream', required: true });
  expect(one('widgets.*.files.maxSize').bounds).toEqual({
    ...{ unit: 'KB', min: 1, max: 25_600, usual: 10_240 },
    ...{ lowest: '1 KB', highest: '25 MB' },
  });
});

test('the README tells of the settings as they are (npm run docs writes it)', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, written = ''] = /<!-- settings -->([\s\S]*)<!-- \/settings -->/u.exec(readme) ?? [];
  const rows = (markdown: string): readonly string[] =>
    markdown
      .replaceAll('*', '_')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.replaceAll(/ +/gu, ' '));
  expect(rows(written)).toEqual(rows(settingTables(all)));
});

describe('what is said of a setting is what is checked:', () => {
  const bounded = all.filter(({ type, of }) => ['duration', 'size'].includes(type) && of !== 'house');
  test.each(bounded.map(({ path, bounds }) => [path, bounds] as const))(
    '%s has its bounds',
    (path, bounds) => {
      if (bounds?.max === undefined) throw new Error(`${path} has none`);
      const { unit, min, max } = bounds;
      const own = (value: number): readonly string[] =>
        rulesBroken(path, `${value} ${unit}`).filter((rule) => rule.includes('must lie between'));
      expect([own(min), own(max)]).toEqual([[], []]);
      expect(own(max + 1)).toEqual([
        expect.stringContaining(`between ${bounds.lowest} and ${bounds.highest}`),
      ]);
      if (min > 0) expect(own(min - 1)).toHaveLength(1);
    },
  );

  test.each(
    all.filter(({ choices }) => choices !== undefined).map(({ path, choices }) => [path, choices ?? []]),
  )('%s has its choices', (path, choices) => {
    for (const choice of choices) expect(rulesBroken(path, choice)).toEqual([]);
    expect(rulesBroken(path, 'another')).toEqual([`must be one of ${choices.join(', ')}`]);
  });

  const usual = all.filter((setting) => setting.default !== undefined && setting.of !== 'house');
  test.each(usual.map((setting) => [setting.path, setting.default]))(
    '%s is its default where it is not given: %j',
    (path, value) => {
      expect(readSettings(given(path, value))).toEqual(readSettings(given('widgets.*.title', 'T')));
    },
  );

  test.each([...['recommended', 'seedA', 'seedB']])(
    'a preset gives what it is said to give: %s',
    (preset) => {
      const told = all.flatMap(({ name, presets }) => (preset in presets ? [[name, presets[preset]]] : []));
      const written = Object.fromEntries(
        told.map(([name, value]): [unknown, unknown] => [
          name,
          value === 'reconnectTimeLimit' ? '20 min' : value,
        ]),
      ) as object;
      const rules = (widget: object) =>
        readSettings({
          ...(given('widgets.*.title', 'T') as object),
          widgets: { w: { title: 'T', workStream: 's', ...widget } },
        }).widgets[0]?.rules;
      expect(rules({ preset })).toEqual(rules(written));
    },
  );
});
