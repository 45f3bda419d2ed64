import { badRequest, CosmosError, notImplemented } from './wire.ts';

/** The service's limits (concepts-limits.md of its documentation). */
export const limits = {
  documentBytes: 2 * 1024 * 1024,
  batchBytes: 2 * 1024 * 1024,
  responseBytes: 4 * 1024 * 1024,
  batchOperations: 100,
  patchOperations: 10,
  idBytes: 1023,
  partitionKeyBytes: 2048,
  nesting: 128,
} as const;

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses a body, or refuses it in the service's words. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CosmosError(400, `The request body is not valid JSON: ${String(cause)}`);
  }
}

/** Reads a document to be stored: its shape, its id and its size, all checked. System properties are dropped. */
export function readDocument(value: unknown): Json & { readonly id: string } {
  if (!isObject(value)) throw badRequest('The document must be a JSON object.');
  const { _rid, _self, _etag, _ts, _attachments, _lsn, ...document } = value;
  const id = checkId(document['id']);
  if (depth(document) > limits.nesting)
    throw badRequest(`The document is nested deeper than ${limits.nesting} levels.`);
  return { ...document, id };
}

export function checkId(id: unknown): string {
  if (typeof id !== 'string' || id === '')
    throw badRequest(
      'The input content is invalid because the required property, id, is missing or not a string.',
    );
  if (/[/\\?#]/.test(id))
    throw badRequest('The id contains an illegal character: /, \\, ? and # are not allowed.');
  if (Buffer.byteLength(id) > limits.idBytes)
    throw badRequest(`The id is longer than ${limits.idBytes} bytes.`);
  return id;
}

/** Refuses what is larger than the service stores. */
export function checkSize(body: string): void {
  if (Buffer.byteLength(body) > limits.documentBytes)
    throw new CosmosError(413, 'Request size is too large: a document may have 2 MB.');
}

/** The moment, in seconds, a document written at `ts` ends; `undefined` when it never does. */
export function expiryOf(document: Json, ts: number, defaultTtl: number | undefined): number | undefined {
  const own = document['ttl'];
  if (own !== undefined && (!Number.isInteger(own) || own === 0 || Number(own) < -1))
    throw badRequest(
      `The input ttl '${JSON.stringify(own)}' is invalid. Ensure to provide a nonzero positive integer or -1.`,
    );
  if (defaultTtl === undefined) return undefined;
  const seconds = own === undefined ? defaultTtl : Number(own);
  return seconds === -1 ? undefined : ts + seconds;
}

/**
 * Reads a partition key header into the text that names the partition: the JSON of the one value, `{}` when the
 * documents have none.
 */
export function readPartitionHeader(header: string): string {
  const value = parseJson(header);
  if (!Array.isArray(value) || value.length !== 1)
    throw notImplemented(`the partition key ${header}: it must be one value`);
  return partitionText(isObject(value[0]) && Object.keys(value[0]).length === 0 ? undefined : value[0]);
}

/** The partition a document belongs to, by the container's partition key path. */
export function partitionOf(document: Json, path: readonly string[]): string {
  let value: unknown = document;
  for (const segment of path) value = isObject(value) ? value[segment] : undefined;
  return partitionText(value);
}

function partitionText(value: unknown): string {
  if (value === undefined) return '{}';
  if (typeof value === 'object' && value !== null)
    throw badRequest('A partition key value must be a string, a number, a boolean or null.');
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) - 2 > limits.partitionKeyBytes)
    throw badRequest(`The partition key is longer than ${limits.partitionKeyBytes} bytes.`);
  return text;
}

function depth(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depth(inner));
  return deepest + 1;
}
