import type { SettingDescription } from '../settings/describe.ts';
import { measureOf } from './arm-names.ts';
import { quoted } from './arm-rules.ts';

/**
 * Settings as the file has them, as an expression: `previousAgentWindowMinutes: 10` is `"previousAgentWindow": "10 min"`,
 * what stands together in a part stands in it, and what is null is left out.
 */
export function written(
  settings: readonly SettingDescription[],
  valueOf: (setting: SettingDescription) => string,
): string {
  const parts = [...new Set(settings.map(({ name }) => name.split('.')[0] ?? ''))];
  const pairs = parts.map((part) => {
    const single = settings.find(({ name }) => name === part);
    if (single !== undefined) return pair(single, part, valueOf(single));
    const inner = whole(
      settings
        .filter(({ name }) => name.startsWith(`${part}.`))
        .map((one) => pair(one, one.name.slice(part.length + 1), valueOf(one))),
    );
    return `${quoted(part)}, if(empty(${inner}), null(), ${inner})`;
  });
  return whole(pairs);
}

/** An object without what is null in it. */
const whole = (pairs: readonly string[]): string =>
  `toObject(filter(items(createObject(${pairs.join(', ')})), lambda('s', not(equals(lambdaVariables('s').value, null())))), lambda('s', lambdaVariables('s').key), lambda('s', lambdaVariables('s').value))`;

function pair(setting: SettingDescription, key: string, value: string): string {
  const measure = measureOf(setting);
  const text = `if(equals(${value}, null()), null(), format('{0} ${measure?.unit ?? ''}', ${value}))`;
  return `${quoted(key)}, ${measure === undefined ? value : text}`;
}
