import type { House, Widget } from './house.ts';
import { siteMemory } from './memory.ts';
import { byId } from './shell.ts';
import type { Words } from './wording.ts';

/**
 * Plays the company's own sign-in, only where the house offers that (locally): shows the switch, and gives the token
 * of whoever is signed in. Somebody else is a new start for the page.
 */
export async function siteSignIn(
  house: House,
  widget: Widget,
  words: Words,
  onChange: () => void,
): Promise<string | undefined> {
  const { site } = widget;
  if (site === undefined) return undefined;
  const chosen = site.people.find(({ subject }) => subject === siteMemory.read());
  const select = byId('site-person');
  if (!(select instanceof HTMLSelectElement)) throw new Error('#site-person is a select');

  select.replaceChildren(
    new Option(words.notSignedIn, '', false, chosen === undefined),
    ...site.people.map(({ subject, name }) => new Option(name, subject, false, subject === chosen?.subject)),
  );
  select.addEventListener('change', () => {
    siteMemory.write(select.value === '' ? undefined : select.value);
    onChange();
  });
  byId('site-label').textContent = words.site;
  byId('site').hidden = false;
  return chosen === undefined ? undefined : (await house.signIn(site.signIn, chosen.subject)).token;
}
