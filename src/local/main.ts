/** `npm start`: the whole product on this machine, without Azure and without an account. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkConfig } from '../admin/check.ts';
import { report } from '../admin/report.ts';
import type { Settings } from '../settings/settings.ts';
import { startTelemetry } from '../adapters/telemetry/start.ts';
import type { LocalHouseOptions } from './house.ts';

/** Stops with one clear line; a stack would only hide what to change. */
function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

function readOptions(): LocalHouseOptions {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: process.env['PORT'] ?? '3978' },
      folder: { type: 'string', default: '.data' },
      settings: { type: 'string' },
      name: { type: 'string', default: 'house' },
      /** Another house's store, as `npm run cosmos` prints it. */
      store: { type: 'string' },
      key: { type: 'string' },
    },
  });
  const { folder, name, store, key } = values;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    stop(`port: must be a number from 0 to 65535, not "${values.port}"`);
  if (!/^[\w-]{1,40}$/u.test(name)) stop('name: must be 1 to 40 letters, digits, _ and -');
  if ((store === undefined) !== (key === undefined)) stop("store and key: another house's store needs both");
  return {
    port,
    folder,
    name,
    settings: settingsIn(values.settings ?? fileURLToPath(new URL('settings.json', import.meta.url))),
    log: (event, fields) => {
      if (process.env['LOG'] !== 'off') console.log(JSON.stringify({ event, ...fields }));
    },
    ...(store !== undefined && key !== undefined && { cosmos: { endpoint: store, key } }),
  };
}

function settingsIn(file: string): Settings {
  try {
    const checked = checkConfig(readFileSync(file, 'utf8'));
    return checked.ok ? checked.settings : stop(report(file, checked).join('\n'));
  } catch (reason) {
    stop(`The settings cannot be read: ${messageOf(reason)}`);
  }
}

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

const options = await Promise.resolve()
  .then(readOptions)
  .catch((reason: unknown) => stop(messageOf(reason)));
const wanted = process.env['TELEMETRY'] ?? '';
if (wanted !== '' && wanted !== 'console') stop(`TELEMETRY: must be console, or left out, not "${wanted}"`);
// Only now: loading the SDKs takes seconds, and nobody should wait so long to hear of a typing error.
const { startLocalHouse } = await import('./house.ts');
const telemetry = await startTelemetry({
  write: wanted === 'console' ? (line) => console.log(line) : undefined,
  ...{ instance: options.name ?? 'house', version: 'local' },
});
const house = await startLocalHouse({ ...options, ...(telemetry && { telemetry }) }).catch(
  (reason: unknown) => stop(`The house did not start: ${messageOf(reason)}`),
);

console.log(
  `Customers  ${house.origin}/            (Support, or ${house.origin}/?widget=sales, ?widget=billing, ?widget=arabic)`,
);
console.log(
  `Agents     ${house.origin}/teams?agent=1   (2 and 3 are their colleagues, 4 has no permission for chats)`,
);
console.log(`Test drive ${house.origin}/test-drive   (what the timers make of a chat)`);
console.log(`Store      ${house.store.endpoint}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void house.close().then(() => process.exit(0));
  });
}

await house.warm().catch((reason: unknown) => stop(`The file store did not start: ${messageOf(reason)}`));
