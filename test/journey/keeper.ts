/**
 * Keeps local houses for tests, one at a time, in a process that can be killed: as src/local/main.ts starts one, without
 * loading the product anew for each, which costs more than most tests do.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkConfig } from '../../src/admin/check.ts';
import { startLocalHouse, type LocalHouse } from '../../src/local/house.ts';

/** What a test asks of it. */
export type Ask =
  | {
      readonly open: {
        readonly port: number;
        readonly folder: string;
        readonly name: string;
        readonly settings: string | undefined;
        readonly cosmos: { readonly endpoint: string; readonly key: string } | undefined;
      };
    }
  | { readonly close: true };

/** What it tells. */
export type Tell =
  | { readonly opened: { readonly endpoint: string; readonly key: string } }
  | { readonly closed: true }
  | { readonly failed: string }
  | { readonly logged: string };

const LOCAL = fileURLToPath(new URL('../../src/local/settings.json', import.meta.url));

let house: LocalHouse | undefined;

const tell = (told: Tell): void => {
  if (process.connected) process.send?.(told);
};

async function answer(ask: Ask): Promise<Tell> {
  if ('close' in ask) {
    await house?.close();
    house = undefined;
    return { closed: true };
  }
  const { port, folder, name, settings, cosmos } = ask.open;
  const checked = checkConfig(readFileSync(settings ?? LOCAL, 'utf8'));
  if (!checked.ok) throw new Error('Its settings are wrong');
  house = await startLocalHouse({
    ...{ port, folder, name, settings: checked.settings },
    log: (event, fields) => tell({ logged: `${JSON.stringify({ event, ...fields })}\n` }),
    ...(cosmos && { cosmos }),
  });
  await house.warm();
  return { opened: house.store };
}

process.on('message', (ask: Ask) => {
  void answer(ask).then(tell, (reason: unknown) => {
    tell({ failed: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) });
  });
});
// The tests are over.
process.on('disconnect', () => process.exit());
