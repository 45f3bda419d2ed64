import { botAccount, type BotAccount } from './config/bot-account.ts';
import { channelSettings, hostList, type ChannelSettings } from './config/channels.ts';
import {
  endpoint,
  guid,
  isLoopback,
  matching,
  reader,
  taken,
  type ConfigFault,
  type Judge,
} from './config/environment.ts';
import { peppersOf, type Peppers } from './config/peppers.ts';
import {
  blobAccount,
  directLine,
  noTrialParts,
  portOf,
  publicOrigin,
  storePlace,
  type StorePlace,
} from './config/places.ts';
import { productionOnly, settingsFrom } from './config/settings-source.ts';
import { tabAudience } from './config/tab.ts';
import type { Settings } from './settings/settings.ts';

export type { BotAccount } from './config/bot-account.ts';

/** Everything that production is told from outside, read once and checked. */
export interface Config extends Peppers {
  readonly port: number;
  /** The https origin under which browsers reach the house. */
  readonly publicUrl: string;
  readonly settings: Settings;
  readonly bot: BotAccount;
  readonly channels: ChannelSettings;
  /** Hosts besides Microsoft's at which channels are answered. */
  readonly channelHosts: readonly string[];
  readonly store: StorePlace;
  /** The store is the embedded one, on this machine: channels may be here too. */
  readonly isTrial: boolean;
  /** Client ID of the user-assigned identity for store, files and Graph; absent: the one that the app has. */
  readonly identity?: string;
  /** Who signs the tab's tokens, and for whom. */
  readonly tab: {
    readonly issuer: string;
    readonly jwksUrl: string;
    readonly tenant: string;
    readonly audience: string;
  };
  readonly directLine: { readonly domain: string; readonly secret: string };
  /** Absent: nobody sends files. */
  readonly blobAccountUrl?: string;
  /** ID of the Teams app, for links into its tab. */
  readonly teamsAppId: string;
  /** Whether agents' presence in Teams counts, which Microsoft Graph must allow. */
  readonly teamsPresence: boolean;
  /** Connection string of Application Insights; absent: telemetry goes nowhere. */
  readonly telemetry?: string;
  /** Share of the traces that is kept, 0 to 1. */
  readonly telemetryShare: number;
  /** What the platform calls this instance. */
  readonly instance?: string;
  /** Path of the module whose default export makes the bot; absent: the front desk. */
  readonly botModule?: string;
}

/** Thrown with every fault at once; its message is for whoever has to put it right. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];
  constructor(faults: readonly ConfigFault[]) {
    const many = faults.length === 1 ? 'one thing is' : `${faults.length} things are`;
    const lines = faults.map(({ setting, what, todo }) => `  ${setting} ${what}. ${todo}`);
    super(`Reconnect does not start: ${many} wrong with its configuration.\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads the configuration from environment variables, and the settings from the file or the text they name.
 *
 * @throws ConfigError naming everything that is missing, wrong or unsafe, and what to do about it.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): Config {
  const from = reader(env);
  const port = from.optional('PORT', portOf) ?? 3978;
  const publicUrl = publicOrigin(from);
  const bot = botAccount(from);
  const channels = channelSettings(from);
  const channelHosts = from.optional('CHANNEL_HOSTS', hostList) ?? [];
  const store = storePlace(from);
  const identity = from.optional('AZURE_CLIENT_ID', guid(IDENTITY));
  const { domain, secret } = directLine(from);
  const peppers = peppersOf(from);
  const blobAccountUrl = from.optional('BLOB_ACCOUNT_URL', blobAccount);
  const settings = settingsFrom(from, readFile);
  if (settings !== undefined) productionOnly(from, settings, from.isSet('BLOB_ACCOUNT_URL'));
  const audience = tabAudience(from, publicUrl, bot);
  const authority = from.optional('AZURE_AUTHORITY_HOST', endpoint(PUBLIC_CLOUD)) ?? ENTRA;
  const teamsAppId = from.optional('TEAMS_APP_ID', guid('Set it to the “id” in the Teams app’s manifest.'));
  const teamsPresence = from.optional('TEAMS_PRESENCE', onOrOff) ?? false;
  const telemetry = from.optional('APPLICATIONINSIGHTS_CONNECTION_STRING', insights);
  const telemetryShare = from.optional('TELEMETRY_SHARE', share) ?? 0.1;
  const instance = from.optional('WEBSITE_INSTANCE_ID', taken);
  const botModule = from.optional('BOT_MODULE', taken);
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    from.fault(
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'turns off the check of every certificate',
      'Remove it; NODE_EXTRA_CA_CERTS adds a certificate authority of your own.',
    );
  }
  noTrialParts(from, store, { ...channels, AZURE_AUTHORITY_HOST: authority, DIRECT_LINE_DOMAIN: domain });

  const isWhole =
    publicUrl !== undefined &&
    bot !== undefined &&
    store !== undefined &&
    secret !== undefined &&
    peppers !== undefined &&
    settings !== undefined &&
    audience !== undefined;
  if (!isWhole || from.faults.length > 0) throw new ConfigError(from.faults);
  return Object.freeze({
    ...{ port, publicUrl, settings, bot, channels, channelHosts, store, teamsPresence, telemetryShare },
    isTrial: isLoopback(new URL(store.endpoint)),
    ...peppers,
    tab: {
      issuer: `${authority}/${bot.tenant}/v2.0`,
      jwksUrl: `${authority}/${bot.tenant}/discovery/v2.0/keys`,
      tenant: bot.tenant,
      audience,
    },
    directLine: { domain, secret },
    teamsAppId: teamsAppId ?? bot.appId,
    ...(identity !== undefined && { identity }),
    ...(blobAccountUrl !== undefined && { blobAccountUrl }),
    ...(telemetry !== undefined && { telemetry }),
    ...(instance !== undefined && { instance }),
    ...(botModule !== undefined && { botModule }),
  });
}

const ENTRA = 'https://login.microsoftonline.com';
const PUBLIC_CLOUD = 'Leave it out for the public cloud.';
const IDENTITY = 'Set it to the client ID of the user-assigned managed identity.';

const onOrOff: Judge<boolean> = (value) =>
  value === 'on' || value === 'off'
    ? { read: value === 'on' }
    : { what: 'is neither on nor off', todo: 'Set it to on or off.' };

const insights = matching(
  /(?:^|;)InstrumentationKey=[\da-f-]{36}(?:;|$)/iu,
  'is no connection string',
  'Copy the connection string from the Overview of Application Insights.',
);

const share: Judge<number> = (value) =>
  /^(?:0|1|0?\.\d{1,6}|1\.0{1,6})$/u.test(value)
    ? { read: Number(value) }
    : {
        what: 'is no number from 0 to 1',
        todo: 'Set it to the share of the traces to be kept, such as 0.1.',
      };
