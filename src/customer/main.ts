/** `npm run customer -- export|erase ID`: everything that is held of one customer, taken out or erased. */
import { createWriteStream, readFileSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { overrideFaults } from '../cards/overrides.ts';
import { ConfigError, readConfig } from '../config.ts';
import type { CustomerId } from '../session/ids.ts';
import { readSettings, SettingsError } from '../settings/settings.ts';
import type { Whom } from './commands.ts';
import type { Opened } from './opened.ts';

const USAGE = `npm run customer -- export ID [--out FILE] [--files FOLDER] [--without-comments]
npm run customer -- erase ID --yes
  ID       a customer's id (dl_…), or the reference number of a chat of theirs (XXXXX-XXXXX);
           in place of it, --issuer URL --subject SUBJECT of their site's token
  --local  of the local house, in .data or --folder FOLDER; while it runs, with --store URL as it printed it`;
const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...{ issuer: text, subject: text, out: text, files: text, folder: text, store: text, settings: text },
  ...{ 'without-comments': flag, yes: flag, local: flag },
} as const;
type Options = ReturnType<typeof readArguments>['values'];

/** Stops with what must be put right; a stack would only hide it. */
function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

function readArguments() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  return { values, positionals };
}

function readWhom(id: string | undefined, { issuer, subject }: Options): Whom {
  if (id !== undefined) return { id };
  if (issuer === undefined || subject === undefined) stop(`Whom?\n${USAGE}`);
  return { issuer, subject };
}

const log = (event: string, fields?: Readonly<Record<string, unknown>>): void => {
  if (event.endsWith('failed')) console.error(JSON.stringify({ event, ...fields }));
};

async function open({ local, folder = '.data', store, settings }: Options): Promise<Opened> {
  if (!local) {
    const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
    const { openProduction } = await import('./opened.ts');
    return openProduction(config, log);
  }
  const file = settings ?? new URL('../local/settings.json', import.meta.url);
  const read = readSettings(JSON.parse(readFileSync(file, 'utf8')), overrideFaults);
  const { openLocal } = await import('../local/customer.ts');
  return { ...(await openLocal({ folder, ...(store !== undefined && { store }) }, log)), settings: read };
}

async function run(what: 'export' | 'erase', whom: Whom, options: Options): Promise<void> {
  // Nothing but this waits between two looks at the store.
  const awake = setInterval(() => undefined, 60_000);
  const opened = await open(options);
  try {
    const { find } = await import('./commands.ts');
    const id = await find(opened, whom);
    await (what === 'erase' ? erase(opened, id, options) : takeOut(opened, id, options));
  } finally {
    clearInterval(awake);
    await opened.close();
  }
}

async function erase(opened: Opened, id: CustomerId, { yes }: Options): Promise<void> {
  const { eraseCustomer, wouldErase } = await import('./commands.ts');
  if (!yes) stop(`This erases ${await wouldErase(opened, id)}, for good. To do so, run it again with --yes.`);
  await eraseCustomer(opened, id, log, (line) => console.log(line));
}

async function takeOut(opened: Opened, id: CustomerId, options: Options): Promise<void> {
  const { exportCustomer } = await import('./commands.ts');
  let file: WriteStream | undefined;
  const write = async (piece: string): Promise<void> => {
    // What others on this machine may read, a transcript does not belong in.
    if (options.out !== undefined) file ??= createWriteStream(options.out, { mode: 0o600 });
    const out = file ?? process.stdout;
    if (!out.write(piece)) await once(out, 'drain');
  };
  const { files: folder, 'without-comments': withoutComments } = options;
  const how = { comments: !withoutComments, ...(folder !== undefined && { folder }) };
  if (!(await exportCustomer(opened, id, how, write))) stop(`Nothing is held of ${id}.`);
  await new Promise<void>((resolve) => (file === undefined ? resolve() : file.end(resolve)));
}

const { values, positionals } = await Promise.resolve()
  .then(readArguments)
  .catch((reason: unknown) => stop(`${messageOf(reason)}\n${USAGE}`));
const [what, id, ...rest] = positionals;
if ((what !== 'export' && what !== 'erase') || rest.length > 0) stop(USAGE);
await run(what, readWhom(id, values), values).catch((reason: unknown) => stop(messageOf(reason)));

function messageOf(reason: unknown): string {
  if (reason instanceof ConfigError || reason instanceof SettingsError) return reason.message;
  return reason instanceof Error ? reason.message : String(reason);
}
