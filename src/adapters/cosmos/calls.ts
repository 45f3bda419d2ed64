import type { JSONObject, OperationInput, PatchOperation, SqlQuerySpec } from '@azure/cosmos';
import { answered, BatchRefused, refusalOf, type Answer, type Refusal } from './answers.ts';
import type { Persist } from './retry.ts';
import type { Wire } from './wire.ts';

/** A document as written: JSON. */
export type Document = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * One step of a batch. `over: undefined` creates, an etag replaces what still has it, or makes `changes` to it, 9 at most;
 * `blind` is never refused.
 */
export type Write =
  | { readonly document: Document; readonly over: string | undefined }
  | { readonly id: string; readonly changes: readonly PatchOperation[]; readonly over: string }
  | { readonly document: Document; readonly blind: true };

/** A query and where to run it; without a partition it asks all of them. */
export interface Question {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly partition?: string;
  /** At most so many documents; all when absent. */
  readonly limit?: number;
  /** A continuation given by an earlier page. */
  readonly from?: string;
}

/** What a batch came to; `refused` names the first step that was. */
export type Batched =
  | { readonly done: true; readonly etagOf: (id: string) => string }
  | { readonly done: false; readonly refused: string; readonly why: Refusal };

/** Stands for the etag of a document of ours that somebody has written over since: it matches nothing. */
const SUPERSEDED = '"superseded"';
const PAGE = 1000;

/** All ways in which this house talks to one container. Each call has its deadline and is safe to repeat. */
export interface Calls {
  readonly read: (
    partition: string,
    id: string,
  ) => Promise<{ readonly resource: unknown; readonly etag: string } | undefined>;
  /** The etag, or `false` when it exists. */
  readonly create: (partition: string, document: Document) => Promise<string | false>;
  /** The etag, or `false` when it is no longer what was read, or gone. */
  readonly replace: (partition: string, document: Document, over: string) => Promise<string | false>;
  /** Patches under an etag, or while a condition (`from c where …`) holds. */
  readonly patch: (
    partition: string,
    id: string,
    set: Readonly<Record<string, unknown>>,
    guard: { readonly over: string } | { readonly when: string },
  ) => Promise<{ readonly status: 'ok'; readonly etag: string } | { readonly status: Refusal }>;
  /** Blind; for documents that nobody guards. */
  readonly upsert: (document: Document) => Promise<void>;
  /** Sets the same on all of these, at most 100, or on none when one is gone; whether it did. */
  readonly patchAll: (
    partition: string,
    ids: readonly string[],
    set: Readonly<Record<string, unknown>>,
  ) => Promise<boolean>;
  /** Deletes all of these, or none when one is gone already; whether it did. */
  readonly drop: (partition: string, ids: readonly string[]) => Promise<boolean>;
  /** Deletes while a condition holds; whether it did. */
  readonly remove: (partition: string, id: string, when: string) => Promise<boolean>;
  /**
   * Adds one to a number; the document it makes, `undefined` when there is none. An attempt that ends in doubt is made
   * again, so one call may count twice: for rates, where too many is safe, and never for what must be exact.
   */
  readonly increment: (partition: string, id: string, path: string) => Promise<unknown>;
  /**
   * All or nothing. `marked` are the ids of those that bear our mark, the first alone when not given. The first of them
   * nobody writes again: it tells that an attempt that ended in doubt has landed, whatever has happened since. Of the
   * others the caller wants to know the etag.
   */
  readonly batch: (
    partition: string,
    writes: readonly Write[],
    marked?: readonly string[],
  ) => Promise<Batched>;
  readonly select: (
    question: Question,
  ) => Promise<{ readonly found: readonly unknown[]; readonly next?: string }>;
}

/**
 * Wraps a container. Every guarded write carries a fresh `write` mark: when an attempt ends in doubt and the next one is
 * refused, the mark in the store tells whether the refusal is our own echo.
 *
 * @param unique makes a mark
 */
