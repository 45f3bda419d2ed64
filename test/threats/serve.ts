/** Production as a process of its own, which can be killed; without its pages, for no browser comes here. */
import { movableClock, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { startProduction } from '../../src/production.ts';
import type { Asset } from '../../src/server/pages.ts';

const none: Asset = { type: 'text/plain', text: () => Promise.resolve('') };

const { env } = process;
// Not under its own name: the SDK's managed identities would read it too, and want https.
const config = readConfig({ ...env, AZURE_AUTHORITY_HOST: env['AUTHORITY'] }, () => '');
const log = (event: string, fields?: Readonly<Record<string, unknown>>): void =>
  console.log(JSON.stringify({ event, ...fields }));
const { port } = await startProduction(config, {
  clock: movableClock(systemClock, Number(env['CLOCK_AHEAD_MS'] ?? 0)),
  log,
  assets: { chatPage: none, inboxPage: none, kit: none, files: {} },
});
log('house.started', { port });
