import { expect, test } from 'vitest';
import { callsIn, isExpression } from './expression.ts';
import { deployed, EXAMPLE, LEAST, PEPPER, TEMPLATE } from './template.ts';

const { parameters, variables, resources, outputs } = TEMPLATE;
const called = (name: string, ...within: readonly unknown[]): readonly string[] =>
  within
    .flatMap((one) => callsIn(one))
    .filter((call) => call.name === name)
    .map(({ args }) => (args[0]?.kind === 'value' ? String(args[0].value) : '?'));
const sorted = (all: Iterable<string>): readonly string[] => [...new Set(all)].sort();
const SECRET = Object.entries(parameters)
  .filter(([, { type }]) => type === 'securestring')
  .map(([name]) => name);

test('row 87: every parameter is used and every used one declared, and so are the variables', () => {
  const everything = [parameters, variables, resources, outputs];
  expect(sorted(called('parameters', ...everything))).toEqual(sorted(Object.keys(parameters)));
  expect(sorted(called('variables', ...everything))).toEqual(sorted(Object.keys(variables)));
});

test('row 87: every parameter says what it is for', () => {
  for (const [name, { metadata }] of Object.entries(parameters))
    expect([name, metadata?.description]).toEqual([name, expect.stringMatching(/^.{10,}\.$/su)]);
});

test('row 87, T38: secrets are secure, and go into the vault and nowhere else', () => {
  expect(SECRET).toEqual(['botPassword', 'pepper', 'previousPepper']);
  const named = Object.keys(parameters).filter((name) => /password|pepper|secret/iu.test(name));
  expect(named).toEqual(SECRET);
  // The default is nothing, never a value.
  for (const name of SECRET) expect(parameters[name]?.defaultValue).toBe('');
  const vaulted = JSON.stringify(
    Object.values(resources).filter(({ type }) => type.endsWith('/vaults/secrets')),
  );
  for (const name of SECRET) expect(vaulted).toContain(`"value":"[parameters('${name}')]"`);

  const all = deployed({
    ...LEAST,
    botType: 'SingleTenant',
    botPassword: 'p4ss-w0rd',
    previousPepper: `${PEPPER}2`,
  });
  const beside = Object.values(all.resources).filter(({ type }) => !type.endsWith('/vaults/secrets'));
  for (const secret of [PEPPER, 'p4ss-w0rd', 'an.example.of.a.direct.line.secret'])
    expect(JSON.stringify([beside, all.outputs])).not.toContain(secret);
});

test('row 87, T38: keys are listed once, for the vault, and never in what is put out', () => {
  const listing = (within: unknown) => callsIn(within).filter(({ name }) => /^list/iu.test(name));
  expect(listing([outputs, variables, parameters])).toEqual([]);
  expect(Object.entries(resources).filter(([, one]) => listing(one).length > 0)).toEqual([
    ['directLineSecret', resources['directLineSecret']],
  ]);
});

/** What keys and passwords look like: long, of capitals, small letters and digits, or said to be one. */
const LIKE_A_SECRET =
  /(?=[\w~+/=.]*\d)(?=[\w~+/=.]*[a-z])(?=[\w~+/=.]*[A-Z])[\w~+/=]{20,}|AccountKey=|SharedAccess|[?&]sig=|-----BEGIN/u;

test('row 87, T38: no literal in it is a secret', () => {
  const literals: string[] = [];
  const visit = (one: unknown): void => {
    if (typeof one === 'string' && !isExpression(one)) literals.push(one);
    else if (typeof one === 'object' && one !== null) Object.values(one).forEach(visit);
  };
  visit({ parameters, variables, resources, outputs, definitions: TEMPLATE.definitions });
  expect(literals.length).toBeGreaterThan(300);
  expect(literals.filter((text) => LIKE_A_SECRET.test(text))).toEqual([]);
  // As a client secret and an account's key are written.
  for (const planted of ['aB38Q~9kQe2Zr7Tn4Lw6Yc1Hf5Jp0GsX', 'Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg0=='])
    expect(planted).toMatch(LIKE_A_SECRET);
});

test('row 87: a second run changes nothing: nothing in it is new each time', () => {
  const fleeting = callsIn(TEMPLATE).filter(({ name }) => /^(?:newGuid|utcNow|deployment)$/u.test(name));
  expect(fleeting).toEqual([]);
  expect(deployed(EXAMPLE)).toEqual(deployed(EXAMPLE));
});

test('row 87: a later run without the secrets leaves those of the vault alone', () => {
  const { pepper: _, ...later } = LEAST;
  const [first, second] = [deployed(LEAST), deployed(later)];
  const { pepper, ...others } = first.resources;
  expect(pepper?.type).toBe('Microsoft.KeyVault/vaults/secrets');
  expect(second.resources).toEqual(others);
});

/** How long names may be, and what of. Source: Azure docs, naming rules and restrictions. */
const NAMES: Readonly<Record<string, RegExp>> = {
  'Microsoft.ManagedIdentity/userAssignedIdentities': /^[a-z0-9][\w-]{2,127}$/iu,
  'Microsoft.OperationalInsights/workspaces': /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/iu,
  'Microsoft.Insights/components': /^[\w.()-]{1,259}[\w()-]$/u,
  'Microsoft.DocumentDB/databaseAccounts': /^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$/u,
  'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/u,
  'Microsoft.KeyVault/vaults': /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){2,23}$/iu,
  'Microsoft.Web/serverfarms': /^[a-z0-9-]{1,60}$/iu,
  'Microsoft.Web/sites': /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/iu,
  'Microsoft.BotService/botServices': /^[a-z0-9][a-z0-9_.-]{1,41}$/iu,
  'Microsoft.Insights/autoscalesettings': /^[^<>%&#.,?/]{1,260}$/u,
};

