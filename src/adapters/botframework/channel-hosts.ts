/** Whether a service URL is of a channel that may be answered there, with the bot's token. */
export type IsChannel = (serviceUrl: string) => boolean;

/**
 * Where channels are answered: services of Microsoft's, in the public cloud and in those of governments. Source: Azure
 * Bot Service docs, firewall and national clouds; Teams docs, bots in government clouds.
 */
const MICROSOFT: readonly string[] = [
  '*.botframework.com',
  '*.botframework.azure.us',
  'smba.trafficmanager.net',
  '*.teams.microsoft.com',
  '*.teams.microsoft.us',
];

/** Judges service URLs: https on its usual port, at Microsoft or at `more`, which are `host` or `*.host`; or on this machine, in a trial. */
export function channelsAt(given: {
  readonly more: readonly string[];
  readonly isTrial: boolean;
}): IsChannel {
  const hosts = [...MICROSOFT, ...given.more];
  return (serviceUrl) => {
    const url = URL.canParse(serviceUrl) ? new URL(serviceUrl) : undefined;
    if (url === undefined || url.username + url.password !== '') return false;
    if (given.isTrial && LOOPBACK.test(url.hostname)) return true;
    return url.protocol === 'https:' && url.port === '' && hosts.some((host) => isAt(url.hostname, host));
  };
}

const LOOPBACK = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/u;

const isAt = (hostname: string, host: string): boolean =>
  host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;
