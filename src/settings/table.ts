import type { SettingDescription } from './describe.ts';

const PARTS: readonly (readonly [SettingDescription['of'], string])[] = [
  ['house', '**The house**'],
  ['workStream', '**A work stream**, `workStreams.<name>`'],
  ['widget', '**A widget**, `widgets.<name>`'],
];
const HEAD = ['| setting | default | takes | what it does |', '| --- | --- | --- | --- |'];

/** The tables of the README, of the house, a work stream and a widget; in Markdown, unpadded. */
export const settingTables = (settings: readonly SettingDescription[]): string =>
  PARTS.map(([part, title]) =>
    [title, '', ...HEAD, ...settings.filter(({ of }) => of === part).map(row)].join('\n'),
  ).join('\n\n');

function row(one: SettingDescription): string {
  const rules = one.relations.filter(({ setting }) => setting === one.path).map(({ rule }) => rule);
  const cells = [code(one.name), usual(one), [one.takes, ...rules].join('; '), one.description];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function usual(one: SettingDescription): string {
  const presets = Object.entries(one.presets).map(([preset, value]) => `; ${preset} ${code(value)}`);
  const value = one.type === 'derived' ? 'derived' : one.required ? 'required' : shown(one.default);
  return `${value}${presets.join('')}`;
}

function shown(value: unknown): string {
  if (value === undefined) return '–';
  if (!Array.isArray(value)) return code(value);
  return value.length === 0 ? 'none' : value.map(code).join(', ');
}

const code = (value: unknown): string => `\`${String(value)}\``;
