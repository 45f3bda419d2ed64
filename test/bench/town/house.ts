/** Production as a process of its own, configured by its environment as any; its pages come from their sources. */
import { systemClock } from '../../../src/clock.ts';
import { readConfig } from '../../../src/config.ts';
import { sourceAssets } from '../../../src/local/assets.ts';
import { builtAssets } from '../../../src/server/built-assets.ts';
import { startProduction } from '../../../src/production.ts';
import { ready } from './asked.ts';

// Not in its environment: there the SDK's managed identities read it too, and want https.
const [authority = '', pages] = process.argv.slice(2);
const { port } = await startProduction(
  readConfig({ ...process.env, AZURE_AUTHORITY_HOST: authority }, () => ''),
  {
    clock: systemClock,
    log: (event, fields) => {
      if (/failed/u.test(event)) console.error(JSON.stringify({ event, ...fields }));
    },
    assets: pages === undefined ? sourceAssets() : builtAssets(new URL(pages)),
  },
);
ready({ origin: `http://127.0.0.1:${port}` });
