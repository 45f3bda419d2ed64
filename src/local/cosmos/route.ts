import type { Operation } from './faults.ts';
import { flag } from './headers.ts';
import { CosmosError, notImplemented, type WireRequest } from './wire.ts';

/** What a path names. */
export type Route =
  | { readonly kind: 'account' | 'databases' }
  | { readonly kind: 'database' | 'containers'; readonly database: string }
  | {
      readonly kind: 'container' | 'ranges' | 'documents';
      readonly database: string;
      readonly container: string;
    }
  | { readonly kind: 'document'; readonly database: string; readonly container: string; readonly id: string };

/** Reads a path. Throws 400 for resources this database has none of: stored procedures, offers, users and the like. */
export function routeOf(path: string): Route {
  const [dbs, database, colls, container, below, id, ...more] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  if (dbs === undefined) return { kind: 'account' };
  if (dbs !== 'dbs' || more.length > 0) throw unknown(path);
  if (database === undefined) return { kind: 'databases' };
  if (colls === undefined) return { kind: 'database', database };
  if (colls !== 'colls') throw unknown(path);
  if (container === undefined) return { kind: 'containers', database };
  if (below === undefined) return { kind: 'container', database, container };
  if (below === 'pkranges' && id === undefined) return { kind: 'ranges', database, container };
  if (below !== 'docs') throw unknown(path);
  return id === undefined
    ? { kind: 'documents', database, container }
    : { kind: 'document', database, container, id };
}

const unknown = (path: string): CosmosError => notImplemented(`the resource ${path}`);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new CosmosError(400, `The path has an escape that is none: ${part}`);
  }
}

/** What a request asks for. Throws 405 where the method means nothing. */
export function operationOf(route: Route, request: WireRequest): Operation {
  const { method } = request;
  if (route.kind === 'document') {
    const operation = ({ GET: 'read', PUT: 'replace', PATCH: 'patch', DELETE: 'delete' } as const)[method];
    if (operation !== undefined) return operation;
  }
  if (route.kind !== 'documents') return 'metadata';
  if (method === 'GET') return request.headers['a-im'] === undefined ? 'query' : 'feed';
  if (method !== 'POST') throw new CosmosError(405, `${method} means nothing for documents.`);
  if (flag(request, 'x-ms-cosmos-is-batch-request')) return 'batch';
  if (flag(request, 'x-ms-cosmos-is-query-plan-request')) return 'plan';
  if (flag(request, 'x-ms-documentdb-isquery')) return 'query';
  return flag(request, 'x-ms-documentdb-is-upsert') ? 'upsert' : 'create';
}
