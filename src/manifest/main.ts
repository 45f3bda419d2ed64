/** `npm run manifest -- --app-id … --host …`: the Teams app of one deployment, checked and packed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { OPTIONS, readIds } from './ids.ts';
import { teamsApp } from './teams-app.ts';

const USAGE =
  'npm run manifest -- --app-id GUID --host chat.contoso.com [--bot-id GUID] [--teams-app-id GUID] [--company NAME] [--website URL] [--privacy URL] [--terms URL] [--version 1.0.0] [--out FILE.zip]';
const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function run(): readonly string[] {
  const flags = flagsIn(process.argv.slice(2));
  if (flags instanceof Error) return [flags.message, USAGE];
  const ids = readIds(flags, packageVersion());
  if ('faults' in ids) return [...ids.faults, USAGE];
  const app = teamsApp(here('manifest'), ids);
  if ('faults' in app) return app.faults;
  const out = resolve(flags.out ?? here('dist/teams-app.zip'));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, app.zip);
  console.log(
    `${out}\nTeams app ${ids.teamsAppId}, version ${ids.version}, tab and bot at https://${ids.host}`,
  );
  return [];
}

const faults = run();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

function flagsIn(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function packageVersion(): string {
  const json: unknown = JSON.parse(readFileSync(here('package.json'), 'utf8'));
  const version: unknown = Reflect.get(Object(json), 'version');
  return typeof version === 'string' ? version : '';
}