export function callsTo(container: Wire, persist: Persist, unique: () => string): Calls {
  const name = container.id;
  const point = async (partition: string, id: string, abortSignal: AbortSignal): Promise<Answer> =>
    answered(container.item(id, partition).read({ abortSignal }));

  /** Repeats a conditional write; a refusal after doubt is looked into. */
  const guarded = (
    what: string,
    partition: string,
    id: string,
    write: string,
    send: (abortSignal: AbortSignal) => Promise<Answer>,
  ): Promise<{ readonly status: 'ok'; readonly etag: string } | { readonly status: Refusal }> =>
    persist(`${name}.${what}`, async (signal, doubtful) => {
      const said = await send(signal);
      if (said.status === 'ok' || said.status === 'missing' || !doubtful) return said;
      const there = await point(partition, id, signal);
      return there.status === 'ok' && markOf(there.resource) === write ? there : said;
    });

  return {
    read: (partition, id) =>
      persist(`${name}.read`, async (signal) => {
        const said = await point(partition, id, signal);
        return said.status === 'ok' ? said : undefined;
      }),
    create: async (partition, document) => {
      const write = unique();
      const said = await guarded('create', partition, document.id, write, (abortSignal) =>
        answered(container.items.create({ ...document, write }, { abortSignal })),
      );
      return said.status === 'ok' && said.etag;
    },
    replace: async (partition, document, over) => {
      const write = unique();
      const said = await guarded('replace', partition, document.id, write, (abortSignal) =>
        answered(
          container
            .item(document.id, partition)
            .replace(
              { ...document, write },
              { abortSignal, accessCondition: { type: 'IfMatch', condition: over } },
            ),
        ),
      );
      return said.status === 'ok' && said.etag;
    },
    patch: (partition, id, set, guard) => {
      const write = unique();
      const operations = setting({ ...set, '/write': write });
      return guarded('patch', partition, id, write, (abortSignal) => {
        const item = container.item(id, partition);
        return 'over' in guard
          ? answered(
              item.patch(operations, {
                abortSignal,
                accessCondition: { type: 'IfMatch', condition: guard.over },
              }),
            )
          : answered(item.patch({ condition: guard.when, operations }, { abortSignal }));
      });
    },
    upsert: (document) =>
      persist(`${name}.upsert`, async (abortSignal) => {
        await container.items.upsert({ ...document }, { abortSignal });
      }),
    patchAll: (partition, ids, set) =>
      persist(`${name}.patchAll`, async (signal) => {
        const resourceBody = { operations: setting(set) };
        const patches = ids.map((id): OperationInput => ({ operationType: 'Patch', id, resourceBody }));
        return (await sendBatch(container, partition, signal, patches)).refused === undefined;
      }),
    drop: (partition, ids) =>
      persist(`${name}.drop`, async (signal) => {
        const deletes = ids.map((id): OperationInput => ({ operationType: 'Delete', id }));
        return (await sendBatch(container, partition, signal, deletes)).refused === undefined;
      }),
    remove: (partition, id, when) =>
      persist(`${name}.remove`, async (signal) => {
        // The patch is the guard: a delete can be conditional on an etag only, which would cost a read.
        const said = await sendBatch(container, partition, signal, [
          {
            operationType: 'Patch',
            id,
            resourceBody: { condition: when, operations: setting({ '/going': true }) },
          },
          { operationType: 'Delete', id },
        ]);
        return said.refused === undefined;
      }),
    increment: (partition, id, path) =>
      persist(`${name}.increment`, async (abortSignal) => {
        const said = await answered(
          container.item(id, partition).patch([{ op: 'incr', path, value: 1 }], { abortSignal }),
        );
        return said.status === 'ok' ? said.resource : undefined;
      }),
    batch: (partition, writes, marked = writes.slice(0, 1).map(idOf)) => {
      const write = unique();
      const operations = writes.map((one) => operationOf(one, marked.includes(idOf(one)) ? { write } : {}));
      return persist(`${name}.batch`, async (signal, doubtful) => {
        const said = await sendBatch(container, partition, signal, operations);
        if (said.refused === undefined) {
          const etags = new Map(writes.map((one, i) => [idOf(one), said.etags[i] ?? SUPERSEDED]));
          return { done: true, etagOf: (id) => etags.get(id) ?? SUPERSEDED };
        }
        const landed = doubtful
          ? await etagsIfLanded(marked, write, (id) => point(partition, id, signal))
          : undefined;
        if (landed !== undefined) return { done: true, etagOf: (id) => landed.get(id) ?? SUPERSEDED };
        return { done: false, refused: writes.map(idOf)[said.refused.at] ?? '', why: said.refused.why };
      });
    },
    select: (question) => persist(`${name}.select`, (signal) => select(container, question, signal)),
  };
}

