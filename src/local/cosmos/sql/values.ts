/** How Cosmos DB orders values of different types; `undefined` (no such property) comes first. */
export const rank = { undefined: 0, null: 1, boolean: 2, number: 3, string: 4, array: 5, object: 6 } as const;

/** A constant that can be compared with a property. */
export type Scalar = string | number | boolean | null;

/** The SQLite JSON path of a property: `["a", 0]` → `$."a"[0]`, as an SQL literal. */
export function jsonPath(segments: readonly (string | number)[]): string {
  const path = segments.map((one) => (typeof one === 'number' ? `[${one}]` : `."${one}"`)).join('');
  return `'$${path.replaceAll("'", "''")}'`;
}

/**
 * The SQL that ranks a property by type. json_extract alone would turn true into 1 and an object into a string, so
 * every comparison and every order goes by (rank, value).
 */
export const rankOf = (segments: readonly (string | number)[]): string =>
  `CASE json_type(body, ${jsonPath(segments)}) WHEN 'text' THEN 4 WHEN 'integer' THEN 3 WHEN 'real' THEN 3 ` +
  `WHEN 'true' THEN 2 WHEN 'false' THEN 2 WHEN 'null' THEN 1 WHEN 'array' THEN 5 WHEN 'object' THEN 6 ELSE 0 END`;

/** The SQL for a property's value, never NULL: NULL would be lost in the row comparisons that resume a page. */
export const valueOf = (segments: readonly (string | number)[]): string =>
  `ifnull(json_extract(body, ${jsonPath(segments)}), 0)`;

/** A scalar as it compares with {@link valueOf}. */
export const bound = (value: Scalar): string | number =>
  typeof value === 'string' || typeof value === 'number' ? value : Number(value);

export function rankOfScalar(value: Scalar): number {
  if (value === null) return rank.null;
  if (typeof value === 'string') return rank.string;
  return typeof value === 'number' ? rank.number : rank.boolean;
}
