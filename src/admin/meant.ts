import levenshtein from 'fastest-levenshtein';
import { en } from '../cards/wording.en.ts';
import { describeSettings } from '../settings/describe.ts';

/** What was probably meant by a name that nothing has; `undefined` where nothing is near enough. */
export function meant(setting: string, rule: string): string | undefined {
  const [root = '', , ...rest] = setting.split('.');
  if (rule === 'there is no such sentence') return nearest(rest.slice(2).join('.'), Object.keys(en));
  if (rule !== 'there is no such setting') return undefined;
  const isNamed = rest.length > 0 && (root === 'widgets' || root === 'workStreams');
  const beside = describeSettings().filter(({ path }) => path.startsWith(isNamed ? `${root}.` : ''));
  const names = isNamed
    ? beside.map(({ name }) => name)
    : beside.filter(({ of }) => of === 'house').map(({ name }) => name);
  return nearest(isNamed ? rest.join('.') : setting, names);
}

/** A slip or two are a typing error; more is another word. */
function nearest(written: string, names: readonly string[]): string | undefined {
  const most = Math.min(3, Math.floor(written.length / 3));
  const [best] = names
    .map((name) => ({ name, slips: levenshtein.distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ slips }) => slips <= most)
    .toSorted((a, b) => a.slips - b.slips);
  return best?.name;
}
