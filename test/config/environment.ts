/** Settings of a desk with one widget, as an admin would write them. */
export const SETTINGS = {
  company: 'Contoso',
  workStreams: { support: { autoCloseAfterInactivity: '20 min' } },
  widgets: {
    chat: { title: 'Support', workStream: 'support', portalUrl: 'https://www.contoso.com/support' },
  },
};

export const APP_ID = '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0001';
export const TENANT_ID = '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0002';

/** An environment in which production starts. */
export const RIGHT = {
  PORT: '8080',
  PUBLIC_URL: 'https://chat.contoso.com',
  COSMOS_ENDPOINT: 'https://contoso.documents.azure.com:443/',
  MicrosoftAppId: APP_ID,
  MicrosoftAppType: 'SingleTenant',
  MicrosoftAppTenantId: TENANT_ID,
  MicrosoftAppPassword: 'Zk~8Q~an-example-of-a-client-secret',
  AZURE_CLIENT_ID: '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0003',
  DIRECT_LINE_SECRET: 'an.example.of.a.direct.line.secret',
  RECONNECT_PEPPER: 'q7Xn2Vb9Lw4Kd8Tz1Rm6Yc3Hf5Jp0Gs-',
  BLOB_ACCOUNT_URL: 'https://contoso.blob.core.windows.net/',
  SETTINGS_JSON: JSON.stringify(SETTINGS),
} satisfies Readonly<Record<string, string>>;
