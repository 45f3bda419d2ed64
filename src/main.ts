/** `npm run serve`: production, configured by its environment. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { ConfigError, readConfig, type Config } from './config.ts';

/** Stops with what must be put right; a stack would only hide it. */
function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

function configured(): Config {
  try {
    return readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  } catch (reason) {
    if (reason instanceof ConfigError) stop(reason.message);
    throw reason;
  }
}

function versionIn(packageJson: string): string {
  const { version } = JSON.parse(packageJson) as { readonly version: string };
  return version;
}

/** App Service is asked for 30 s between SIGTERM and the end; see README, Production. */
const LAST_MS = 25_000;

const config = configured();
const log = (event: string, fields?: Readonly<Record<string, unknown>>): void =>
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...fields }));
// Only now: loading the SDKs takes seconds, and nobody should wait so long to hear of a wrong setting.
const [{ startProduction }, { startTelemetry }, { builtAssets }, { systemClock }] = await Promise.all([
  import('./production.ts'),
  import('./adapters/telemetry/start.ts'),
  import('./server/built-assets.ts'),
  import('./clock.ts'),
]);
const telemetry = await startTelemetry({
  connectionString: config.telemetry,
  share: config.telemetryShare,
  instance: config.instance ?? `${hostname()}-${process.pid}`,
  version: versionIn(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
});
const house = await startProduction(config, {
  clock: systemClock,
  ...{ log, telemetry },
  assets: builtAssets(new URL('../dist/pages/', import.meta.url)),
}).catch((reason: unknown) =>
  stop(`Reconnect did not start: ${reason instanceof Error ? reason.message : String(reason)}`),
);
log('house.started', { port: house.port });

let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // Whoever asks twice, or waits too long, means it: what is under way is written ahead, and sent again.
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), LAST_MS).unref();
    void house.stop().then(() => process.exit(0));
  });
}
