import { isObject, limits, parseJson, readPartitionHeader } from './document.ts';
import { perform, readCharge, type ItemOperation, type Outcome, type Place } from './items.ts';
import { badRequest, CosmosError, notImplemented } from './wire.ts';

/** A batch's answer: 200 when all was done, 207 when nothing was; one result per operation either way. */
export interface BatchOutcome {
  readonly status: 200 | 207;
  readonly body: string;
  readonly charge: number;
}

/** Reads a batch body. Throws 400 for more than 100 operations and 413 for more than 2 MB. */
export function readBatch(body: string, partition: string): readonly ItemOperation[] {
  if (Buffer.byteLength(body) > limits.batchBytes)
    throw new CosmosError(413, 'Request size is too large: a batch may have 2 MB.');
  const operations = parseJson(body);
  if (!Array.isArray(operations) || operations.length === 0)
    throw badRequest('A batch is a list of one or more operations.');
  if (operations.length > limits.batchOperations)
    throw badRequest(`Batch request has more operations than what is supported: ${limits.batchOperations}.`);
  return operations.map((operation) => readOperation(operation, partition));
}

/** Carries out a batch as one transaction: the first refusal undoes all of it. */
export function performBatch(
  place: Place,
  operations: readonly ItemOperation[],
  withBodies: boolean,
): BatchOutcome {
  const outcomes: Outcome[] = [];
  try {
    place.storage.atomically(() => {
      for (const operation of operations) outcomes.push(perform(place, operation));
    });
  } catch (error) {
    if (!(error instanceof CosmosError)) throw error;
    const results = operations.map((_, i) =>
      i === outcomes.length ? failed(error) : { statusCode: 424, requestCharge: 0 },
    );
    return { status: 207, body: JSON.stringify(results), charge: readCharge(0) * operations.length };
  }
  const results = outcomes.map((one, i) => done(one, withBodies || operations[i]?.kind === 'read'));
  const charge = outcomes.reduce((sum, one) => sum + one.charge, 0);
  return { status: 200, body: `[${results.join()}]`, charge };
}

const failed = (error: CosmosError) => ({
  statusCode: error.status,
  subStatusCode: error.substatus,
  message: error.message,
  requestCharge: 1,
});

/** One result as JSON text: the stored body goes in as it is, unparsed. */
function done(outcome: Outcome, withBody: boolean): string {
  const head = JSON.stringify({
    statusCode: outcome.status,
    requestCharge: outcome.charge,
    eTag: outcome.etag,
  });
  return withBody && outcome.body !== '' ? `${head.slice(0, -1)},"resourceBody":${outcome.body}}` : head;
}

const known = new Set(['operationType', 'id', 'resourceBody', 'ifMatch', 'ifNoneMatch', 'partitionKey']);

function readOperation(operation: unknown, partition: string): ItemOperation {
  if (!isObject(operation)) throw badRequest('A batch operation is an object.');
  const foreign = Object.keys(operation).find((name) => !known.has(name));
  if (foreign !== undefined) throw notImplemented(`${foreign} in a batch operation`);
  const { operationType, id, resourceBody: document, ifMatch, ifNoneMatch, partitionKey } = operation;
  const own = textOrNone(partitionKey, 'partitionKey');
  if (own !== undefined && readPartitionHeader(own) !== partition)
    throw badRequest('All operations of a batch are in the partition of its header.');
  const match = textOrNone(ifMatch, 'ifMatch');
  const noneMatch = textOrNone(ifNoneMatch, 'ifNoneMatch');
  if (noneMatch !== undefined && operationType !== 'Read')
    throw notImplemented(`ifNoneMatch with ${String(operationType)}`);
  switch (operationType) {
    case 'Create':
      if (match !== undefined) throw notImplemented('ifMatch with Create');
      return { kind: 'create', document };
    case 'Upsert':
      return { kind: 'upsert', document, ifMatch: match };
    case 'Replace':
      return { kind: 'replace', id: idOf(id), document, ifMatch: match };
    case 'Patch':
      return { kind: 'patch', id: idOf(id), patch: document, ifMatch: match };
    case 'Delete':
      return { kind: 'delete', id: idOf(id), ifMatch: match };
    case 'Read':
      if (match !== undefined) throw notImplemented('ifMatch with Read');
      return { kind: 'read', id: idOf(id), ifNoneMatch: noneMatch };
    default:
      throw notImplemented(`the batch operation ${String(operationType)}`);
  }
}

function idOf(id: unknown): string {
  if (typeof id !== 'string' || id === '') throw badRequest('This batch operation needs an id.');
  return id;
}

function textOrNone(value: unknown, name: string): string | undefined {
  if (value !== undefined && typeof value !== 'string') throw badRequest(`${name} must be a string.`);
  return value;
}
