/** `npm run customer -- export|erase ID`: of production, as it is configured, or with `--local` of the local house. */
import { readFileSync } from 'node:fs';
import { overrideFaults } from '../cards/overrides.ts';
import { customerCommand } from '../customer/command.ts';
import { openDeployed } from '../customer/deployed.ts';
import { readSettings } from '../settings/settings.ts';

await customerCommand(async ({ local, folder = '.data', store, settings: file }, log) => {
  if (!local) return openDeployed(log);
  const text = readFileSync(file ?? new URL('settings.json', import.meta.url), 'utf8');
  const settings = readSettings(JSON.parse(text), overrideFaults);
  const { openLocal } = await import('./customer-stores.ts');
  const { retention } = settings;
  const opened = await openLocal({ folder, retention, ...(store !== undefined && { store }) }, log);
  return { ...opened, settings };
});
