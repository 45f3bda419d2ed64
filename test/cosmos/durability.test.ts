import type { Container } from '@azure/cosmos';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientOf } from './account.ts';

const kills = 20;
const writers = ['ann', 'bob', 'cid', 'dot'];

let folder: string;
let server: ChildProcess | undefined;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'cosmos-'))));
afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

/** Kills the server without a word, and waits until it is dead. */
async function kill(): Promise<void> {
  if (server?.exitCode !== null || server.signalCode !== null) return;
  const dead = once(server, 'exit');
  server.kill('SIGKILL');
  await dead;
}

/** Starts the server as `npm run cosmos` does, on the same file every time. */
async function start(): Promise<{ readonly endpoint: string; readonly key: string }> {
  const args = ['src/local/cosmos/main.ts', '--port', '0', '--file', join(folder, 'data.db')];
  server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: Record<string, string> = {};
  for await (const line of createInterface({ input: server.stdout! })) {
    const [name = '', value = ''] = line.split(/\s+/);
    told[name] = value;
    if (name === 'key') break;
  }
  return { endpoint: told['endpoint']!, key: told['key']! };
}

/** Relays one message as the app does: header over its etag, and an entry, in one batch. */
async function relay(sessions: Container, customer: string): Promise<number> {
  const { resource } = await sessions.item('header', customer).read<{ seq: number; _etag: string }>();
  const seq = (resource?.seq ?? 0) + 1;
  const header = { id: 'header', customer, seq };
  const batch = await sessions.items.batch(
    [
      resource === undefined
        ? { operationType: 'Create', resourceBody: header }
        : { operationType: 'Replace', id: 'header', ifMatch: resource._etag, resourceBody: header },
      { operationType: 'Create', resourceBody: { id: `entry ${seq}`, customer, seq } },
    ],
    customer,
  );
  if (batch.code !== 200) throw new Error(`refused: ${JSON.stringify(batch.result)}`);
  return seq;
}

it(`no acknowledged write is lost in ${kills} kills, and no batch is half there`, async () => {
  const acknowledged = new Map<string, number>();
  const keys = new Set<string>();
  let lost = 0;
  let half = 0;
  let writes = 0;

  for (let round = 0; round <= kills; round++) {
    const { endpoint, key } = await start();
    keys.add(key);
    const client = clientOf({ endpoint, key });
    const sessions = client.database('reconnect').container('sessions');
    for (const customer of writers) {
      const { resource } = await sessions.item('header', customer).read<{ seq: number }>();
      const seq = resource?.seq ?? 0;
      const entries = await sessions.items
        .query<number>("SELECT VALUE COUNT(1) FROM c WHERE STARTSWITH(c.id, 'entry')", {
          partitionKey: customer,
        })
        .fetchAll();
      lost += Math.max(0, (acknowledged.get(customer) ?? 0) - seq);
      if (entries.resources[0] !== seq) half++;
    }
    if (round === kills) {
      client.dispose();
      await kill();
      break;
    }
    const until = writes + 10 + ((round * 7) % 40);
    // The SDK tries a refused connection again for a second; nobody has to wait for that.
    const dead = once(server!, 'exit').then(() => undefined);
    await Promise.all(
      writers.map(async (customer) => {
        for (;;) {
          const seq = await Promise.race([relay(sessions, customer).catch(() => undefined), dead]);
          if (seq === undefined) return;
          acknowledged.set(customer, seq);
          if (++writes === until) server!.kill('SIGKILL');
        }
      }),
    );
    await kill();
    client.dispose();
  }

  console.log(`${writes} acknowledged batches, ${kills} kills, ${lost} lost, ${half} half`);
  expect({ lost, half, keys: keys.size }).toEqual({ lost: 0, half: 0, keys: 1 });
  expect(writes).toBeGreaterThan(kills * 10);
});

it('a second server on the same file is refused', async () => {
  await start();
  const second = spawn(process.execPath, [
    'src/local/cosmos/main.ts',
    '--port',
    '0',
    '--file',
    join(folder, 'data.db'),
  ]);
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).not.toBe(0);
});
