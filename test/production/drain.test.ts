import { expect, test } from 'vitest';
import { until } from '../server/house.ts';
import { openDesk } from './desk.ts';
import { tabToken } from './people.ts';

test('a tab’s stream is ended when its instance stops, so that it finds another at once', async () => {
  const desk = await openDesk();
  const bearer = await tabToken(desk, { oid: 'b3a0c6f2-5d1e-4a7b-8c11-000000000001', name: 'Jonas Weber' });
  const response = await fetch(`${desk.origin}/api/stream`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  let heard = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) heard += Buffer.from(chunk).toString();
  })();
  await until(() => heard.includes('event: hello'), 'the stream is open');
  await desk.close();
  await reading;
  expect(desk.logged()).toContain('house.stopped');
});

test('a house that stops while nobody asks anything is gone at once', async () => {
  const desk = await openDesk();
  expect((await desk.ask('GET', '/health')).status).toBe(200);
  await desk.close();
  await expect(desk.ask('GET', '/health')).rejects.toThrow();
});
