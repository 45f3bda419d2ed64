import { readFileSync } from 'node:fs';
import type { Log } from '../handoff/ports.ts';
import { readConfig } from '../config.ts';
import type { Opened } from './opened.ts';

/** Opens what the environment's configuration names; whoever has it wrong hears so before an SDK is loaded. */
export async function openDeployed(log: Log): Promise<Opened> {
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  const { openProduction } = await import('./opened.ts');
  return openProduction(config, log);
}
