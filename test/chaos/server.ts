/** One instance of production as a process of its own; with `COMPARED` set, the framework's own bot stands beside it. */
import { flushCompileCache } from 'node:module';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { startProduction } from '../../src/production.ts';
import type { Asset } from '../../src/server/pages.ts';
import { startFrameworkBot } from './framework-bot.ts';
import { watchStalls } from './stalls.ts';

// No browser comes here, and to make its pages would cost each start its time.
const none: Asset = { type: 'text/plain', text: () => Promise.resolve('') };

const { env } = process;
// Not under its own name: the SDK's managed identities would read it too, and want https.
const config = readConfig({ ...env, AZURE_AUTHORITY_HOST: env['AUTHORITY'] }, () => '');
const log = (event: string, fields?: Readonly<Record<string, unknown>>): void =>
  console.log(JSON.stringify({ event, ...fields }));
watchStalls((ms) => log('house.stalled', { ms }));
const { endpoint, key = '' } = config.store;
const framework = env['COMPARED'] === undefined ? undefined : await startFrameworkBot({ endpoint, key });
const { port } = await startProduction(config, {
  ...{ clock: systemClock, log },
  assets: { chatPage: none, inboxPage: none, kit: none, files: {} },
});
log('house.started', { port, framework });
// Whoever is killed leaves nothing to those who follow: what was compiled is written now.
flushCompileCache();
