import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { APP_ID, RIGHT, SETTINGS, TENANT_ID } from './environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const nothingToRead = (path: string): string => {
  throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { syscall: 'open' });
};
const read = (changed: Environment = {}) => readConfig({ ...RIGHT, ...changed }, nothingToRead);
const settings = (widget: object, more: object = {}): Environment => ({
  SETTINGS_JSON: JSON.stringify({
    ...SETTINGS,
    widgets: { chat: { ...SETTINGS.widgets.chat, ...widget } },
    ...more,
  }),
});
const MSI = { MicrosoftAppType: 'UserAssignedMSI', MicrosoftAppPassword: undefined };

/** What an admin reads about an environment, line by line, without the first. */
function faultsOf(environment: Environment, readFile = nothingToRead): readonly string[] {
  try {
    readConfig(environment, readFile);
  } catch (reason) {
    if (!(reason instanceof ConfigError)) throw reason;
    return reason.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

const KEEP =
  'Set it to at least 32 random characters (openssl rand -base64 48), the same on every instance. Keep it: customers are recognised by it.';
const KINDS = 'Set it to SingleTenant or UserAssignedMSI, as the Azure Bot’s Configuration page says.';
const PUBLIC = 'Set it to the https address of this app, such as https://chat.example.com.';
const LOCAL =
  'is an address of this machine, which only a trial against the embedded store may use. Remove it.';

describe('an admin who starts production with a wrong configuration reads what is wrong and what to do', () => {
  const wrong: readonly (readonly [string, Environment, string])[] = [
    [
      'no app id',
      { MicrosoftAppId: '' },
      'MicrosoftAppId is not set. Without it anybody could pose as a channel. Set it to the Microsoft App ID on the Azure Bot’s Configuration page.',
    ],
    [
      'an app id that is a name',
      { MicrosoftAppId: 'contoso-bot' },
      'MicrosoftAppId is no ID (such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301). Set it to the Microsoft App ID on the Azure Bot’s Configuration page.',
    ],
    [
      'a multi-tenant bot',
      { MicrosoftAppType: 'MultiTenant' },
      `MicrosoftAppType is MultiTenant, a kind that Azure has retired. ${KINDS}`,
    ],
    ['no kind of bot', { MicrosoftAppType: undefined }, `MicrosoftAppType is not set. ${KINDS}`],
    [
      'a single-tenant bot without a password',
      { MicrosoftAppPassword: '' },
      'MicrosoftAppPassword is not set. Set it to the value of a client secret of the bot’s app registration.',
    ],
    [
      'the id of a client secret in place of its value',
      { MicrosoftAppPassword: APP_ID },
      'MicrosoftAppPassword is the ID of a client secret, not its value. The value is shown only once: make a new client secret and take the column “Value”.',
    ],
    [
      'a managed identity with a password',
      { MicrosoftAppType: 'UserAssignedMSI', TAB_AUDIENCE: `api://chat.contoso.com/${TENANT_ID}` },
      'MicrosoftAppPassword is set, but a managed identity has no password. Remove it, or set MicrosoftAppType to SingleTenant.',
    ],
    [
      'a managed identity and no registration for the tab',
      MSI,
      'TAB_AUDIENCE is not set. A managed identity cannot sign agents in. Set it to the Application ID URI of the tab’s app registration: api://chat.contoso.com/<its client ID>.',
    ],
    [
      'a tab registered for another host',
      { TAB_AUDIENCE: `api://old.contoso.com/${APP_ID}` },
      'TAB_AUDIENCE names old.contoso.com, but Teams signs in only for the host of PUBLIC_URL. Set it to the Application ID URI of the tab’s app registration: api://chat.contoso.com/<its client ID>.',
    ],
    [
      'a secret that the key vault did not give',
      { DIRECT_LINE_SECRET: '@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/dl/)' },
      'DIRECT_LINE_SECRET is still the reference to the key vault, not the secret. Give the app’s identity the role “Key Vault Secrets User” on the vault, check the secret’s name, and restart.',
    ],
    [
      'a public address over http',
      { PUBLIC_URL: 'http://chat.contoso.com' },
      `PUBLIC_URL is not https. ${PUBLIC}`,
    ],
    [
      'a public address with a path',
      { PUBLIC_URL: 'https://chat.contoso.com/chat' },
      'PUBLIC_URL is more than an origin. Set it to https://chat.contoso.com alone.',
    ],
    [
      'a public address that only this machine knows',
      { PUBLIC_URL: 'https://localhost' },
      `PUBLIC_URL names this machine, where no customer can reach it. ${PUBLIC}`,
    ],
    [
      'the key of a Cosmos DB account',
      { COSMOS_KEY: 'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEH==' },
      'COSMOS_KEY is set for an account in Azure. Remove it, and give the app’s identity the role “Cosmos DB Built-in Data Contributor” on the database.',
    ],
    [
      'a store over http',
      { COSMOS_ENDPOINT: 'http://contoso.documents.azure.com' },
      'COSMOS_ENDPOINT is not https. Set it to the URI of the Cosmos DB account, such as https://contoso.documents.azure.com.',
    ],
    [
      'a pepper that is too short',
      { RECONNECT_PEPPER: 'salt' },
      `RECONNECT_PEPPER has 4 characters, which is too few. ${KEEP}`,
    ],
    [
      'a pepper that anybody would try',
      { RECONNECT_PEPPER: 'abababababababababababababababababab' },
      `RECONNECT_PEPPER is easily guessed. ${KEEP}`,
    ],
    [
      'a pepper replaced by itself',
      { RECONNECT_PEPPER_PREVIOUS: RIGHT.RECONNECT_PEPPER },
      'RECONNECT_PEPPER_PREVIOUS is the same as RECONNECT_PEPPER. Set it to the pepper that is being replaced, or remove it.',
    ],
    [
      'channels that are answered at an address',
      { CHANNEL_HOSTS: 'bots.example.com, https://bots.example.com/api' },
      'CHANNEL_HOSTS is no list of hosts. Set it to hosts, separated by commas, such as bots.example.com or *.bots.example.com.',
    ],
    [
      'channels that are answered at everything below a top-level domain',
      { CHANNEL_HOSTS: '*.com' },
      'CHANNEL_HOSTS is no list of hosts. Set it to hosts, separated by commas, such as bots.example.com or *.bots.example.com.',
    ],
    [
      'channels that a server on this machine vouches for',
      { ToBotFromChannelOpenIdMetadataUrl: 'http://127.0.0.1:9000/openid' },
      `ToBotFromChannelOpenIdMetadataUrl ${LOCAL}`,
    ],
    [
      'agents whom a server on this machine vouches for',
      { AZURE_AUTHORITY_HOST: 'http://localhost:9000' },
      `AZURE_AUTHORITY_HOST ${LOCAL}`,
    ],
    [
      'the local Direct Line',
      { DIRECT_LINE_DOMAIN: 'http://127.0.0.1:3978/v3/directline' },
      `DIRECT_LINE_DOMAIN ${LOCAL}`,
    ],
    [
      'a blob account opened by a signature',
      { BLOB_ACCOUNT_URL: 'https://contoso.blob.core.windows.net/?sv=2024&sig=abc' },
      'BLOB_ACCOUNT_URL carries a shared access signature. Set it to the storage account’s blob endpoint, such as https://contoso.blob.core.windows.net. The app’s identity opens it.',
    ],
    [
      'files and nowhere to keep them',
      { BLOB_ACCOUNT_URL: undefined },
      'BLOB_ACCOUNT_URL is not set, but the widget “chat” takes files. Set it to a storage account’s blob endpoint, or set widgets.chat.files.enabled to false.',
    ],
    [
      'no settings',
      { SETTINGS_JSON: undefined },
      'SETTINGS_FILE is not set, nor is SETTINGS_JSON. Set exactly one of SETTINGS_FILE (the path of a file) and SETTINGS_JSON (its text).',
    ],
    [
      'a settings file that is not there',
      { SETTINGS_FILE: '/home/site/settings.json', SETTINGS_JSON: undefined },
      'SETTINGS_FILE names /home/site/settings.json, which cannot be read. Check the path and its permissions.',
    ],
    [
      'a portal over http',
      settings({ portalUrl: 'http://localhost:3978/' }),
      'SETTINGS_JSON widgets.chat.portalUrl: is not https (http://localhost:3978/). Only a local house may use http.',
    ],
    [
      'a hold longer than the time limit',
      settings({ previousAgentWindow: '1 h' }),
      "SETTINGS_JSON widgets.chat.previousAgentWindow: must not be longer than the reconnect time limit, which is the work stream's autoCloseAfterInactivity (20 min). Correct the settings.",
    ],
    [
      'certificates that are not checked',
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      'NODE_TLS_REJECT_UNAUTHORIZED turns off the check of every certificate. Remove it; NODE_EXTRA_CA_CERTS adds a certificate authority of your own.',
    ],
    [
      'a presence that is neither on nor off',
      { TEAMS_PRESENCE: 'yes' },
      'TEAMS_PRESENCE is neither on nor off. Set it to on or off.',
    ],
    [
      'a connection string that is a key',
      { APPLICATIONINSIGHTS_CONNECTION_STRING: '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0009' },
      'APPLICATIONINSIGHTS_CONNECTION_STRING is no connection string. Copy the connection string from the Overview of Application Insights.',
    ],
    [
      'a share of the traces in percent',
      { TELEMETRY_SHARE: '10%' },
      'TELEMETRY_SHARE is no number from 0 to 1. Set it to the share of the traces to be kept, such as 0.1.',
    ],
  ];

  test.each(wrong)('%s', (_, changed, line) => {
    expect(faultsOf({ ...RIGHT, ...changed })).toEqual([line]);
  });

  test('who starts it with nothing is told of everything at once', () => {
    const named = faultsOf({}).map((line) => line.split(' ')[0]);
    expect(named).toEqual([
      'PUBLIC_URL',
      'MicrosoftAppId',
      'MicrosoftAppTenantId',
      'MicrosoftAppType',
      'COSMOS_ENDPOINT',
      'DIRECT_LINE_SECRET',
      'RECONNECT_PEPPER',
      'SETTINGS_FILE',
    ]);
  });

  test('whoever keeps the settings in a file is told the lines, of a setting that is given twice too', () => {
    const file = (text: string) =>
      faultsOf({ ...RIGHT, SETTINGS_JSON: undefined, SETTINGS_FILE: 'desk.json' }, () => text);
    const text = JSON.stringify(JSON.parse(RIGHT.SETTINGS_JSON), undefined, 2);
    expect(file(text.replace('"title"', '"titel"'))).toEqual(
      ['titel', 'title'].map(
        (name) => expect.stringMatching(`widgets\\.chat\\.${name}, line \\d+: `) as string,
      ),
    );
    expect(file(text.replace('"company"', '"sites": [],\n  "sites": [],\n  "company"'))).toEqual([
      'SETTINGS_FILE is no clean JSON, line 3: "sites" is given twice here; only the last would count. Correct the settings.',
    ]);
    expect(file('{ "company": ')).toEqual([
      expect.stringMatching(/^SETTINGS_FILE is no clean JSON, line 1: /u),
    ]);
  });

  test('no secret is repeated in what is said', () => {
    const secrets = {
      MicrosoftAppPassword: APP_ID,
      RECONNECT_PEPPER: 'short-pepper',
      COSMOS_KEY: 'a-key',
      DIRECT_LINE_SECRET: 'a b',
    };
    const said = faultsOf({ ...RIGHT, ...secrets }).join('\n');
    expect(said.split('\n')).toHaveLength(4);
    for (const secret of Object.values(secrets)) expect(said).not.toContain(secret);
  });
});

describe('a right configuration', () => {
  test('is read whole, and frozen', () => {
    const config = read();
    expect(config).toMatchObject({
      port: 8080,
      publicUrl: 'https://chat.contoso.com',
      store: { endpoint: 'https://contoso.documents.azure.com:443', database: 'reconnect' },
      bot: { kind: 'SingleTenant', appId: APP_ID, tenant: TENANT_ID },
      channels: {},
      tab: {
        issuer: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
        audience: `api://chat.contoso.com/${APP_ID}`,
      },
      directLine: { domain: 'https://directline.botframework.com/v3/directline' },
      teamsAppId: APP_ID,
      teamsPresence: false,
      telemetryShare: 0.1,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('may be a trial on this machine, against the embedded store only', () => {
    const trial = {
      ...{ COSMOS_ENDPOINT: 'http://127.0.0.1:8081', COSMOS_KEY: 'embedded' },
      AZURE_AUTHORITY_HOST: 'http://127.0.0.1:9000',
      BotOpenIdMetadata: 'http://127.0.0.1:9000/openid',
    };
    expect(read(trial).channels).toMatchObject({
      ToBotFromChannelOpenIdMetadataUrl: 'http://127.0.0.1:9000/openid',
      ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
    });
  });

  test('takes its settings from a file', () => {
    const changed = { ...RIGHT, SETTINGS_JSON: undefined, SETTINGS_FILE: 'desk.json' };
    const { settings: found } = readConfig(changed, (path) =>
      path === 'desk.json' ? RIGHT.SETTINGS_JSON : '',
    );
    expect(found.company).toBe('Contoso');
  });
});
