/** A parameter's or a definition's type. Source: Azure docs, parameters and definitions in ARM templates. */
export interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly nullable?: boolean;
  readonly defaultValue?: unknown;
  readonly allowedValues?: readonly unknown[];
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly metadata?: { readonly description?: string };
}

/** A value that fits its type; `null` where it may be left out. @throws Error naming the parameter and what it breaks */
export function checked(
  name: string,
  value: unknown,
  schema: Schema,
  definitions: Readonly<Record<string, Schema>>,
): unknown {
  const { type, $ref, nullable = false } = schema;
  if ($ref !== undefined)
    return checked(name, value, definitions[$ref.replace('#/definitions/', '')] ?? {}, definitions);
  const no = (why: string): never => {
    throw new Error(`${name}: ${why}`);
  };
  if (value === undefined || value === null) return nullable ? null : no('is missing');
  if (typeOf(value) !== type?.replace('secure', '').replace('String', 'string'))
    no(`is no ${type ?? 'type'}`);
  if (schema.allowedValues?.includes(value) === false)
    no(`must be one of ${schema.allowedValues.join(', ')}`);
  const { minValue, maxValue, minLength, maxLength } = schema;
  if (typeof value === 'number' && (value < (minValue ?? -Infinity) || value > (maxValue ?? Infinity)))
    no(`must be ${minValue ?? ''} to ${maxValue ?? ''}`);
  const length = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
  if (length !== undefined && (length < (minLength ?? 0) || length > (maxLength ?? Infinity)))
    no(`must have ${minLength ?? 0} to ${maxLength ?? ''}`);
  const { properties = {}, additionalProperties } = schema;
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const given = Object.fromEntries(Object.entries(value));
  for (const key of Object.keys(given)) {
    const part = properties[key] ?? additionalProperties;
    if (part === false) no(`has no ${key}`);
    else if (part !== undefined) checked(`${name}.${key}`, given[key], part, definitions);
  }
  for (const [key, part] of Object.entries(properties))
    checked(`${name}.${key}`, given[key], part, definitions);
  return value;
}

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : typeof value;
};
