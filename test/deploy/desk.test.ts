import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDesk, type TestDesk } from '../production/desk.ts';
import { deployed, DIRECT_LINE, environmentOf, EXAMPLE, PEPPER } from './template.ts';
import { list, table } from './functions.ts';

const azure = deployed({ ...EXAMPLE, pepper: PEPPER, sites: ['https://shop.contoso.com'] });
let desk: TestDesk;
beforeAll(async () => {
  // The store is this machine's; everything else is what Azure would tell the app.
  const { COSMOS_ENDPOINT: _, ...environment } = environmentOf(azure);
  desk = await openDesk(environment);
});
afterAll(() => desk.close());

test('row 87: what the template tells the app is a desk that can serve', async () => {
  const { status, body } = await desk.ask('GET', '/ready');
  expect([status, body]).toEqual([
    200,
    { ready: true, checks: { store: true, identity: true, settings: true } },
  ]);
});

test('row 87: a customer’s chat begins with the vault’s secret, on origins that its channel trusts', async () => {
  const { status } = await desk.ask('POST', '/api/directline/token', { widget: 'sales' });
  expect(status).toBe(200);
  const [asked] = desk.azure.tokenRequests;
  expect(asked?.['bearer']).toBe(DIRECT_LINE);
  const channel = table(azure.resources['directLine']?.properties['properties']);
  const { trustedOrigins } = table(list(channel['sites'])[0]);
  expect(list(trustedOrigins)).toEqual(expect.arrayContaining([...list(asked?.['trustedOrigins'])]));
  expect(list(asked?.['trustedOrigins'])).toEqual(expect.arrayContaining([...list(trustedOrigins)]));
});

test('row 87: the tab that the manifest opens is there, and says no to whoever Entra does not know', async () => {
  expect((await desk.ask('GET', '/inbox/')).status).toBe(200);
  expect((await desk.ask('GET', '/api/inbox/mine')).status).toBe(401);
});
