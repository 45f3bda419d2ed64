import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';

/** Microsoft's schemas of a Teams app, one a file of it. */
type Kind = 'MicrosoftTeams.schema.json' | 'MicrosoftTeams.Localization.schema.json';

const require = createRequire(import.meta.url);

/** Tells where a file of the app does not fit Microsoft's own schema of this manifest version. */
export function schemaFaults(name: string, kind: Kind, version: string, json: unknown): readonly string[] {
  const schema = schemaOf(kind, version);
  if (schema === undefined)
    return [`${name}: Microsoft has published no schema for manifestVersion "${version}"`];
  const ajv = new Ajv({ schemaId: 'id', meta: false, allErrors: true, logger: false });
  ajv.addMetaSchema(read(require.resolve('ajv/lib/refs/json-schema-draft-04.json')));
  const fits = ajv.compile(schema);
  if (fits(json) === true) return [];
  return (fits.errors ?? []).map(({ dataPath, message = 'does not fit', params }) => {
    const extra: unknown = Reflect.get(params, 'additionalProperty');
    return `${name}${dataPath} ${message}${typeof extra === 'string' ? `: ${extra}` : ''}`;
  });
}

function schemaOf(kind: Kind, version: string): object | undefined {
  const folder = dirname(require.resolve('@microsoft/app-manifest/package.json'));
  try {
    return read(join(folder, 'build/json-schemas/teams', `v${version}`, kind));
  } catch {
    return undefined;
  }
}

function read(file: string): object {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/u, ''));
  if (typeof json !== 'object' || json === null) throw new Error(`${file} holds no schema`);
  return json;
}
