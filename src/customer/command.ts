import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config.ts';
import type { Log } from '../handoff/ports.ts';
import type { CustomerId } from '../session/ids.ts';
import { SettingsError } from '../settings/settings.ts';
import type { Whom } from './commands.ts';
import type { Opened } from './opened.ts';

const USAGE = `npm run customer -- export ID [--out FILE] [--files FOLDER] [--without-comments]
npm run customer -- erase ID --yes
npm run customer -- verify ID
  ID       a customer's id (dl_…), or the reference number of a chat of theirs (XXXXX-XXXXX);
           in place of it, --issuer URL --subject SUBJECT of their site's token
  --local  of the local house, in .data or --folder FOLDER; while it runs, with --store URL as it printed it`;
const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...{ issuer: text, subject: text, out: text, files: text, folder: text, store: text, settings: text },
  ...{ 'without-comments': flag, yes: flag, local: flag },
} as const;
/** What stands behind the command and whom it is about. */
export type Options = ReturnType<typeof readArguments>['values'];

/** Opens the stores that a command is about. */
export type Open = (options: Options, log: Log) => Promise<Opened>;

/** Takes out, erases or verifies what is held of one customer, as the process's arguments say. */
export async function customerCommand(open: Open): Promise<void> {
  const { values, positionals } = await Promise.resolve()
    .then(readArguments)
    .catch((reason: unknown) => stop(`${messageOf(reason)}\n${USAGE}`));
  const [what, id, ...rest] = positionals;
  if (!isCommand(what) || rest.length > 0) stop(USAGE);
  await run(what, readWhom(id, values), values, open).catch((reason: unknown) => stop(messageOf(reason)));
}

/** Stops with what must be put right; a stack would only hide it. */
function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

const readArguments = () => parseArgs({ options: OPTIONS, allowPositionals: true });

function readWhom(id: string | undefined, { issuer, subject }: Options): Whom {
  if (id !== undefined) return { id };
  if (issuer === undefined || subject === undefined) stop(`Whom?\n${USAGE}`);
  return { issuer, subject };
}

const log: Log = (event, fields) => {
  if (event.endsWith('failed')) console.error(JSON.stringify({ event, ...fields }));
};

const COMMANDS = ['export', 'erase', 'verify'] as const;
type Command = (typeof COMMANDS)[number];
const isCommand = (what: unknown): what is Command => COMMANDS.some((one) => one === what);

async function run(what: Command, whom: Whom, options: Options, open: Open): Promise<void> {
  // Nothing but this waits between two looks at the store.
  const awake = setInterval(() => undefined, 60_000);
  const opened = await open(options, log);
  try {
    const { find } = await import('./commands.ts');
    const id = await find(opened, whom);
    const carryOut = { export: takeOut, erase, verify }[what];
    await carryOut(opened, id, options);
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

async function verify(opened: Opened, id: CustomerId): Promise<void> {
  const { verifyCustomer } = await import('./commands.ts');
  const isWhole = await verifyCustomer(opened, id, (line) => console.log(line));
  if (!isWhole) stop('The audit is not whole: somebody or something has changed what is stored.');
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

function messageOf(reason: unknown): string {
  if (reason instanceof ConfigError || reason instanceof SettingsError) return reason.message;
  return reason instanceof Error ? reason.message : String(reason);
}
