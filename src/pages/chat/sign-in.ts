import type { PageClock } from '../clock.ts';
import type { SiteToken, Widget } from './house.ts';
import { siteMemory } from './memory.ts';
import { pauseOrOnline } from './patience.ts';
import { byId } from './shell.ts';
import type { Words } from './wording.ts';

/**
 * Who is signed in on the company's site. Its token is renewed before it ends, and when the house does not take it;
 * while that fails everything waits: a customer who is signed in is never treated as somebody unknown.
 */
export interface SiteSession extends SiteToken {
  readonly person: () => string | undefined;
  /** Signs this person in, however long it takes, or out. Resolves when the token is that person's. */
  readonly become: (person: string | undefined) => Promise<void>;
  /** The token was taken. */
  readonly accepted: () => void;
}

export interface SiteOptions {
  readonly clock: PageClock;
  /** Gets a token of the site for somebody who is signed in there. */
  readonly signIn: (person: string) => Promise<string>;
  /** The sign-in cannot be confirmed at the moment, or can again. */
  readonly onTrouble: (trouble: boolean) => void;
}

const AHEAD_MS = 60_000;
const LONGEST_PAUSE_MS = 15_000;

export function siteSession({ clock, signIn, onTrouble }: SiteOptions): SiteSession {
  let person: string | undefined;
  let token: string | undefined;
  let renewing: Promise<void> | undefined;
  let cancel = () => {};
  /** Tokens in a row that the house did not take. */
  let refusals = 0;
  let isTroubled = false;
  const trouble = (is: boolean) => {
    if (is !== isTroubled) onTrouble((isTroubled = is));
  };

  const renew = async () => {
    const who = person;
    for (let tries = refusals; who !== undefined && person === who; tries += 1) {
      if (tries > 0) {
        trouble(true);
        await pauseOrOnline(clock, Math.min(500 * 2 ** tries, LONGEST_PAUSE_MS));
      }
      try {
        const next = await signIn(who);
        if (person === who) take(next);
        return;
      } catch {
        // Whatever it is, going on without the token would make them somebody else.
      }
    }
  };
  const renewOnce = () => (renewing ??= renew().finally(() => (renewing = undefined)));

  const take = (next: string) => {
    token = next;
    if (refusals === 0) trouble(false);
    cancel();
    const end = endOf(next);
    if (end !== undefined)
      cancel = clock.after(Math.max(end - clock.now() - AHEAD_MS, 0), () => void renewOnce());
  };

  return {
    person: () => person,
    token: () => token,
    become: async (next) => {
      person = next;
      token = undefined;
      refusals = 0;
      renewing = undefined;
      cancel();
      trouble(false);
      await renewOnce();
    },
    refused: async (bad) => {
      if (bad !== token) return;
      refusals += 1;
      await renewOnce();
    },
    accepted: () => {
      if (refusals > 0) trouble(false);
      refusals = 0;
    },
  };
}

/** Shows the switch that plays the company's own sign-in, only where the house offers that (locally). */
export function siteSwitch(
  site: NonNullable<Widget['site']>,
  words: Words,
  onChange: (person: string | undefined) => void,
): { readonly show: (person: string | undefined) => void } {
  const select = byId('site-person');
  if (!(select instanceof HTMLSelectElement)) throw new Error('#site-person is a select');
  select.replaceChildren(
    new Option(words.notSignedIn, ''),
    ...site.people.map(({ subject, name }) => new Option(name, subject)),
  );
  select.addEventListener('change', () => onChange(select.value === '' ? undefined : select.value));
  // Signed in or out in another tab: it is one browser.
  addEventListener('storage', ({ key, newValue }) => {
    if (key === siteMemory.key) onChange(newValue ?? undefined);
  });
  byId('site-label').textContent = words.site;
  byId('site').hidden = false;
  return {
    show: (person) => {
      siteMemory.write(person);
      select.value = person ?? '';
    },
  };
}

/** Whom the site's own cookie says this browser is. */
export const personOf = ({ people }: NonNullable<Widget['site']>): string | undefined =>
  people.find(({ subject }) => subject === siteMemory.read())?.subject;

/** When a token ends, ms, where it is a JWT that says so. */
function endOf(token: string): number | undefined {
  try {
    const [, payload = ''] = token.split('.');
    const said: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const exp = typeof said === 'object' && said !== null && 'exp' in said ? said.exp : undefined;
    return typeof exp === 'number' ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
