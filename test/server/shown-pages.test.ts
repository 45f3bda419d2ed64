import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHouse, type TestHouse } from './house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each([
  ['/', 'frame-src https://help.northwind-parcels.example;'],
  ['/?widget=support', 'frame-src https://help.northwind-parcels.example;'],
  ['/?widget=sales', `frame-src 'none';`],
])('row 79: %s frames only what its widget’s settings name', async (path, policy) => {
  const { headers } = await house.ask('GET', path);
  expect(headers.get('content-security-policy')).toContain(policy);
});
