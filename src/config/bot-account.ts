import { GUID, guid, type Judge, type Reader } from './environment.ts';

/** How the bot proves to Entra who it is. */
export type BotAccount = { readonly appId: string; readonly tenant: string } & (
  { readonly kind: 'SingleTenant'; readonly password: string } | { readonly kind: 'UserAssignedMSI' }
);

const APP_ID = 'Set it to the Microsoft App ID on the Azure Bot’s Configuration page.';
const TENANT = 'Set it to the App Tenant ID on the Azure Bot’s Configuration page.';
const KINDS = 'Set it to SingleTenant or UserAssignedMSI, as the Azure Bot’s Configuration page says.';
const PASSWORD = 'Set it to the value of a client secret of the bot’s app registration.';

/** Reads the framework's four settings of a bot. */
export function botAccount(from: Reader): BotAccount | undefined {
  const appId = from.needed(
    'MicrosoftAppId',
    `Without it anybody could pose as a channel. ${APP_ID}`,
    guid(APP_ID),
  );
  const tenant = from.needed('MicrosoftAppTenantId', TENANT, guid(TENANT));
  const kind = from.needed('MicrosoftAppType', KINDS, botKind);
  const password = passwordFor(from, kind);
  if (appId === undefined || tenant === undefined || kind === undefined) return undefined;
  if (kind === 'UserAssignedMSI') return { appId, tenant, kind };
  return password === undefined ? undefined : { appId, tenant, kind, password };
}

const botKind: Judge<BotAccount['kind']> = (value) => {
  switch (value.toLowerCase()) {
    case 'singletenant':
      return { read: 'SingleTenant' };
    case 'userassignedmsi':
      return { read: 'UserAssignedMSI' };
    case 'multitenant':
      return { what: 'is MultiTenant, a kind that Azure has retired', todo: KINDS };
    default:
      return { what: 'is no kind of bot', todo: KINDS };
  }
};

function passwordFor(from: Reader, kind: BotAccount['kind'] | undefined): string | undefined {
  if (kind === 'SingleTenant') return from.needed('MicrosoftAppPassword', PASSWORD, secretValue);
  if (kind === 'UserAssignedMSI' && from.isSet('MicrosoftAppPassword')) {
    from.fault(
      'MicrosoftAppPassword',
      'is set, but a managed identity has no password',
      'Remove it, or set MicrosoftAppType to SingleTenant.',
    );
  }
  return undefined;
}

const secretValue: Judge<string> = (value) =>
  GUID.test(value)
    ? {
        what: 'is the ID of a client secret, not its value',
        todo: 'The value is shown only once: make a new client secret and take the column “Value”.',
      }
    : { read: value };
