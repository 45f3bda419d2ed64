/** What a deployment puts into the Teams app. */
export interface Ids {
  /** The Entra application whose tokens the tab shows. */
  readonly appId: string;
  /** The bot's: the same, or its managed identity's client id. */
  readonly botId: string;
  /** The Teams app's own, in deep links to it. */
  readonly teamsAppId: string;
  readonly host: string;
  readonly company: string;
  readonly website: string;
  readonly privacy: string;
  readonly terms: string;
  /** Of the app: a new one tells Teams that it changed. */
  readonly version: string;
}

const option = { type: 'string' } as const;
/** What can be said on the command line. */
export const OPTIONS = {
  'app-id': option,
  'bot-id': option,
  'teams-app-id': option,
  host: option,
  company: option,
  website: option,
  privacy: option,
  terms: option,
  version: option,
  out: option,
};

/** What was said, by its flag. */
export type Flags = Readonly<Partial<Record<keyof typeof OPTIONS, string | undefined>>>;

/** Reads the flags, or tells everything that is wrong with them, a sentence each. */
export function readIds(given: Flags, version: string): Ids | { readonly faults: readonly string[] } {
  const host = given.host ?? '';
  const appId = given['app-id'] ?? '';
  const website = given.website ?? `https://${host}/`;
  const ids: Ids = {
    appId,
    botId: given['bot-id'] ?? appId,
    teamsAppId: given['teams-app-id'] ?? appId,
    host,
    company: given.company ?? 'Reconnect',
    website,
    privacy: given.privacy ?? website,
    terms: given.terms ?? website,
    version: given.version ?? version,
  };
  const faults = [
    ...(given['app-id'] === undefined
      ? ['--app-id is missing: the Application (client) ID of the app registration']
      : guidFaults('--app-id', appId)),
    ...(given['bot-id'] === undefined ? [] : guidFaults('--bot-id', ids.botId)),
    ...(given['teams-app-id'] === undefined ? [] : guidFaults('--teams-app-id', ids.teamsAppId)),
    ...(given.host === undefined
      ? ['--host is missing: where the house is reached, such as chat.contoso.com']
      : hostFaults(host)),
    ...(['website', 'privacy', 'terms'] as const).flatMap((flag) => addressFaults(flag, given[flag])),
    ...(/^\d+\.\d+\.\d+$/u.test(ids.version)
      ? []
      : [`--version "${ids.version}" must be three numbers such as 1.0.0`]),
  ];
  return faults.length === 0 ? ids : { faults };
}

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/iu;

function guidFaults(flag: string, text: string): readonly string[] {
  if (!GUID.test(text))
    return [
      `${flag} "${text}" is no id: it must be a GUID such as 12345678-90ab-cdef-1234-567890abcdef, without braces`,
    ];
  return /^[0-]+$/u.test(text) ? [`${flag} is all zeros: put in the id the portal shows`] : [];
}

function hostFaults(host: string): readonly string[] {
  if (/^http:/iu.test(host))
    return [`--host "${host}" is http: Teams opens https only; write the host alone`];
  if (/[/?#@\\]/u.test(host))
    return [`--host "${host}" must be the host alone, such as chat.contoso.com: no https://, no path`];
  if (host.includes(':')) return [`--host "${host}" must not name a port: Teams opens the usual one`];
  if (!/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/u.test(host))
    return [`--host "${host}" is no public host name in lower case, such as chat.contoso.com`];
  return [];
}

function addressFaults(flag: string, address: string | undefined): readonly string[] {
  const isGood = address === undefined || (URL.canParse(address) && new URL(address).protocol === 'https:');
  return isGood ? [] : [`--${flag} "${address}" must be an https address`];
}