test.each(['abc', 'reconnect', 'a234567890123456'])(
  'row 87: with “%s” every name is one, and there once',
  (name) => {
    const made = Object.values(deployed({ ...EXAMPLE, name }).resources);
    const ids = made.map((one) => `${one.scope ?? ''}|${one.type}|${one.name}`.toLowerCase());
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, name: own } of made) {
      if (NAMES[type] !== undefined) expect(own).toMatch(NAMES[type]);
      // One name for each part of the type.
      else
        expect(own.split('/')).toHaveLength(
          type.startsWith('Microsoft.Authorization') || type.endsWith('diagnosticSettings')
            ? 1
            : type.split('/').length - 1,
        );
    }
  },
);

/** Versions of the providers' interfaces that exist. Source: Azure docs, template reference. */
const VERSIONS: Readonly<Record<string, string>> = {
  'Microsoft.ManagedIdentity': '2024-11-30',
  'Microsoft.OperationalInsights': '2025-07-01',
  'Microsoft.Insights/components': '2020-02-02',
  'Microsoft.Insights/autoscalesettings': '2022-10-01',
  'Microsoft.Insights/workbooks': '2023-06-01',
  'Microsoft.Insights/diagnosticSettings': '2021-05-01-preview',
  'Microsoft.DocumentDB': '2025-10-15',
  'Microsoft.Storage': '2025-06-01',
  'Microsoft.Authorization': '2022-04-01',
  'Microsoft.KeyVault': '2025-05-01',
  'Microsoft.Web': '2024-11-01',
  'Microsoft.BotService': '2022-09-15',
};

test('row 87: every resource is asked for by a version that exists, one for each provider', () => {
  for (const { type, apiVersion } of Object.values(resources))
    expect([type, VERSIONS[type] ?? VERSIONS[type.split('/')[0] ?? '']]).toEqual([type, apiVersion]);
});

test('row 87: what a resource waits for is there, and nothing waits for itself', () => {
  const waits = (name: string, seen: readonly string[] = []): void => {
    expect(seen).not.toContain(name);
    for (const next of resources[name]?.dependsOn ?? []) {
      expect(Object.keys(resources)).toContain(next);
      waits(next, [...seen, name]);
    }
  };
  for (const name of Object.keys(resources)) waits(name);
  // What it asks of another resource, it waits for.
  for (const [name, { dependsOn, ...resource }] of Object.entries(resources))
    for (const asked of called('reference', resource))
      expect([name, dependsOn]).toEqual([name, expect.arrayContaining([asked])]);
});

test('row 87: everything is told to the logs, except what customers write and addresses that let somebody in', () => {
  const told = Object.values(deployed().resources).filter(({ type }) => type.endsWith('diagnosticSettings'));
  expect(told.map(({ scope }) => scope?.split('/providers/')[1]?.split('/').slice(0, 2).join('/'))).toEqual([
    'Microsoft.DocumentDB/databaseAccounts',
    'Microsoft.KeyVault/vaults',
    'Microsoft.Web/sites',
    'Microsoft.Storage/storageAccounts',
    'Microsoft.BotService/botServices',
  ]);
  // Requests by their address hold links to files; data-plane logs of the store hold customers' ids.
  expect(JSON.stringify(told)).not.toMatch(
    /AppServiceHTTPLogs|DataPlaneRequests|PartitionKey|StorageRead|allLogs/u,
  );
});

test('row 87, T38: traffic is encrypted, files and passwords have no back door', () => {
  const made = deployed().resources;
  expect(made['app']?.properties).toMatchObject({
    httpsOnly: true,
    clientAffinityEnabled: false,
    siteConfig: {
      linuxFxVersion: 'NODE|24-lts',
      alwaysOn: true,
      ftpsState: 'Disabled',
      minTlsVersion: '1.2',
      scmMinTlsVersion: '1.2',
      healthCheckPath: '/ready',
    },
  });
  expect(made['storage']?.properties).toMatchObject({
    supportsHttpsTrafficOnly: true,
    minimumTlsVersion: 'TLS1_2',
  });
  expect(made['cosmos']?.properties).toMatchObject({ minimalTlsVersion: 'Tls12' });
  expect(made['vault']?.properties).toMatchObject({
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
  });
  // A customer who is erased is gone from the files at once.
  expect(made['blobs']?.properties).toMatchObject({ deleteRetentionPolicy: { enabled: false } });
});

test('row 87: two instances run by default, and more under load', () => {
  const { plan, autoscale } = deployed().resources;
  expect(Reflect.get(plan ?? {}, 'sku')).toEqual({ name: 'P0v3', capacity: 2 });
  expect(autoscale?.properties).toMatchObject({
    profiles: [{ capacity: { minimum: '2', maximum: '5', default: '2' } }],
  });
});

test('row 87, T39: rights are as few as can be, by names that stay', () => {
  const made = Object.values(deployed().resources);
  const roles = made.filter(({ type }) => /roleAssignments$/iu.test(type));
  const ends = roles.map((one) => {
    const { roleDefinitionId, scope } = one.properties;
    return [String(roleDefinitionId).split('/').at(-1), (one.scope ?? String(scope)).split('/').at(-2)];
  });
  expect(ends).toEqual([
    // Cosmos DB Built-in Data Contributor, Storage Blob Data Contributor, Key Vault Secrets User.
    ['00000000-0000-0000-0000-000000000002', 'dbs'],
    ['ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'containers'],
    ['4633458b-17de-408a-b874-0445c86b69e6', 'vaults'],
  ]);
  for (const { name } of roles) expect(name).toMatch(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u);
});
