/**
 * `npm run template`: writes the settings and the workbook into the ARM template, and what it says of parameters into
 * the portal's screens.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeSettings } from '../settings/describe.ts';
import { armSettings } from './arm-settings.ts';
import { withToolTips, type UiDefinition } from './ui-definition.ts';

interface Template {
  readonly parameters: object;
  readonly variables: object;
  readonly resources: { readonly workbook: { readonly properties: object } };
}

const folder = new URL('../../deploymentTemplates/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const write = (name: string, json: unknown): void =>
  writeFileSync(new URL(name, folder), JSON.stringify(json));

const template = read('azuredeploy.json') as Template;
const settings = armSettings(describeSettings());
const { workbook } = template.resources;
const serializedData = JSON.stringify(read('workbook.json'));
const written = {
  ...template,
  definitions: settings.definitions,
  parameters: { ...template.parameters, ...settings.parameters },
  variables: { ...template.variables, ...settings.variables },
  resources: {
    ...template.resources,
    workbook: { ...workbook, properties: { ...workbook.properties, serializedData } },
  },
};
write('azuredeploy.json', written);
write(
  'createUiDefinition.json',
  withToolTips(read('createUiDefinition.json') as UiDefinition, written.parameters),
);
