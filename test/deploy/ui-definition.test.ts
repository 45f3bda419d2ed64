import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { callsIn, readExpression, type Expression } from './expression.ts';
import { FUNCTIONS, table, text } from './functions.ts';
import { APP_ID, deployed, failureOf, PEPPER, settingsOf, TEMPLATE } from './template.ts';

interface Element {
  readonly name: string;
  readonly type: string;
  readonly defaultValue?: unknown;
  readonly min?: number;
  readonly max?: number;
  readonly toolTip?: string;
  readonly visible?: unknown;
  readonly constraints?: {
    readonly allowedValues?: readonly { readonly label: string; readonly value: unknown }[];
    readonly validations?: readonly {
      readonly regex?: string;
      readonly isValid?: string;
      readonly message: string;
    }[];
    readonly regex?: string;
  };
}
const { parameters: UI } = JSON.parse(
  readFileSync(new URL('../../deploymentTemplates/createUiDefinition.json', import.meta.url), 'utf8'),
) as {
  readonly parameters: {
    readonly basics: readonly Element[];
    readonly steps: readonly { readonly name: string; readonly elements: readonly Element[] }[];
    readonly outputs: Readonly<Record<string, string>>;
  };
};
const SCREENS = [{ name: 'basics', elements: UI.basics }, ...UI.steps];

type Filled = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Evaluates as the portal does. Source: Azure docs, CreateUiDefinition functions. */
function run(read: Expression, filled: Filled): unknown {
  if (read.kind === 'value') return read.value;
  if (read.kind === 'of') return table(run(read.whole, filled))[text(run(read.part, filled))] ?? null;
  const args = read.args.map((one) => run(one, filled));
  switch (read.name) {
    case 'basics':
      return filled['basics']?.[text(args[0])];
    case 'steps':
      return filled[text(args[0])];
    case 'location':
      return 'westeurope';
    case 'int':
      return Number(args[0]);
    case 'if':
      return args[0] === true ? args[1] : args[2];
    case 'lessOrEquals':
      return Number(args[0]) <= Number(args[1]);
    case 'greaterOrEquals':
      return Number(args[0]) >= Number(args[1]);
    default: {
      const known = FUNCTIONS[read.name];
      if (known === undefined) throw new Error(`The portal has no ${read.name}`);
      return known(...args);
    }
  }
}
const valueOf = (one: unknown, filled: Filled): unknown =>
  typeof one === 'string' && one.startsWith('[') ? run(readExpression(one), filled) : one;

/** The screens as an admin leaves them who types only what must be typed. */
function filled(typed: Filled): Filled {
  const all: Record<string, Record<string, unknown>> = {};
  for (const { name, elements } of SCREENS) {
    all[name] = {};
    for (const { name: own, defaultValue, constraints } of elements) {
      const chosen = constraints?.allowedValues?.find(({ label }) => label === defaultValue)?.value;
      all[name][own] = typed[name]?.[own] ?? chosen ?? valueOf(defaultValue, all) ?? null;
    }
  }
  return all;
}
const TYPED: Filled = {
  identity: { appId: APP_ID, pepper: PEPPER },
  chat: { company: 'Contoso', portalUrl: 'https://www.contoso.com/support' },
};
const outputs = (typed: Filled) =>
  Object.fromEntries(Object.entries(UI.outputs).map(([name, one]) => [name, valueOf(one, filled(typed))]));
/** What the portal says of one field. */
const complaints = (screen: string, name: string, value: string): readonly string[] => {
  const all = filled({ ...TYPED, [screen]: { ...TYPED[screen], [name]: value } });
  const element = SCREENS.find((one) => one.name === screen)?.elements.find((one) => one.name === name);
  return (element?.constraints?.validations ?? [])
    .filter(({ regex, isValid }) =>
      regex === undefined ? valueOf(isValid, all) !== true : !new RegExp(regex, 'u').test(value),
    )
    .map(({ message }) => message);
};

test('row 87: an admin who clicks through the portal gets a desk', () => {
  const given = outputs(TYPED);
  expect(JSON.parse(settingsOf(deployed(given))['SETTINGS_JSON'] ?? '')).toEqual({
    company: 'Contoso',
    workStreams: { support: { autoCloseAfterInactivity: '20 min' } },
    widgets: {
      support: {
        title: 'Support',
        workStream: 'support',
        preset: 'recommended',
        previousAgentWindow: '10 min',
        portalUrl: 'https://www.contoso.com/support',
      },
    },
  });
});

