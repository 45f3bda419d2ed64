/** A web page that an agent would like to show; the customer decides whether they look at it. */
export interface ShownPage {
  readonly url: string;
  readonly title?: string;
}

/** Why an address cannot be shown. */
export type PageFault = 'notHttps' | 'notListed' | 'noHosts';

const MAX_URL = 2_000;

/**
 * Judges an address against a widget's list. An entry is one host (`www.example.com`), or with `*.` in front every host
 * below it, and not itself. Https on its usual port only, no user name, nothing that browsers would drop while reading.
 */
export function pageFault(address: string, hosts: readonly string[]): PageFault | undefined {
  if (hosts.length === 0) return 'noHosts';
  const url = readHttps(address);
  if (url === undefined) return 'notHttps';
  return hosts.some((host) => isListed(url.hostname, host)) ? undefined : 'notListed';
}

function readHttps(address: string): URL | undefined {
  if (address.length > MAX_URL || /[\s\p{Cc}\p{Cf}<>"`\\]/u.test(address) || !URL.canParse(address))
    return undefined;
  const url = new URL(address);
  const isPlain = url.protocol === 'https:' && url.username + url.password === '' && url.port === '';
  // "https:example.com" and "https:///example.com" are read as addresses too, and look like none.
  return isPlain && /^https:\/\/[^/]/iu.test(address) ? url : undefined;
}

const isListed = (hostname: string, host: string): boolean =>
  host.startsWith('*.')
    ? hostname.endsWith(host.slice(1)) && hostname.length > host.length - 1
    : hostname === host;
