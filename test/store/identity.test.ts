import type { CosmosClientOptions } from '@azure/cosmos';
import { CredentialUnavailableError } from '@azure/identity';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { afterEach, expect, test } from 'vitest';
import { cosmosStores, type CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock } from '../../src/clock.ts';

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;

/** An account of the cloud's, as far as who opens it by identity sees it: where it takes writes, and what it was asked. */
function account() {
  const state = { region: 'west', knows: 'https://', silent: 0 };
  const asked: string[] = [];
  const placeOf = (region: string) => ({
    ...{ name: region, databaseAccountEndpoint: `https://shop-${region}.documents.azure.com:443/` },
  });
  const answer = (url: URL): readonly [status: number, body: object, substatus?: number] => {
    if (url.pathname === '/') {
      const places = [placeOf(state.region)];
      return [
        200,
        { writableLocations: places, readableLocations: places, enableMultipleWriteLocations: false },
      ];
    }
    if (!url.pathname.includes('/docs')) return [200, { id: 'lookups' }];
    return url.hostname.includes(state.region) ? [404, {}] : [403, { message: 'No writes here.' }, 3];
  };
  const httpClient: HttpClient = {
    sendRequest: (request) => {
      const url = new URL(request.url);
      const { headers } = request;
      const way = headers.has('x-ms-cosmos-sdk-supportedcapabilities') ? 'sdk' : 'short';
      if (url.pathname.includes('/docs'))
        asked.push(`${way} ${request.method} ${url.href} ${headers.get('authorization')}`);
      const [status, body, substatus] = answer(url);
      return Promise.resolve({
        ...{ request, status, bodyAsText: JSON.stringify(body) },
        headers: createHttpHeaders(substatus === undefined ? {} : { 'x-ms-substatus': substatus }),
      });
    },
  };
  const credential = {
    getToken: (scopes: string | string[]) => {
      state.silent -= 1;
      if (state.silent >= 0) return Promise.reject(new CredentialUnavailableError('Nobody answers'));
      return String(scopes).startsWith(state.knows)
        ? Promise.resolve({ token: `for ${String(scopes)}`, expiresOnTimestamp: Date.now() + 3_600_000 })
        : Promise.reject(new Error('AADSTS500011: there is no such resource'));
    },
  };
  return { ...{ state, asked, httpClient, credential } };
}

const clock = movableClock();
const open: CosmosStores[] = [];
afterEach(() => {
  for (const stores of open.splice(0)) stores.dispose();
});

function opened({ httpClient, credential }: ReturnType<typeof account>, sdkAlone = false): CosmosStores {
  const stores = cosmosStores({
    ...{ endpoint: 'https://shop.documents.azure.com:443/', database: DATABASE },
    ...{ httpClient, credential, clock, sdkAlone, log: () => undefined },
  });
  open.push(stores);
  return stores;
}

const READ = 'GET https://shop-west.documents.azure.com/dbs/reconnect/colls/lookups/docs/ready';

test('an account opened by identity is asked where it takes writes, with a token, as the SDK does it', async () => {
  const there = account();
  expect(await opened(there).ready()).toBe(true);
  expect(await opened(there, true).ready()).toBe(true);
  const token = 'type=aad&ver=1.0&sig=for https://shop.documents.azure.com/.default';
  expect(there.asked).toEqual([`short ${READ} ${token}`, `sdk ${READ} ${token}`]);
});

test('a store that moved to another region is asked there, first by the SDK and then the short way', async () => {
  const there = account();
  const stores = opened(there);
  await stores.ready();
  there.state.region = 'east';
  there.asked.length = 0;
  expect(await stores.ready()).toBe(true);
  clock.advance(60_000);
  await stores.ready();
  const hosts = there.asked.map((one) =>
    one
      .split(' ')
      .slice(0, 3)
      .join(' ')
      .replace(/\.documents.*/u, ''),
  );
  expect(hosts).toEqual([
    ...['short GET https://shop-west', 'sdk GET https://shop-west'],
    ...['sdk GET https://shop-east', 'short GET https://shop-east'],
  ]);
});

test('an identity that knows the service, and not the account, is taken all the same', async () => {
  const there = account();
  there.state.knows = 'https://cosmos.azure.com';
  const stores = opened(there);
  expect(await stores.ready()).toBe(true);
  expect(there.asked).toEqual([`sdk ${READ} type=aad&ver=1.0&sig=for https://cosmos.azure.com/.default`]);
});

test('a store whose tokens are not to be had for a moment is waited for', async () => {
  const there = account();
  there.state.silent = 4;
  expect(await opened(there).ready()).toBe(true);
});
