import { isExpression, readExpression, type Expression } from './expression.ts';
import { bool, FUNCTIONS, list, table, text } from './functions.ts';
import { checked, type Schema } from './parameters.ts';

/** A template as it stands in its file. */
export interface Template {
  readonly languageVersion: string;
  readonly definitions: Readonly<Record<string, Schema>>;
  readonly parameters: Readonly<Record<string, Schema>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
}
export interface Resource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly scope?: string;
  readonly condition?: string;
  readonly dependsOn?: readonly string[];
  readonly properties?: unknown;
}

/** What a deployment would ask Azure for. */
export interface Deployed {
  readonly resources: Readonly<
    Record<string, Resource & { readonly properties: Readonly<Record<string, unknown>> }>
  >;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What Azure gives back of a resource that is there. */
export type Given = Readonly<Record<string, unknown>>;

const SUBSCRIPTION = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
export const TENANT = '3f2504e0-4f89-41d3-9a0c-0305e82c3302';
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/desk`;

/**
 * Evaluates a template as the service does, as far as our template goes: parameters are checked against their types,
 * only what is asked for is evaluated, `if` takes one branch.
 *
 * @throws Error saying what the deployment would fail with.
 */
export function deploy(template: Template, given: Given, azure: Readonly<Record<string, Given>>): Deployed {
  const parameters = new Map<string, unknown>();
  const variables = new Map<string, unknown>();
  type Scope = { readonly lambda: Given; readonly early: boolean };

  const value = (one: unknown, scope: Scope): unknown => {
    if (typeof one === 'string')
      return isExpression(one) ? run(readExpression(one), scope) : one.replace(/^\[\[/u, '[');
    if (Array.isArray(one)) return one.map((part) => value(part, scope));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([key, part]) => [text(value(key, scope)), value(part, scope)]),
    );
  };
  const run = (read: Expression, scope: Scope): unknown => {
    switch (read.kind) {
      case 'value':
        return read.value;
      case 'of': {
        const [whole, part] = [run(read.whole, scope), run(read.part, scope)];
        const has = typeof whole === 'object' && whole !== null && Object.hasOwn(whole, String(part));
        if (!has) throw new Error(`There is no ${String(part)} in ${JSON.stringify(whole)}`);
        return Reflect.get(whole, String(part));
      }
      case 'call':
        return call(read.name, read.args, scope);
    }
  };
  const named = (
    kind: string,
    all: Readonly<Record<string, unknown>>,
    memory: Map<string, unknown>,
    name: string,
    make: () => unknown,
  ): unknown => {
    if (!Object.hasOwn(all, name)) throw new Error(`There is no ${kind} ${name}`);
    if (!memory.has(name)) memory.set(name, make());
    return memory.get(name);
  };
  const call = (name: string, args: readonly Expression[], scope: Scope): unknown => {
    const arg = (i: number): unknown => run(args[i] ?? { kind: 'value', value: '' }, scope);
    /** The lambda that stands at `i`, as a function. */
    const lambda = (i: number): ((one: unknown) => unknown) => {
      const at = args[i];
      const [variable, body] = at?.kind === 'call' && at.name === 'lambda' ? at.args : [];
      if (variable?.kind !== 'value' || body === undefined) throw new Error(`${name} wants a lambda`);
      return (one) => run(body, { early: true, lambda: { ...scope.lambda, [String(variable.value)]: one } });
    };
    const late = (): void => {
      if (scope.early) throw new Error(`${name} is not known yet where it is asked for`);
    };
    switch (name) {
      case 'if':
        return bool(arg(0)) ? arg(1) : arg(2);
      case 'fail':
        throw new Error(text(arg(0)));
      case 'parameters':
        return named('parameter', template.parameters, parameters, text(arg(0)), () =>
          parameter(text(arg(0))),
        );
      case 'variables': {
        const of = text(arg(0));
        return named('variable', template.variables, variables, of, () =>
          value(template.variables[of], { lambda: {}, early: true }),
        );
      }
      case 'lambdaVariables':
        return table(scope.lambda)[text(arg(0))];
      case 'map':
        return list(arg(0)).map(lambda(1));
      case 'filter':
        return list(arg(0)).filter((one) => bool(lambda(1)(one)));
      case 'toObject':
        return Object.fromEntries(
          list(arg(0)).map((one) => [text(lambda(1)(one)), args.length > 2 ? lambda(2)(one) : one]),
        );
      case 'reference': {
        late();
        const found = azure[text(arg(0))];
        if (found === undefined || template.resources[text(arg(0))] === undefined)
          throw new Error(`There is no resource ${text(arg(0))}`);
        return found;
      }
      case 'listChannelWithKeys':
        late();
        return azure[text(arg(0)).split('/').at(-1) ?? ''];
      case 'resourceGroup':
        return { id: GROUP, name: 'desk', location: 'westeurope' };
      case 'subscription':
        return { subscriptionId: SUBSCRIPTION, tenantId: TENANT };
      case 'resourceId':
      case 'subscriptionResourceId': {
        const [type = '', ...names] = args.map((_, i) => text(arg(i)));
        const [space = '', ...types] = type.split('/');
        if (types.length !== names.length) throw new Error(`${type} has not ${names.length} names`);
        const root = name === 'resourceId' ? GROUP : `/subscriptions/${SUBSCRIPTION}`;
        return `${root}/providers/${[space, ...types.flatMap((one, i) => [one, names[i] ?? ''])].join('/')}`;
      }
      default: {
        const known = FUNCTIONS[name];
        if (known === undefined) throw new Error(`There is no function ${name}`);
        return known(...args.map((_, i) => arg(i)));
      }
    }
  };
  const parameter = (name: string): unknown => {
    const schema = template.parameters[name] ?? {};
    const usual = (): unknown =>
      'defaultValue' in schema ? value(schema.defaultValue, { lambda: {}, early: true }) : undefined;
    return checked(name, given[name] ?? usual(), schema, template.definitions);
  };

  const now: Scope = { lambda: {}, early: false };
  for (const name of Object.keys(given))
    if (!Object.hasOwn(template.parameters, name)) throw new Error(`There is no parameter ${name}`);
  for (const name of Object.keys(template.parameters))
    call('parameters', [{ kind: 'value', value: name }], now);
  const asked = Object.entries(template.resources).filter(
    ([, { condition }]) => condition === undefined || bool(value(condition, now)),
  );
  return {
    resources: Object.fromEntries(
      asked.map(([key, resource]) => {
        const { dependsOn = [], ...rest } = resource;
        const read = table(value(rest, now));
        return [key, { ...rest, ...read, dependsOn, properties: table(read['properties'] ?? {}) }];
      }),
    ),
    outputs: Object.fromEntries(
      Object.entries(template.outputs).map(([key, output]) => [key, value(output.value, now)]),
    ),
  };
}
