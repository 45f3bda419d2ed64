import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { OPTIONS } from '../../src/manifest/ids.ts';
import { deployed, settingsOf, TEMPLATE } from './template.ts';
import { table } from './functions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const [, guide = ''] = /\n## Deploy\n([\s\S]*?)\n## /u.exec(read('README.md')) ?? [];
/** What stands in the text as code; blocks of commands are another matter. */
const named = [...guide.replaceAll(/```[\s\S]*?```/gu, '').matchAll(/`([^`]+)`/gu)].map(
  ([, text = '']) => text,
);

test('row 87: every parameter and output that the guide names is one of the template', () => {
  const known = [...Object.keys(TEMPLATE.parameters), ...Object.keys(TEMPLATE.outputs)];
  const elsewhere = [
    // Of an app registration, of the Teams app, of the settings, and of the framework.
    ...[
      'requestedAccessTokenVersion',
      'validDomains',
      'portalUrl',
      'previousAgentWindow',
      'createUiDefinition.json',
    ],
    ...['UserAssignedMSI', 'SingleTenant', 'RoleAssignmentExists', 'AuthorizationFailed'],
  ];
  const names = named.filter((text) => /^[A-Za-z]+[a-z][A-Z][A-Za-z.]*$/u.test(text));
  expect(names.length).toBeGreaterThan(15);
  expect([...new Set(names)].filter((name) => ![...known, ...elsewhere].includes(name))).toEqual([]);
});

test('row 87: the guide tells of everything that must be given, and of every output that somebody must use', () => {
  for (const name of ['appId', 'pepper', 'botPassword', 'previousPepper', 'publicHost', 'cosmosAccount'])
    expect(named).toContain(name);
  for (const name of ['applicationIdUri', 'uploadCommand', 'manifestCommand', 'identityObjectId'])
    expect([named.includes(name), name in TEMPLATE.outputs]).toEqual([true, true]);
});

test('row 87: its files are there, its flags are the command’s, and its roles those the code asks for', () => {
  for (const file of named.filter((text) => /^(?:deploymentTemplates|manifest)\//u.test(text)))
    expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  const flags = [...guide.matchAll(/`--([a-z-]+)`/gu)].map(([, flag = '']) => flag);
  expect(flags.length).toBeGreaterThan(5);
  for (const flag of flags) expect(Object.keys(OPTIONS)).toContain(flag);
  for (const role of named.filter((text) => text.startsWith('Chat.')))
    expect(read('src/handoff/agents.ts') + read('src/server/agent-routes.ts')).toContain(`'${role}'`);
});

test('row 87: what the template starts is what the package holds, and it is given the time it takes to end', () => {
  const all = deployed();
  const start = String(table(all.resources['app']?.properties['siteConfig'])['appCommandLine']);
  const zip = read('src/local/package-zip.ts');
  expect(zip).toContain(`'${start}'`);
  expect(String(all.outputs['uploadCommand'])).toContain('--src-path dist/reconnect.zip');
  expect(zip).toContain('dist/reconnect.zip');
  const [, last = ''] = /LAST_MS = ([\d_]+)/u.exec(read('src/main.ts')) ?? [];
  const given = Number(settingsOf(all)['WEBSITES_CONTAINER_STOP_TIME_LIMIT']) * 1000;
  expect(Number(last.replaceAll('_', ''))).toBeGreaterThan(10_000);
  expect(given).toBeGreaterThan(Number(last.replaceAll('_', '')));
});

test('row 87: the commands that a deployment puts out are commands there are', () => {
  const { outputs } = deployed();
  const { scripts } = JSON.parse(read('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [, script = ''] = /^npm run (\w+) -- /u.exec(String(outputs['manifestCommand'])) ?? [];
  expect(Object.keys(scripts)).toContain(script);
  for (const [, flag = ''] of String(outputs['manifestCommand']).matchAll(/--([a-z-]+) \S/gu))
    expect(Object.keys(OPTIONS)).toContain(flag);
});
