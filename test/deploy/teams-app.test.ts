import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { OPTIONS, readIds } from '../../src/manifest/ids.ts';
import { teamsApp } from '../../src/manifest/teams-app.ts';
import type { Given } from './arm.ts';
import { deployed, environmentOf, LEAST } from './template.ts';

const folder = fileURLToPath(new URL('../../manifest', import.meta.url));

/** The Teams app that the deployment's own command packs. */
function packedBy(command: string) {
  const args = command.replace('npm run manifest -- ', '').split(' ');
  const ids = readIds(parseArgs({ args, options: OPTIONS }).values, '1.0.0');
  if ('faults' in ids) throw new Error(ids.faults.join());
  const app = teamsApp(folder, ids);
  if ('faults' in app) throw new Error(app.faults.join());
  return app.manifest;
}

test.each<[string, Given]>([
  ['a managed identity', {}],
  ['an app registration', { botType: 'SingleTenant', botPassword: 'Zk~8Q~a-client-secret' }],
  [
    'a host and a Teams app id of its own',
    { publicHost: 'chat.contoso.com', teamsAppId: '3f2504e0-4f89-41d3-9a0c-0305e82c3399' },
  ],
])('row 87: with %s the Teams app that is packed is the one that the app expects', (_, given) => {
  const all = deployed({ ...LEAST, ...given });
  const environment = environmentOf(all);
  const host = new URL(environment['PUBLIC_URL'] ?? '').host;
  expect(packedBy(String(all.outputs['manifestCommand']))).toMatchObject({
    id: environment['TEAMS_APP_ID'],
    bots: [{ botId: environment['MicrosoftAppId'] }],
    webApplicationInfo: { id: LEAST['appId'], resource: environment['TAB_AUDIENCE'] },
    validDomains: [host],
    staticTabs: [{ contentUrl: `https://${host}/inbox/` }, {}, {}],
  });
  expect(all.outputs['applicationIdUri']).toBe(environment['TAB_AUDIENCE']);
});
