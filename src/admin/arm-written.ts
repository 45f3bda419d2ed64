import type { SettingDescription } from '../settings/describe.ts';
import { nameIn } from './arm-names.ts';
import { quoted, valueOf } from './arm-rules.ts';

/** One entry as the settings file has it: `previousAgentWindowMinutes: 10` is `"previousAgentWindow": "10 min"`. */
export function entryWritten(settings: readonly SettingDescription[]): string {
  const groups = [...new Set(settings.map(({ name }) => name.split('.')[0] ?? ''))];
  const pairs = groups.map((group) => {
    const single = settings.find(({ name }) => name === group);
    if (single !== undefined) return pair(single, group, valueOf(single));
    const inner = whole(
      settings
        .filter(({ name }) => name.startsWith(`${group}.`))
        .map((one) => pair(one, one.name.slice(group.length + 1), valueOf(one))),
    );
    return `${quoted(group)}, if(empty(${inner}), null(), ${inner})`;
  });
  return whole(pairs);
}

/** What is said of the whole house, with its work streams and widgets. */
export const houseWritten = (settings: readonly SettingDescription[]): string =>
  whole(
    settings.map((one) => {
      const isTable = one.path === 'workStreams' || one.path === 'widgets';
      return pair(
        one,
        one.name,
        isTable ? `variables('${one.path}')` : `parameters('${nameIn(one, 'parameter')}')`,
      );
    }),
  );

/** An object without what is null in it. */
const whole = (pairs: readonly string[]): string =>
  `toObject(filter(items(createObject(${pairs.join(', ')})), lambda('s', not(equals(lambdaVariables('s').value, null())))), lambda('s', lambdaVariables('s').key), lambda('s', lambdaVariables('s').value))`;

function pair({ bounds }: SettingDescription, key: string, value: string): string {
  const unit = bounds?.unit;
  const written =
    unit === 'min' || unit === 's' || unit === 'KB'
      ? `if(equals(${value}, null()), null(), format('{0} ${unit}', ${value}))`
      : value;
  return `${quoted(key)}, ${written}`;
}
