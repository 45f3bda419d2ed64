import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeKeeper, type Keeper } from './keepers.ts';

/** A local house in a process of its own, as `npm start` runs it (keeper.ts says what differs), that can be killed and started again. */
export interface RunningHouse {
  readonly origin: string;
  readonly folder: string;
  /** Moves the clock that store, tokens, channels, deadlines and pages share. */
  readonly advance: (ms: number) => Promise<void>;
  /** SIGKILL: nothing is finished, nothing is flushed. */
  readonly kill: () => Promise<void>;
  /** Starts it again, on the same port and folder. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Where its store is, for another house to share. */
  readonly store: () => { readonly endpoint: string; readonly key: string };
  /** What it logged, one JSON event a line. */
  readonly logged: () => string;
}

/** Starts one; `store` shares another house's, `settings` is a file in the place of the local ones. */
export async function openHouse(
  options: {
    readonly folder?: string;
    readonly name?: string;
    readonly settings?: string;
    readonly store?: { readonly endpoint: string; readonly key: string };
  } = {},
): Promise<RunningHouse> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'reconnect-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let kept: Keeper | undefined;
  let store = { endpoint: '', key: '' };
  let logged = '';

  const start = async (): Promise<void> => {
    kept = takeKeeper((text) => (logged += text));
    const { name = 'house', settings, store: cosmos } = options;
    const told = await kept.ask({ open: { port, folder, name, settings, cosmos } });
    if (!('opened' in told))
      throw new Error(`The house did not start: ${'failed' in told ? told.failed : 'it died'}\n${logged}`);
    store = told.opened;
  };
  const kill = async (): Promise<void> => {
    await kept?.kill();
    kept = undefined;
  };

  await start();
  return {
    origin,
    folder,
    start,
    kill,
    close: async () => {
      const closing = kept;
      kept = undefined;
      await closing?.giveBack();
    },
    logged: () => logged,
    store: () => store,
    advance: async (ms) => {
      const answer = await fetch(`${origin}/local/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advanceMs: ms }),
      });
      if (!answer.ok) throw new Error(`The clock did not move: ${await answer.text()}`);
    },
  };
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
