/** The embedded store as a process of its own: `store.ts FILE [KEY]`. */
import { CONTAINERS, DATABASE } from '../../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../../src/clock.ts';
import { startCosmos } from '../../../src/local/cosmos/server.ts';
import { COMPARED } from '../framework.ts';
import { requestReader, type Request } from '../requests.ts';
import { answering, ready } from './asked.ts';

const read = requestReader();
let seen: Request[] = [];
const server = await startCosmos({
  port: 0,
  file: process.argv[2] ?? ':memory:',
  clock: systemClock,
  containers: [...CONTAINERS, ...COMPARED],
  database: DATABASE,
  observe: (one) => {
    const request = read(one);
    if (request !== undefined) seen.push(request);
  },
});

answering('take', () => {
  const taken = seen;
  seen = [];
  return taken;
});
answering('delay', (ms) => {
  server.faults.clear();
  if (Number(ms) > 0) server.faults.add({ fault: { kind: 'delay', ms: Number(ms) } });
});
ready({ endpoint: server.endpoint, key: server.key });
