import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { brokenArrow, importsOf, type Source } from './arrows.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function filesOf(folder: string, ending: RegExp): readonly Source[] {
  return readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .map((path) => ({ path: relative(`${root}${folder}`, path), text: readFileSync(path, 'utf8') }));
}

const sources = filesOf('src', /\.ts$/u);
const tests = filesOf('test', /\.ts$/u);
const broken = (source: Source): readonly string[] =>
  importsOf(source).flatMap((one) => brokenArrow(one) ?? []);

test('every import of the house follows the arrows of the design', () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.flatMap(broken)).toEqual([]);
});

test.each([
  ['session/planted.ts', `import { words } from '../cards/wording.ts';`],
  ['session/planted.ts', `import type { Clock } from '../handoff/ports.ts';`],
  ['session/planted.ts', `import { createHash } from 'node:crypto';`],
  ['settings/planted.ts', `import type { House } from '../handoff/house.ts';`],
  ['cards/planted.ts', `import type { House } from '../handoff/house.ts';`],
  ['handoff/planted.ts', `import { cosmosStores } from '../adapters/cosmos/client.ts';`],
  ['handoff/planted.ts', `import { ActivityTypes } from 'botbuilder';`],
  ['handoff/planted.ts', `import { trace } from '@opentelemetry/api';`],
  ['handoff/planted.ts', `import { MEASURES } from '../telemetry/measures.ts';`],
  ['telemetry/planted.ts', `import { trace } from '@opentelemetry/api';`],
  ['server/planted.ts', `import { metrics } from '@opentelemetry/api';`],
  ['handoff/planted.ts', `export * from '../server/http.ts';`],
  ['handoff/planted.ts', `const late = () => import('../local/house.ts');`],
  ['handoff/planted.ts', `let x: import('../adapters/cosmos/client.ts').CosmosStores;`],
  ['adapters/cosmos/planted.ts', `import { TurnContext } from 'botbuilder';`],
  ['adapters/cosmos/planted.ts', `import { bodyOf } from '../../server/http.ts';`],
  ['server/planted.ts', `import { customerWire } from '../adapters/botframework/customer-wire.ts';`],
  ['server/planted.ts', `import { keep } from '../local/keep.ts';`],
  ['server/planted.ts', `import { CosmosClient } from '@azure/cosmos';`],
  ['pages/chat/planted.ts', `import { decide } from '../../session/decide.ts';`],
  ['pages/chat/planted.ts', `import { readFileSync } from 'node:fs';`],
  ['pages/chat/planted.ts', `import type { Server } from '../../server/server.ts';`],
  ['reconnect.ts', `import { startLocalHouse } from './local/house.ts';`],
  ['main.ts', `import { movable } from './local/clock-routes.ts';`],
  ['local/cosmos/planted.ts', `import { cosmosStores } from '../../adapters/cosmos/client.ts';`],
  ['local/cosmos/planted.ts', `import { keep } from '../keep.ts';`],
  ['clock.ts', `import { readSettings } from './settings/settings.ts';`],
  ['elsewhere/planted.ts', `import { words } from '../cards/wording.ts';`],
])('a forbidden arrow planted in %s is found: %s', (path, text) => {
  expect(broken({ path, text })).toHaveLength(1);
});

test.each([
  ['cards/planted.ts', `import type { Session } from '../session/session.ts';`],
  ['pages/chat/planted.ts', `import type { Session } from '../../session/session.ts';`],
  ['pages/chat/planted.ts', `import { type Row, type InboxList } from '../../handoff/inbox.ts';`],
  ['local/cosmos/planted.ts', `import { CONTAINERS } from '../../adapters/cosmos/containers.ts';`],
])('an allowed arrow in %s is left alone: %s', (path, text) => {
  expect(broken({ path, text })).toEqual([]);
});

/** A file may be longer than a page when its first comment says why. */
const LONG = 400;
const tooLong = ({ path, text }: Source): readonly string[] => {
  const [first = ''] = /\/\*[\s\S]*?\*\/|\/\/.*/u.exec(text) ?? [];
  const saysWhy = text.trimStart().startsWith(first) && /\b(long|one file|table)\b/iu.test(first);
  return text.split('\n').length <= LONG || saysWhy ? [] : [path];
};

test('no file is over 400 lines without saying why in its first comment', () => {
  expect([...sources, ...tests].flatMap(tooLong)).toEqual([]);
  const planted = 'x;\n'.repeat(LONG + 1);
  expect(tooLong({ path: 'a.ts', text: planted })).toEqual(['a.ts']);
  expect(tooLong({ path: 'a.ts', text: `/* Long, because it is a table. */\n${planted}` })).toEqual([]);
});

const named = /(^|[/.-])(utils?|helpers?|common|misc|shared|types)([/.-]|$)/iu;

test('every file is named by its subject', () => {
  expect([...sources, ...tests].map(({ path }) => path).filter((path) => named.test(path))).toEqual([]);
  expect(['session/utils.ts', 'cards/date-helpers.ts', 'common/x.ts'].every((path) => named.test(path))).toBe(
    true,
  );
});

// Assembled here so that this file does not find itself.
const skipped = new RegExp(
  `\\b(?:test|it|describe)\\s*\\.\\s*(?:${['skip', 'only', 'todo', 'fails'].join('|')})\\b|\\bx(?:it|describe)\\(`,
  'u',
);

test('no test is skipped', () => {
  expect(tests.filter(({ text }) => skipped.test(text)).map(({ path }) => path)).toEqual([]);
  expect(skipped.test(['test', 'skip'].join('.') + "('a customer …')")).toBe(true);
});

const ambient = /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)|\bset(?:Timeout|Interval)\(|\bprocess\.env\b/u;
const pure = /^(session|settings|cards|handoff|telemetry|adapters|server)\/|^reconnect\.ts$/u;

test('below the composition roots time, chance and the environment come in as arguments', () => {
  const code = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/gu, '');
  expect(
    sources.filter(({ path, text }) => pure.test(path) && ambient.test(code(text))).map(({ path }) => path),
  ).toEqual([]);
  expect(ambient.test('const at = Date.now();')).toBe(true);
});

test('lint and compiler are silenced nowhere in the house', () => {
  const hushed = /eslint-disable|@ts-(?:ignore|expect-error|nocheck)|\bas any\b|: any\b/u;
  expect(sources.filter(({ text }) => hushed.test(text)).map(({ path }) => path)).toEqual([]);
});
