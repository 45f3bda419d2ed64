import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deploy, type Deployed, type Given, type Template } from './arm.ts';
import { list, table, text } from './functions.ts';

const read = (name: string): unknown =>
  JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../deploymentTemplates/${name}`, import.meta.url)), 'utf8'),
  );

export const TEMPLATE = read('azuredeploy.json') as Template;

/** The values of the example that comes with the template. */
export const EXAMPLE: Given = Object.fromEntries(
  Object.entries(table(table(read('azuredeploy.parameters.example.json'))['parameters'])).map(
    ([key, one]) => [key, table(one)['value']],
  ),
);

export const APP_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3310';
export const BOT_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3311';
export const PEPPER = 'q7Xn2Vb9Lw4Kd8Tz1Rm6Yc3Hf5Jp0Gs-';
export const DIRECT_LINE = 'an.example.of.a.direct.line.secret';

/** The least that a first deployment needs. */
export const LEAST: Given = {
  appId: APP_ID,
  pepper: PEPPER,
  company: 'Contoso',
  widgetTitle: 'Support',
  widgetPortalUrl: 'https://www.contoso.com/support',
};

const AZURE = {
  identity: { clientId: BOT_ID, principalId: '3f2504e0-4f89-41d3-9a0c-0305e82c3312' },
  cosmos: { documentEndpoint: 'https://contoso.documents.azure.com:443/' },
  storage: { primaryEndpoints: { blob: 'https://contoso.blob.core.windows.net/' } },
  insights: {
    ConnectionString: 'InstrumentationKey=3f2504e0-4f89-41d3-9a0c-0305e82c3313;IngestionEndpoint=https://x/',
  },
  DirectLineChannel: {
    setting: {
      sites: [
        { siteName: 'Another', key: 'no' },
        { siteName: 'Default Site', key: DIRECT_LINE, key2: `${DIRECT_LINE}2` },
      ],
    },
  },
};

/** What Azure would be asked for. */
export const deployed = (given: Given = LEAST): Deployed => deploy(TEMPLATE, given, AZURE);

/** What the deployment fails with. */
export function failureOf(given: Given): string {
  try {
    deployed({ ...LEAST, ...given });
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason);
  }
  return '';
}

/** The app's settings, as they stand in Azure. */
export function settingsOf({ resources }: Deployed): Readonly<Record<string, string>> {
  const { appSettings } = table(table(resources['app']?.properties)['siteConfig']);
  return Object.fromEntries(
    list(appSettings).map((one) => [text(table(one)['name']), text(table(one)['value'])]),
  );
}

const REFERENCE = /^@Microsoft\.KeyVault\(VaultName=([^;]+);SecretName=([^)]+)\)$/u;

/** The app's environment: its settings, with the secrets that the vault has from this deployment. */
export function environmentOf(all: Deployed): Readonly<Record<string, string>> {
  const secrets = new Map(
    Object.values(all.resources)
      .filter(({ type }) => type === 'Microsoft.KeyVault/vaults/secrets')
      .map(({ name, properties }) => [name, text(properties['value'])]),
  );
  return Object.fromEntries(
    Object.entries(settingsOf(all)).map(([name, value]) => {
      const [, vault, secret] = REFERENCE.exec(value) ?? [];
      return [name, vault === undefined ? value : (secrets.get(`${vault}/${secret ?? ''}`) ?? value)];
    }),
  );
}
