import { endpoint, type Judge, type Reader } from './environment.ts';

/** The framework's settings of where tokens of channels come from, ready to be given to it; empty in the public cloud. */
export type ChannelSettings = Readonly<Record<string, string>>;

/** The public cloud's, for the framework takes one of these settings to mean that all of them are given. */
const PUBLIC_CLOUD = {
  ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
  ToChannelFromBotOAuthScope: 'https://api.botframework.com',
  ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
  OAuthUrl: 'https://api.botframework.com',
  ToBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  ToBotFromEmulatorOpenIdMetadataUrl:
    'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration',
};

/** Older names that the framework still takes, under the names they have now. */
const OLDER = {
  BotOpenIdMetadata: 'ToBotFromChannelOpenIdMetadataUrl',
  OAuthApiEndpoint: 'OAuthUrl',
};

const US_GOVERNMENT = 'https://botframework.azure.us';

/** Reads them; every one is an address. */
export function channelSettings(from: Reader): ChannelSettings {
  const cloud = from.optional('ChannelService', channelService);
  const given = [...Object.entries(OLDER), ...Object.keys(PUBLIC_CLOUD).map((name) => [name, name] as const)]
    .map(([name, now]) => [now, from.optional(name, endpoint('Leave it out for the public cloud.'))] as const)
    .filter((one): one is readonly [string, string] => one[1] !== undefined);
  if (cloud !== undefined && given.length === 0) return { ChannelService: cloud };
  return given.length === 0 ? {} : { ...PUBLIC_CLOUD, ...Object.fromEntries(given) };
}

const channelService: Judge<string> = (value) =>
  value === US_GOVERNMENT
    ? { read: value }
    : {
        what: 'is no cloud we know',
        todo: `Leave it out for the public cloud, or set ${US_GOVERNMENT}.`,
      };

const HOSTS = 'Set it to hosts, separated by commas, such as bots.example.com or *.bots.example.com.';

/** Hosts, or all below one; nothing that anybody could have a name under. */
export const hostList: Judge<readonly string[]> = (value) => {
  const hosts = value.split(',').map((one) => one.trim().toLowerCase());
  return hosts.every((one) => /^(?:\*\.)?[a-z\d-]+(?:\.[a-z\d-]+)+$/u.test(one))
    ? { read: hosts }
    : { what: 'is no list of hosts', todo: HOSTS };
};
