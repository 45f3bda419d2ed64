import type { CosmosClientOptions } from '@azure/cosmos';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import { createHmac, createSecretKey } from 'node:crypto';
import type { Clock } from '../../clock.ts';

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;
type Credential = NonNullable<CosmosClientOptions['aadCredentials']>;

/** One request about a document, or about several of one partition. */
export interface Ask {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST';
  /** `dbs/{database}/colls/{container}`. */
  readonly collection: string;
  /** The document; left out, the request is about the container's documents. */
  readonly id?: string;
  /** Left out, it is about those of all partitions. */
  readonly partition?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The answer, whatever it is. */
export interface Said {
  readonly status: number;
  readonly substatus: number;
  readonly etag: string;
  /** What the store asks to wait, ms. */
  readonly retryAfterMs: number;
  /** Where the next page begins, when there is one. */
  readonly continuation: string | undefined;
  readonly body: unknown;
}

/** Nothing has left the house: where to ask, or by which right, could not be learned. */
export class NotSent extends Error {
  constructor(cause: unknown) {
    super('The request was not sent', { cause });
    this.name = 'NotSent';
  }
}

/** Sends one request, signed. Throws `NotSent`; and whatever the connection breaks with, or the reader of an answer that was cut. */
export type Sender = (ask: Ask) => Promise<Said>;

/** The protocol's version whose documents say how requests are made, and signed; the SDK's own. */
const VERSION = '2020-07-15';
/** For so long it goes where the store last took writes, ms. */
export const PLACE_MS = 60_000;

/** Makes one; `placeNow` tells the endpoint that takes writes, as the SDK knows it. */
export function sender(given: {
  readonly endpoint: string;
  readonly key?: string;
  readonly credential?: Credential;
  readonly httpClient?: HttpClient;
  readonly placeNow: () => Promise<string>;
  readonly clock: Clock;
}): Sender {
  const { clock, httpClient = createDefaultHttpClient(), placeNow } = given;
  const sign = given.key === undefined ? unsigned : signing(given.key, clock);
  const pipeline = pipelineOf(given.endpoint, given.credential);
  let place: { readonly at: string; readonly until: number } | undefined;
  const origin = async (): Promise<string> => {
    if (place !== undefined && clock.now() < place.until) return place.at;
    const at = (await placeNow().catch(notSent)).replace(/\/+$/u, '');
    place = { at, until: clock.now() + PLACE_MS };
    return at;
  };

  return async ({ method, collection, id, partition, body, headers = {}, signal }) => {
    const link = id === undefined ? collection : `${collection}/docs/${id}`;
    const at = await origin();
    const request = createPipelineRequest({
      url: `${at}/${id === undefined ? `${collection}/docs` : encodeURI(link)}`,
      method,
      headers: createHttpHeaders({
        ...{ accept: 'application/json', 'x-ms-version': VERSION },
        ...(method !== 'PATCH' && body !== undefined && { 'content-type': 'application/json' }),
        ...(partition !== undefined && {
          'x-ms-documentdb-partitionkey': ascii(JSON.stringify([partition])),
        }),
        ...headers,
        ...sign(method, link),
      }),
      allowInsecureConnection: at.startsWith('http:'),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { abortSignal: signal }),
    });
    const { status, headers: told, bodyAsText } = await pipeline.sendRequest(httpClient, request);
    return {
      status,
      substatus: Number(told.get('x-ms-substatus') ?? 0),
      etag: told.get('etag') ?? '',
      retryAfterMs: Number(told.get('x-ms-retry-after-ms') ?? 0),
      continuation: told.get('x-ms-continuation'),
      body: bodyAsText ? (JSON.parse(bodyAsText) as unknown) : undefined,
    };
  };
}

type Sign = (method: string, link: string) => Readonly<Record<string, string>>;

const unsigned: Sign = () => ({});

/** By the account's key. Source: the REST reference, *Access control in the Azure Cosmos DB SQL API*. */
function signing(key: string, clock: Clock): Sign {
  const secret = createSecretKey(Buffer.from(key, 'base64'));
  return (method, link) => {
    const date = new Date(clock.now()).toUTCString();
    const text = `${method.toLowerCase()}\ndocs\n${link}\n${date.toLowerCase()}\n\n`;
    const signature = createHmac('sha256', secret).update(text).digest('base64');
    return {
      'x-ms-date': date,
      authorization: encodeURIComponent(`type=master&ver=1.0&sig=${signature}`),
    };
  };
}

/** By the identity's token, which is kept, and renewed before it ends, as in the SDK. */
function pipelineOf(endpoint: string, credential: Credential | undefined): Pipeline {
  const pipeline = createEmptyPipeline();
  if (credential === undefined) return pipeline;
  const scopes = [`${new URL(endpoint).origin}/.default`];
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({
      ...{ credential, scopes },
      challengeCallbacks: {
        authorizeRequest: async ({ request, getAccessToken }) => {
          const token = (await getAccessToken(scopes, {}).catch(notSent))?.token ?? notSent('no token');
          request.headers.set('authorization', `type=aad&ver=1.0&sig=${token}`);
        },
      },
    }),
  );
  return pipeline;
}

function notSent(cause: unknown): never {
  throw new NotSent(cause);
}

/** Headers are ASCII. */
const ascii = (json: string): string =>
  json.replace(/[\u007F-\uFFFF]/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
