import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock } from '../../src/clock.ts';
import { startCosmos } from '../../src/local/cosmos/server.ts';
import { openHouse, type TestHouse } from '../server/house.ts';
import { talking } from '../server/ways.ts';
import { pause, spread, type Measure } from './measure.ts';
import { requestReader, type Request } from './requests.ts';

const INSTANCES = [1, 3, 10] as const;
const MESSAGES = 3;
/** Every instance looks at the feed three times a second. */
const READ_MS = 1_500;
/** Request units of a look that brings nothing. */
const EMPTY_LOOK = 1;

/**
 * What a relayed message costs by way of the change feed, which every instance follows: looks that brought something of it,
 * and what they cost beyond a look that brings nothing.
 */
export async function news(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const requests: Request[] = [];
  const read = requestReader();
  const cosmos = await startCosmos({
    ...{ port: 0, file: ':memory:', clock: movableClock(), containers: CONTAINERS, database: DATABASE },
    observe: (seen) => {
      const request = read(seen);
      if (request !== undefined) requests.push(request);
    },
  });
  const houses: TestHouse[] = [];
  const measures: Measure[] = [];
  try {
    const first = await openHouse({ cosmos, folder, name: 'house-0' });
    houses.push(first);
    const { chat } = await talking(first);
    for (const count of INSTANCES) {
      while (houses.length < count)
        houses.push(await openHouse({ cosmos, folder, name: `house-${houses.length}` }));
      await pause(READ_MS);
      const fed: (readonly Request[])[] = [];
      for (let i = 0; i < MESSAGES; i += 1) {
        const from = requests.length;
        await chat.say(`Line ${i}`);
        await pause(READ_MS);
        fed.push(
          requests
            .slice(from)
            .filter(
              ({ container, operation, status }) =>
                container === 'sessions' && operation === 'feed' && status === 200,
            ),
        );
      }
      const told = (name: string, unit: string, values: readonly number[]): Measure => ({
        ...{ name: `${name}-${count}`, unit, spread: spread(values) },
        ours: values.reduce((sum, one) => sum + one, 0) / values.length,
      });
      measures.push(
        told(
          'news-requests-per-message',
          'requests',
          fed.map((all) => all.length),
        ),
        told(
          'news-units-per-message',
          'RU',
          fed.map((all) => all.reduce((sum, { charge }) => sum + charge - EMPTY_LOOK, 0)),
        ),
      );
    }
    return measures;
  } finally {
    for (const house of houses) await house.close();
    await cosmos.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
