/** `npm run docs`: writes the README's tables of settings from the settings themselves. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeSettings } from '../settings/describe.ts';
import { settingTables } from '../settings/table.ts';

const file = new URL('../../README.md', import.meta.url);
const [begin, end] = ['<!-- settings -->', '<!-- /settings -->'];

const text = readFileSync(file, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`README.md has no place for the tables: ${begin} … ${end}`);
const tables = settingTables(describeSettings());
writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${tables}\n\n${text.slice(to)}`);
