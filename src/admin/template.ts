/** `npm run template`: writes the settings into the ARM template. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeSettings } from '../settings/describe.ts';
import { armSettings } from './arm-settings.ts';

const file = new URL('../../deploymentTemplates/azuredeploy.json', import.meta.url);
const template = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, object>>;
const written = armSettings(describeSettings());
const merged = {
  ...template,
  definitions: written.definitions,
  parameters: { ...template['parameters'], ...written.parameters },
  variables: { ...template['variables'], ...written.variables },
};
writeFileSync(file, JSON.stringify(merged));
