/** `npm run cosmos -- --port N --file F`: the embedded Cosmos DB alone, until it is stopped. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTAINERS, DATABASE } from '../../adapters/cosmos/containers.ts';
import { systemClock } from '../../clock.ts';
import { startCosmos } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8081' },
    file: { type: 'string', default: '.data/cosmos.db' },
    key: { type: 'string' },
    database: { type: 'string', default: DATABASE },
    control: { type: 'boolean', default: false },
  },
});

if (values.file !== ':memory:') mkdirSync(dirname(values.file), { recursive: true });
const server = await startCosmos({
  port: Number(values.port),
  file: values.file,
  database: values.database,
  control: values.control,
  ...(values.key === undefined ? {} : { key: values.key }),
  clock: systemClock,
  containers: CONTAINERS,
});
console.log(`endpoint ${server.endpoint}`);
console.log(`key      ${server.key}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