/** The mark of the write that made a document what it is. */
function markOf(resource: unknown): unknown {
  return typeof resource === 'object' && resource !== null && 'write' in resource
    ? resource.write
    : undefined;
}

const setting = (values: Readonly<Record<string, unknown>>): PatchOperation[] =>
  Object.entries(values).map(([path, value]) => ({ op: 'set', path, value }));

const idOf = (one: Write): string => ('document' in one ? one.document.id : one.id);

function operationOf(one: Write, mark: { readonly write?: string }): OperationInput {
  if ('changes' in one) {
    const operations = [...one.changes, ...setting(mark.write === undefined ? {} : { '/write': mark.write })];
    return { operationType: 'Patch', id: one.id, resourceBody: { operations }, ifMatch: one.over };
  }
  const { document } = one;
  // Documents are JSON by construction; the SDK's type for it has no readonly.
  const resourceBody = { ...document, ...mark } as unknown as JSONObject;
  if ('blind' in one) return { operationType: 'Upsert', resourceBody };
  return one.over === undefined
    ? { operationType: 'Create', resourceBody }
    : { operationType: 'Replace', id: document.id, resourceBody, ifMatch: one.over };
}

/** `undefined`: it has not landed. Whoever wrote one of the others since has taken their mark away. */
async function etagsIfLanded(
  [witness, ...others]: readonly string[],
  write: string,
  read: (id: string) => Promise<Answer>,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (witness === undefined) return undefined;
  const etags = new Map<string, string>();
  for (const id of new Set([witness, ...others])) {
    const there = await read(id);
    if (there.status === 'ok' && markOf(there.resource) === write) etags.set(id, there.etag);
    else if (id === witness) return undefined;
  }
  return etags;
}

interface Sent {
  readonly etags: readonly (string | undefined)[];
  readonly refused?: { readonly at: number; readonly why: Refusal };
}

/** `items.batch` resolves with 207 when nothing was written: every status is checked, the one that is not 424 is the reason. */
async function sendBatch(
  container: Wire,
  partition: string,
  abortSignal: AbortSignal,
  operations: readonly OperationInput[],
): Promise<Sent> {
  // The documents themselves would only come back as they were sent.
  const options = { abortSignal, contentResponseOnWriteEnabled: false };
  const { result = [] } = await container.items.batch([...operations], partition, options);
  const at = result.findIndex((one) => one.statusCode >= 400 && one.statusCode !== 424);
  const status = result[at]?.statusCode;
  if (status !== undefined) {
    const why = refusalOf(status);
    if (why === undefined) throw new BatchRefused(status);
    return { etags: [], refused: { at, why } };
  }
  // Fewer results than steps, or steps that failed for none of their own: whether it landed is open.
  const isWhole = result.length === operations.length && result.every(({ statusCode }) => statusCode < 400);
  if (!isWhole) throw new BatchRefused(500);
  return { etags: result.map((one) => one.eTag) };
}

async function select(
  container: Wire,
  { query, parameters, partition, limit, from }: Question,
  abortSignal: AbortSignal,
): Promise<{ readonly found: readonly unknown[]; readonly next?: string }> {
  const spec: SqlQuerySpec = {
    query,
    parameters: Object.entries(parameters).map(([name, value]) => ({ name: `@${name}`, value })),
  };
  const found: unknown[] = [];
  let next = from;
  // A page may be short, or empty, and still not the last.
  do {
    const page = await container.items
      .query<unknown>(spec, {
        abortSignal,
        maxItemCount: limit === undefined ? PAGE : limit - found.length,
        ...(partition !== undefined && { partitionKey: partition }),
        ...(next !== undefined && { continuationToken: next }),
      })
      .fetchNext();
    found.push(...page.resources);
    // The SDK's type promises a text here; without more pages it is undefined.
    next = page.continuationToken || undefined;
  } while (next !== undefined && (limit === undefined || found.length < limit));
  return next === undefined ? { found } : { found, next };
}
