import { checkSize, expiryOf, partitionOf, readDocument, type Json } from './document.ts';
import { never, type Row, type Table } from './table.ts';
import { applyPatch } from './patch.ts';
import type { Storage } from './storage.ts';
import { CosmosError } from './wire.ts';

/** What may be done to one document, alone or in a batch. */
export type ItemOperation =
  | { readonly kind: 'create'; readonly document: unknown }
  | { readonly kind: 'upsert'; readonly document: unknown; readonly ifMatch: string | undefined }
  | { readonly kind: 'read'; readonly id: string; readonly ifNoneMatch: string | undefined }
  | {
      readonly kind: 'replace';
      readonly id: string;
      readonly document: unknown;
      readonly ifMatch: string | undefined;
    }
  | {
      readonly kind: 'patch';
      readonly id: string;
      readonly patch: unknown;
      readonly ifMatch: string | undefined;
    }
  | { readonly kind: 'delete'; readonly id: string; readonly ifMatch: string | undefined };

/** What came of it: `body` is the document, empty after a delete and for a 304. */
export interface Outcome {
  readonly status: number;
  readonly body: string;
  readonly etag: string | undefined;
  readonly charge: number;
}

/** Where an operation happens: a partition of a container, at a moment in seconds. */
export interface Place {
  readonly storage: Storage;
  readonly table: Table;
  readonly database: string;
  readonly partition: string;
  readonly now: number;
}

/** Carries out one operation, whole or not at all. Throws the refusals: 400, 404, 409, 412, 413. */
export function perform(place: Place, operation: ItemOperation): Outcome {
  if (operation.kind === 'read') return read(place, operation.id, operation.ifNoneMatch);
  return place.storage.atomically(() => write(place, operation));
}

function read(place: Place, id: string, ifNoneMatch: string | undefined): Outcome {
  const row = existing(place, id);
  const unchanged = ifNoneMatch === row.etag || ifNoneMatch === '*';
  return {
    status: unchanged ? 304 : 200,
    body: unchanged ? '' : row.body,
    etag: row.etag,
    charge: readCharge(row.body.length),
  };
}

function write(place: Place, operation: Exclude<ItemOperation, { kind: 'read' }>): Outcome {
  switch (operation.kind) {
    case 'create': {
      const document = documentOf(place, operation.document);
      if (find(place, document.id) !== undefined)
        throw new CosmosError(409, 'Entity with the specified id already exists in the system.');
      return insert(place, document);
    }
    case 'upsert': {
      const document = documentOf(place, operation.document);
      const row = find(place, document.id);
      // On a missing document the service ignores If-Match and creates it; callers that must not, use replace.
      if (row === undefined) return insert(place, document);
      checkMatch(row, operation.ifMatch);
      return update(place, row, document);
    }
    case 'replace': {
      const document = documentOf(place, operation.document);
      if (document.id !== operation.id)
        throw new CosmosError(400, 'The id of a document cannot be changed by a replace.');
      const row = existing(place, operation.id);
      checkMatch(row, operation.ifMatch);
      return update(place, row, document);
    }
    case 'patch': {
      const row = existing(place, operation.id);
      checkMatch(row, operation.ifMatch);
      return update(place, row, documentOf(place, applyPatch(place, row, operation.patch)));
    }
    case 'delete': {
      const row = existing(place, operation.id);
      checkMatch(row, operation.ifMatch);
      place.table.remove(row);
      return { status: 204, body: '', etag: undefined, charge: writeCharge(row.body.length) };
    }
  }
}

const find = (place: Place, id: string): Row | undefined => place.table.get(place.partition, id, place.now);

function existing(place: Place, id: string): Row {
  const row = find(place, id);
  if (row === undefined)
    throw new CosmosError(404, 'Entity with the specified id does not exist in the system.');
  return row;
}

function checkMatch(row: Row, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== row.etag)
    throw new CosmosError(
      412,
      'Operation cannot be performed because one of the specified precondition is not met.',
    );
}

function documentOf(place: Place, given: unknown): Json & { readonly id: string } {
  const document = readDocument(given);
  if (partitionOf(document, place.table.partitionPath) !== place.partition)
    throw new CosmosError(
      400,
      "PartitionKey extracted from document doesn't match the one specified in the header",
      { substatus: 1001 },
    );
  return document;
}

function insert(place: Place, document: Json & { readonly id: string }): Outcome {
  const row = rowOf(place, place.table.lsn() + 1, document);
  place.table.insert(row);
  // Every so often, because a purge at each write would cost more than the write.
  if (row.lsn % 64 === 0) place.table.purge(place.now);
  return { status: 201, body: row.body, etag: row.etag, charge: writeCharge(row.body.length) };
}

function update(place: Place, before: Row, document: Json & { readonly id: string }): Outcome {
  const row = rowOf(place, before.rid, document);
  place.table.update(row);
  return { status: 200, body: row.body, etag: row.etag, charge: writeCharge(row.body.length) };
}

function rowOf(place: Place, rid: number, document: Json & { readonly id: string }): Row {
  const { table, now, partition } = place;
  const lsn = table.lsn() + 1;
  const etag = `"${hex(lsn, 8)}-${hex(table.number, 4)}-0000-0000-${hex(now, 12)}"`;
  const collection = containerRid(table);
  const ridText = ridOf(table.number, rid);
  const body = JSON.stringify({
    ...document,
    _rid: ridText,
    _self: `dbs/${databaseRid}/colls/${collection}/docs/${ridText}/`,
    _etag: etag,
    _attachments: 'attachments/',
    _ts: now,
  });
  checkSize(body);
  const expires = expiryOf(document, now, table.definition.defaultTtl) ?? never;
  return { rid, partition, id: document.id, etag, lsn, body, ts: now, expires };
}

const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, '0').slice(-digits);

export const databaseRid = Buffer.from([0x52, 0x63, 0, 0]).toString('base64');

/** The resource id of a container: eight bytes, the database's four first, in the base64 that has no slash. */
export const containerRid = (table: Table): string => {
  const bytes = Buffer.alloc(8);
  bytes.set([0x52, 0x63, 0, 0, 0x80]);
  bytes.writeUInt16BE(table.number, 6);
  return bytes.toString('base64').replaceAll('/', '-');
};

function ridOf(container: number, rid: number): string {
  const bytes = Buffer.alloc(16);
  bytes.set([0x52, 0x63, 0, 0, 0x80]);
  bytes.writeUInt16BE(container, 6);
  bytes.writeBigUInt64BE(BigInt(rid), 8);
  return bytes.toString('base64').replaceAll('/', '-');
}

/** Request units of a point read: 1 for 1 KB, 10 for 100 KB (key-value-store-cost.md). An estimate in between. */
export const readCharge = (size: number): number => rounded(1 + Math.max(0, size / 1024 - 1) / 11);

/** Request units of a write: 5 for 1 KB, 50 for 100 KB. */
export const writeCharge = (size: number): number => rounded(5 * (1 + Math.max(0, size / 1024 - 1) / 11));

const rounded = (units: number): number => Math.round(units * 100) / 100;
