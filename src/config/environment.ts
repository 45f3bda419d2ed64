/** One thing that is wrong with an environment: which setting, what about it, and what to do. */
export interface ConfigFault {
  readonly setting: string;
  readonly what: string;
  readonly todo: string;
}

/** What a value must be: an own sentence for each way in which it is not. */
export type Judge<T> = (value: string) => { readonly read: T } | Omit<ConfigFault, 'setting'>;

/** Reads settings one by one and notes what is wrong with each, so that all of it can be told at once. */
export interface Reader {
  /** A setting that must be there. `undefined` when it is not, or does not fit: a fault is noted. */
  readonly needed: <T>(setting: string, todo: string, judge: Judge<T>) => T | undefined;
  /** A setting that may be left out. */
  readonly optional: <T>(setting: string, judge: Judge<T>) => T | undefined;
  readonly isSet: (setting: string) => boolean;
  readonly fault: (setting: string, what: string, todo: string) => void;
  readonly faults: readonly ConfigFault[];
}

/** What App Service leaves in place of a secret it could not fetch. */
const UNRESOLVED = /^@Microsoft\.(?:KeyVault|AppConfiguration)\(/iu;

/** Makes a reader of these variables. One that is empty or blank counts as not set. */
export function reader(env: Readonly<Record<string, string | undefined>>): Reader {
  const faults: ConfigFault[] = [];
  const valueOf = (setting: string): string => (env[setting] ?? '').trim();
  const fault: Reader['fault'] = (setting, what, todo) => void faults.push({ setting, what, todo });
  const judged = <T>(setting: string, judge: Judge<T>): T | undefined => {
    const value = valueOf(setting);
    if (UNRESOLVED.test(value)) {
      fault(
        setting,
        'is still the reference to the key vault, not the secret',
        'Give the app’s identity the role “Key Vault Secrets User” on the vault, check the secret’s name, and restart.',
      );
      return undefined;
    }
    const judgement = judge(value);
    if ('read' in judgement) return judgement.read;
    fault(setting, judgement.what, judgement.todo);
    return undefined;
  };
  return {
    needed: (setting, todo, judge) => {
      if (valueOf(setting) !== '') return judged(setting, judge);
      fault(setting, 'is not set', todo);
      return undefined;
    },
    optional: (setting, judge) => (valueOf(setting) === '' ? undefined : judged(setting, judge)),
    isSet: (setting) => valueOf(setting) !== '',
    fault,
    faults,
  };
}

/** Takes anything. */
export const taken: Judge<string> = (value) => ({ read: value });

/** Ids as Azure gives them. */
export const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;
export const guid = (todo: string): Judge<string> =>
  matching(GUID, 'is no ID (such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301)', todo);

/** Takes what matches, as it stands. */
export const matching =
  (pattern: RegExp, what: string, todo: string): Judge<string> =>
  (value) =>
    pattern.test(value) ? { read: value } : { what, todo };

/** This machine under its own names: where nothing but a trial runs. */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);

/** Takes an address without user name, query and fragment, over https, or http on this machine; no slash at its end. */
export const endpoint =
  (todo: string): Judge<string> =>
  (value) => {
    if (!URL.canParse(value)) return { what: 'is no URL', todo };
    const url = new URL(value);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
      return { what: 'is not https', todo };
    if (url.username + url.password + url.search + url.hash !== '')
      return { what: 'carries more than an address', todo };
    return { read: value.replace(/\/+$/u, '') };
  };
