import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock } from '../../src/clock.ts';
import type { Seen } from '../../src/local/cosmos/engine.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';
import { tracesOf } from '../handoff/traces.ts';
import { channelToken, openAzure, type Azure } from '../production/azure.ts';
import { activityOf, environment, identityOf } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, tabToken, type Door } from '../production/people.ts';
import { startProcess, type Process } from '../production/process.ts';
import { ask, until, type Answer } from '../server/house.ts';

const clock = movableClock();
let azure: Azure;
let cosmos: CosmosServer;
/** Hears of each request before its answer goes out. */
let observe: (seen: Seen) => void = () => undefined;
const running: Process[] = [];
beforeAll(async () => {
  azure = await openAzure();
  cosmos = await startCosmos({
    ...{ port: 0, file: ':memory:', clock, containers: CONTAINERS, database: DATABASE },
    observe: (seen) => observe(seen),
  });
});
afterAll(async () => {
  for (const one of running) one.signal('SIGKILL');
  await cosmos.close();
  await azure.close();
});

/** Starts a process of production over that store, its clock so far ahead. */
async function serve(aheadMs = 0): Promise<Process & Door> {
  const one = await startProcess(fileURLToPath(new URL('serve.ts', import.meta.url)), {
    ...environment(azure, cosmos),
    ...identityOf(azure),
    ...{ AUTHORITY: azure.origin, CLOCK_AHEAD_MS: String(aheadMs) },
  });
  running.push(one);
  const { origin } = one;
  return {
    ...{ ...one, azure },
    ask: (method, path, body, asking) => ask(origin, method, path, body, asking),
    from: async (channel, activity) =>
      ask(origin, 'POST', '/api/messages', activityOf(azure, channel, activity), {
        bearer: await channelToken(azure, channel),
      }),
  };
}

/** What is left of her: her words, her agent's words of her, and what opens her chat. */
const tracesOfHer = (secrets: readonly string[]) => tracesOf(['telltale', 'Zelda', ...secrets], cosmos);
const isHeld = async (kind: string, id: string) =>
  (await tracesOf([id], cosmos)).some((one) => one.startsWith(`sessions ${kind}:`));

test('T40: a customer who is erased leaves nothing, although the process that erases her is killed in the middle', async () => {
  const first = await serve();
  const jonas = await agentAt(first, 'Jonas Weber', 1);
  const bearer = await tabToken(first, {
    ...{ oid: 'b3a0c6f2-5d1e-4a7b-8c11-000000000009', name: 'Sue Park' },
    roles: ['Chat.Agent', 'Chat.Supervisor'],
  });
  await first.ask('GET', '/api/agent/me', undefined, { bearer });
  const zelda = await customerAt(first);
  for (let i = 0; i < 5; i += 1) await zelda.say(`telltale ${i}: Zelda Quill waits for her parcel`);
  await zelda.say('agent');
  const sid = await rowIn(jonas, 'queue', zelda);
  for (const act of [
    { act: 'accept' },
    { act: 'message', text: 'telltale answer' },
    { act: 'comment', text: 'telltale: was rude before' },
    { act: 'link' },
  ])
    expect([act.act, (await jonas.act(sid, act)).status]).toEqual([act.act, 200]);
  const secret = zelda.asking.cookie?.split('.')[1] ?? '';
  const path = `/api/customers/${zelda.userId}`;
  const exported = await first.ask('GET', `${path}/export`, undefined, { bearer });
  expect([exported.status, exported.text]).toEqual([200, expect.stringContaining('was rude before')]);

  // In the middle: her header goes first, and whoever deleted it never hears that it is gone.
  observe = ({ operation, container, request: { body } }) => {
    const isFirst =
      operation === 'batch' &&
      container === 'sessions' &&
      /"Delete"/u.test(body) &&
      body.includes(`"s:${sid}"`);
    if (isFirst) first.signal('SIGKILL');
  };
  expect((await first.ask('DELETE', path, undefined, { bearer })).status).toBe(202);
  await first.ended;
  observe = () => undefined;
  expect([await isHeld('header', zelda.userId), await isHeld('entry', zelda.userId)]).toEqual([false, true]);

  // What the dead one held lapses by the clock.
  clock.advance(120_000);
  const second = await serve(120_000);
  const progress = () => second.ask('GET', `${path}/erasure`, undefined, { bearer });
  const isDone = ({ body }: Answer) => (body['erasure'] as { done?: boolean } | undefined)?.done === true;
  await until(async () => isDone(await progress()), 'the next one finishes it', 60_000);
  expect(await tracesOfHer([secret])).toEqual([]);

  expect((await second.ask('GET', `${path}/export`, undefined, { bearer })).status).toBe(404);
  const again = await second.ask('DELETE', path, undefined, { bearer });
  expect([again.status, isDone(again)]).toEqual([202, true]);
  const back = await customerAt(second, zelda.asking);
  expect(back.opened.text).not.toMatch(/telltale|Zelda|Jonas/u);
}, 120_000);
