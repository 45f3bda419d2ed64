import type { Scalar } from './values.ts';

/** Property names and array positions below the document: `c.a.b[0]` → `["a", "b", 0]`; `[]` is the document. */
export type Path = readonly (string | number)[];

/** A value known before the query runs. */
export type Constant =
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'parameter'; readonly name: string };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type TypeTest = 'defined' | 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly all: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly path: Path; readonly by: Comparison; readonly to: Constant }
  | { readonly kind: 'in'; readonly path: Path; readonly list: readonly Constant[] }
  | { readonly kind: 'is'; readonly path: Path; readonly type: TypeTest }
  | { readonly kind: 'startsWith' | 'contains'; readonly path: Path; readonly text: Constant }
  | { readonly kind: 'arrayContains'; readonly path: Path; readonly item: Constant }
  | { readonly kind: 'listContains'; readonly list: Constant; readonly path: Path }
  | { readonly kind: 'truth'; readonly path: Path }
  | { readonly kind: 'constant'; readonly value: boolean };

export type Projection =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Projection])[] }
  | { readonly kind: 'array'; readonly items: readonly Projection[] }
  | { readonly kind: 'count' };

export interface Order {
  readonly path: Path;
  readonly descending: boolean;
}

export interface Query {
  /** What the query calls the document: `c` in `FROM c`. */
  readonly alias: string;
  /** `star` is `SELECT *`; `value` yields what it projects; `list` yields an object of named projections. */
  readonly select: { readonly kind: 'star' | 'value' | 'list'; readonly of: Projection };
  readonly where: Condition | undefined;
  readonly whereText: string | undefined;
  readonly orderBy: readonly Order[];
  readonly top: Constant | undefined;
  readonly window: { readonly offset: Constant; readonly limit: Constant } | undefined;
}

/** Whether the query yields one number counted over all its documents. */
export const isCount = (of: Projection): boolean =>
  of.kind === 'count' ||
  (of.kind === 'array' && of.items.some(isCount)) ||
  (of.kind === 'object' && of.fields.some(([, field]) => isCount(field)));
