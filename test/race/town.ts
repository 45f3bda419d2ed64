import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAzure, type Azure, type Delivered } from '../production/azure.ts';
import { environment, identityOf } from '../production/desk.ts';
import { until } from '../server/house.ts';
import type { Inside, Order } from './instance.ts';

/** One process of production. */
export interface Instance {
  readonly origin: string;
  readonly said: () => string;
  readonly order: (order: Exclude<Order, { readonly kind: 'measure' }>) => Promise<void>;
  readonly measure: () => Promise<Inside>;
}

/** Production's processes over one store, each in a process of its own, and an Azure in this one. */
export interface Town {
  readonly azure: Azure;
  readonly store: { readonly endpoint: string; readonly key: string };
  readonly instances: readonly Instance[];
  readonly close: () => Promise<void>;
}

const INSTANCE = fileURLToPath(new URL('instance.ts', import.meta.url));
const STORE = fileURLToPath(new URL('../../src/local/cosmos/main.ts', import.meta.url));
/** Loading the SDKs takes seconds, more on a busy machine. */
const PATIENCE_MS = 100_000;

/** Starts so many instances at once. `hear` gets what connectors are sent, instead of the list in `azure`. */
export async function openTown(given: {
  readonly instances: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly hear?: (one: Delivered) => void;
}): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'reconnect-town-'));
  const azure = await openAzure(given.hear);
  const running: Running[] = [];
  const close = async (): Promise<void> => {
    for (const one of running) await one.stop();
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const cosmos = run([STORE, '--port', '0', '--file', join(folder, 'cosmos.db')], process.env);
    running.push(cosmos);
    const [, endpoint = '', key = ''] = await says(cosmos, /^endpoint (\S+)\s+key\s+(\S+)$/mu);
    const store = { endpoint, key };
    const env = {
      ...{ ...environment(azure, store), ...identityOf(azure) },
      TAB_AUTHORITY: azure.origin,
      ...given.settings,
    };
    const instances = Array.from({ length: given.instances }, () => run(['--expose-gc', INSTANCE], env));
    running.unshift(...instances);
    return { azure, store, instances: await Promise.all(instances.map(started)), close };
  } catch (reason) {
    await close();
    throw reason;
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

async function started(running: Running): Promise<Instance> {
  const [, port = ''] = await says(running, /"house.started","port":(\d+)/u);
  let before: Promise<unknown> = Promise.resolve();
  const order = async (what: Order): Promise<unknown> => {
    await before;
    running.child.send(what);
    const [answer] = (await once(running.child, 'message')) as [unknown];
    return answer;
  };
  const inTurn = (what: Order): Promise<unknown> => {
    const answer = order(what);
    before = answer.catch(() => undefined);
    return answer;
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    said: running.said,
    order: async (what) => {
      await inTurn(what);
    },
    measure: async () => (await inTurn({ kind: 'measure' })) as Inside,
  };
}

const says = (running: Running, what: RegExp): Promise<RegExpExecArray> =>
  until(() => what.exec(running.said()) ?? undefined, `a process starts`, PATIENCE_MS).catch(() => {
    throw new Error(`A process did not start; it said: ${running.said()}`);
  });

/** Of what a process says its beginning and its end are kept: one that runs for hours says a lot. */
const SAID = 200_000;

function run(args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let said = '';
  const hear = (text: Buffer): void => {
    said += text.toString();
    if (said.length > 2 * SAID) said = said.slice(0, SAID) + said.slice(-SAID / 2);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const ended = once(child, 'close');
  // Whatever becomes of this process, nothing of it stays behind.
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    child,
    said: () => said,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
