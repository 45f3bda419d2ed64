/** The embedded Cosmos DB as a process of its own, with its control API; sends all it holds to whoever asks over IPC. */
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../src/clock.ts';
import { startCosmos } from '../../src/local/cosmos/server.ts';
import { COMPARED } from '../bench/framework.ts';
import { watchStalls } from './stalls.ts';

const [, , file = ':memory:'] = process.argv;
const cosmos = await startCosmos({
  port: 0,
  file,
  control: true,
  clock: systemClock,
  containers: [...CONTAINERS, ...COMPARED],
  database: DATABASE,
});
process.send?.({ endpoint: cosmos.endpoint, key: cosmos.key });
watchStalls((stalled) => process.send?.({ stalled }));

process.on('message', () => {
  const documents = cosmos.storage.tables.map(({ name, definition }): [string, unknown[]] => [
    definition.id,
    cosmos.storage
      .rows(`SELECT body FROM ${name} WHERE expires > ? ORDER BY lsn`, [Math.floor(Date.now() / 1_000)])
      .map(({ body }) => JSON.parse(String(body)) as unknown),
  ]);
  process.send?.({ documents: Object.fromEntries(documents) });
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0));