test('row 87: with the second design’s preset the agent is kept as long as the customer may come back', () => {
  const given = outputs({ ...TYPED, chat: { ...TYPED['chat'], preset: 'seedB', autoClose: '45' } });
  expect(given).toMatchObject({ widgetPreset: 'seedB', widgetPreviousAgentWindowMinutes: 45 });
  expect(() => deployed(given)).not.toThrow();
});

test('row 87: everything the portal asks for is a parameter, and asks for all that must be given', () => {
  const needed = Object.entries(TEMPLATE.parameters).filter(
    ([, schema]) => !('defaultValue' in schema) && schema.nullable !== true,
  );
  expect(Object.keys(TEMPLATE.parameters)).toEqual(expect.arrayContaining(Object.keys(UI.outputs)));
  expect(Object.keys(UI.outputs)).toEqual(expect.arrayContaining(needed.map(([name]) => name)));
  expect(Object.keys(UI.outputs)).toContain('pepper');
});

test('row 87: what it asks is used, and what it uses is asked', () => {
  const asked = SCREENS.flatMap(({ name, elements }) => elements.map((one) => `${name}.${one.name}`));
  const used = [...JSON.stringify(UI.outputs).matchAll(/steps\('(\w+)'\)\.(\w+)|basics\('(\w+)'\)/gu)].map(
    ([, step, name, basic]) => (basic === undefined ? `${step ?? ''}.${name ?? ''}` : `basics.${basic}`),
  );
  expect([...used].sort()).toEqual([...asked].sort());
  expect(callsIn(SCREENS).map(({ name }) => name)).toContain('lessOrEquals');
});

test('row 87: its choices and bounds are the template’s, and it says what the template says', () => {
  for (const [parameter, output] of Object.entries(UI.outputs)) {
    const [, step = '', name = ''] = /steps\('(\w+)'\)\.(\w+)/u.exec(output) ?? [];
    const element = UI.steps.find((one) => one.name === step)?.elements.find((one) => one.name === name);
    const schema = TEMPLATE.parameters[parameter];
    if (element === undefined) continue;
    expect([parameter, element.toolTip]).toEqual([parameter, schema?.metadata?.description]);
    const choices = element.constraints?.allowedValues?.map(({ value }) => value);
    if (choices !== undefined) expect(choices).toEqual(schema?.allowedValues);
    if (element.type.endsWith('Slider')) {
      expect([element.min, element.max]).toEqual([schema?.minValue, schema?.maxValue]);
      expect(element.defaultValue).toBe(schema?.defaultValue);
    }
    if (schema?.type === 'securestring') expect(element.type).toBe('Microsoft.Common.PasswordBox');
  }
});

test.each([
  ['basics', 'name', 'Reconnect', '3 to 16 of a-z'],
  ['identity', 'appId', 'contoso', 'An ID such as'],
  ['chat', 'portalUrl', 'http://www.contoso.com', 'An https address'],
  ['chat', 'autoClose', '4', '5 to 4320 minutes'],
  ['chat', 'autoClose', '4321', '5 to 4320 minutes'],
  ['chat', 'window', '21', 'previousAgentWindow must not be longer than the reconnect time limit'],
])('row 87: on %s, %s may not be “%s”', (screen, name, value, said) => {
  expect(complaints(screen, name, value).join()).toContain(said);
});

test('row 87: the portal refuses a long window in the words of the template', () => {
  const [said = ''] = complaints('chat', 'window', '21');
  expect(failureOf({ widgetPreviousAgentWindowMinutes: 21 })).toContain(
    said.replace('previousAgentWindow ', '').slice(0, -1),
  );
  expect(complaints('chat', 'window', '20')).toEqual([]);
});

test('row 87: only a bot with a secret is asked for it', () => {
  const password = UI.steps[0]?.elements.find(({ name }) => name === 'botPassword');
  const shown = (botType: string) =>
    valueOf(password?.visible, filled({ ...TYPED, identity: { ...TYPED['identity'], botType } }));
  expect([shown('SingleTenant'), shown('UserAssignedMSI')]).toEqual([true, false]);
});
