/**
 * The second half of `npm run package`: one zip that a Linux App Service runs from, with `node dist/main.js`. It holds
 * the build and what it needs at run time, as the lock file names it; nothing is installed where it runs.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zipSync, type Zippable } from 'fflate';

const root = fileURLToPath(new URL('../../', import.meta.url));
const zip = `${root}dist/reconnect.zip`;

/** Sources, types and maps are for whoever develops; licences go along. */
const NEEDED =
  /(?<!\.d)\.(?:c|m)?js$|\.json$|\.node$|\.html$|\.css$|\.br$|(?:^|\/)(?:licen[cs]e|notice)(?:\.(?:txt|md))?$/iu;
/** The same zip for the same content: whoever deploys sees whether anything has changed. */
const MADE_AT = '2020-01-01T00:00:00';

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

const { packages } = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const { name, version, license, type, engines } = readJson('package.json') as Record<string, unknown>;
const scripts = { start: 'node dist/main.js' };

const contents: Zippable = {
  'package.json': Buffer.from(JSON.stringify({ name, version, license, type, engines, scripts }, null, 2)),
  LICENSE: readFileSync(`${root}LICENSE`),
};
add('dist', (path) => !path.startsWith('dist/types/'));
for (const [path, locked] of Object.entries(packages)) {
  if (path === '' || locked.dev === true || locked.devOptional === true) continue;
  // What is optional may not have been built here, and is not missed.
  if (locked.optional !== true || statSync(`${root}${path}`, { throwIfNoEntry: false }) !== undefined)
    add(path);
}
const sorted = Object.fromEntries(Object.entries(contents).sort(([a], [b]) => (a < b ? -1 : 1)));
const packed = zipSync(sorted, { level: 9, mtime: MADE_AT });
writeFileSync(zip, packed);
console.log(`${zip}: ${Object.keys(contents).length} files, ${(packed.length / 1_048_576).toFixed(1)} MB`);

/** Adds a folder; packages within a package have lines of their own in the lock file. */
function add(folder: string, isMeant: (path: string) => boolean = () => true): void {
  for (const entry of readdirSync(`${root}${folder}`, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules') add(path, isMeant);
    else if (entry.isFile() && NEEDED.test(path) && isMeant(path))
      contents[path] = readFileSync(`${root}${path}`);
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(`${root}${file}`, 'utf8'));
}
