import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ask, Tell } from './keeper.ts';

/** A process that holds one house at a time. */
export interface Keeper {
  readonly ask: (ask: Ask) => Promise<Tell>;
  /** SIGKILL: nothing is finished, nothing is flushed. */
  readonly kill: () => Promise<void>;
  /** Closes the house in it; the next test's house moves in. */
  readonly giveBack: () => Promise<void>;
}

interface Kept extends Keeper {
  /** Who reads what the house in it says. */
  hear: (text: string) => void;
}

const KEEPER = fileURLToPath(new URL('keeper.ts', import.meta.url));

/** Without a house: each was started by an earlier test of this file. */
const idle: Kept[] = [];

/** One without a house, or a new one; `hear` is given what it logs. */
export function takeKeeper(hear: (text: string) => void): Keeper {
  const keeper = idle.pop() ?? startKeeper();
  keeper.hear = hear;
  return keeper;
}

function startKeeper(): Kept {
  const child = fork(KEEPER, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  // Tests that are over do not wait for it; it goes with them.
  for (const part of [child, child.channel]) part?.unref();
  const died = new Promise<Tell>((resolve) => {
    child.once('exit', () => resolve({ failed: 'its process ended' }));
  });
  const keeper: Kept = {
    hear: () => undefined,
    ask: (ask) => Promise.race([answered(child, ask), died]),
    kill: async () => {
      child.kill('SIGKILL');
      await died;
    },
    giveBack: async () => {
      const told = await keeper.ask({ close: true });
      if ('closed' in told) idle.push(keeper);
      else await keeper.kill();
    },
  };
  child.on('message', (told: Tell) => {
    if ('logged' in told) keeper.hear(told.logged);
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => keeper.hear(chunk.toString()));
  return keeper;
}

function answered(child: ChildProcess, ask: Ask): Promise<Tell> {
  return new Promise((resolve) => {
    const listen = (told: Tell): void => {
      if ('logged' in told) return;
      child.off('message', listen);
      resolve(told);
    };
    child.on('message', listen);
    // Whom it does not reach has died, which `died` tells.
    child.send(ask, () => undefined);
  });
}
