import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { iconFaults } from './icon.ts';
import type { Ids } from './ids.ts';
import { schemaFaults } from './schema.ts';

/** A Teams app that can be uploaded, or everything that is wrong with it. */
export type TeamsApp =
  | { readonly zip: Uint8Array; readonly manifest: Readonly<Record<string, unknown>> }
  | { readonly faults: readonly string[] };

/** Fills the manifest of a folder with a deployment's ids, checks all of it and packs it. The same in is the same out. */
export function teamsApp(folder: string, ids: Ids): TeamsApp {
  const filled = fill(readFileSync(join(folder, 'manifest.json'), 'utf8'), ids);
  const manifest = parsed(filled);
  if (manifest === undefined) return { faults: ['manifest.json is no JSON object'] };
  const version = text(manifest['manifestVersion']);
  const { color = '', outline = '' } = record(manifest['icons']);
  const languages = languageFiles(manifest);
  const missing = [color, outline, ...languages].filter((name) => contentOf(folder, name) === undefined);
  if (missing.length > 0)
    return { faults: missing.map((name) => `${name || 'An icon'} is named and is not there`) };
  const bytes = (name: string): Buffer => contentOf(folder, name) ?? Buffer.alloc(0);
  const faults = [
    ...[...filled.matchAll(/\{\{(\w+)\}\}/gu)].map(
      ([, name = '']) => `manifest.json asks for an unknown ${name}`,
    ),
    ...schemaFaults('manifest.json', 'MicrosoftTeams.schema.json', version, manifest),
    ...languages.flatMap((name) =>
      schemaFaults(name, 'MicrosoftTeams.Localization.schema.json', version, parsed(bytes(name).toString())),
    ),
    ...iconFaults(color, bytes(color), { size: 192, transparent: false }),
    ...iconFaults(outline, bytes(outline), { size: 32, transparent: true }),
  ];
  if (faults.length > 0) return { faults };
  const files = Object.fromEntries([color, outline, ...languages].map((name) => [name, bytes(name)]));
  return { zip: zipSync({ 'manifest.json': strToU8(filled), ...files }, { mtime: PACKED }), manifest };
}

/** Zip files carry a time; one of the day they were made would make them differ. */
const PACKED = '2000-01-01T00:00:00';

function fill(template: string, ids: Ids): string {
  const values: Readonly<Record<string, string>> = {
    APP_ID: ids.appId,
    BOT_ID: ids.botId,
    TEAMS_APP_ID: ids.teamsAppId,
    HOST: ids.host,
    COMPANY: ids.company,
    WEBSITE: ids.website,
    PRIVACY: ids.privacy,
    TERMS: ids.terms,
    VERSION: ids.version,
  };
  return template.replace(/\{\{(\w+)\}\}/gu, (all, name: string) => {
    const value = values[name];
    return value === undefined ? all : JSON.stringify(value).slice(1, -1);
  });
}

function languageFiles(manifest: Readonly<Record<string, unknown>>): readonly string[] {
  const languages: unknown = Reflect.get(Object(manifest['localizationInfo']), 'additionalLanguages');
  return Array.isArray(languages) ? languages.map((one) => text(record(one)['file'])) : [];
}

function contentOf(folder: string, name: string): Buffer | undefined {
  try {
    return name === '' ? undefined : readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const record = (value: unknown): Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, text(one)]))
    : {};
