/** `npm run template`: writes the settings into the ARM template, and what it says of them into the portal's screens. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeSettings } from '../settings/describe.ts';
import { armSettings } from './arm-settings.ts';
import { withToolTips, type UiDefinition } from './ui-definition.ts';

const folder = new URL('../../deploymentTemplates/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const write = (name: string, json: unknown): void =>
  writeFileSync(new URL(name, folder), JSON.stringify(json));

const template = read('azuredeploy.json') as Readonly<Record<string, object>>;
const { definitions, parameters, variables } = armSettings(describeSettings());
const merged = {
  ...template,
  definitions,
  parameters: { ...template['parameters'], ...parameters },
  variables: { ...template['variables'], ...variables },
};
write('azuredeploy.json', merged);
write(
  'createUiDefinition.json',
  withToolTips(read('createUiDefinition.json') as UiDefinition, merged.parameters),
);
