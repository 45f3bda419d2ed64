import { isObject } from '../document.ts';
import type { Path, Projection, Query } from './syntax.ts';

/** Makes a document's JSON text into what the query selects of it; `undefined` when it selects nothing of this one. */
export function projector(query: Query): (body: string) => string | undefined {
  const { kind, of } = query.select;
  if (kind === 'star' || (of.kind === 'path' && of.path.length === 0 && kind === 'value'))
    return (body) => body;
  // A property that is absent makes JSON.stringify leave the field out, which is what the service does.
  return (body) => JSON.stringify(project(of, JSON.parse(body)));
}

/** A count's answer, in the shape the query asks for. */
export function projectCount(query: Query, count: number): string {
  const fill = (of: Projection): unknown => {
    if (of.kind === 'count') return count;
    if (of.kind === 'array') return of.items.map(fill);
    if (of.kind === 'object') return Object.fromEntries(of.fields.map(([name, one]) => [name, fill(one)]));
    return of.kind === 'literal' ? of.value : undefined;
  };
  return JSON.stringify(fill(query.select.of));
}

function project(of: Projection, document: unknown): unknown {
  switch (of.kind) {
    case 'path':
      return valueAt(document, of.path);
    case 'literal':
      return of.value;
    case 'array':
      return of.items.map((one) => project(one, document)).filter((one) => one !== undefined);
    case 'object':
      return Object.fromEntries(of.fields.map(([name, one]) => [name, project(one, document)]));
    case 'count':
      return undefined;
  }
}

/** The value of a property, or `undefined` where there is none. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const segment of path) {
    if (Array.isArray(value)) value = typeof segment === 'number' ? (value[segment] as unknown) : undefined;
    else value = isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
  }
  return value;
}
