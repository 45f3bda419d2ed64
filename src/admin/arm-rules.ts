import type { SettingDescription } from '../settings/describe.ts';
import { measureOf, nameIn, type Of } from './arm-names.ts';

/** An ARM expression, without its brackets. */
type Expression = string;

/**
 * A rule at deployment: when it is broken, and what is then said, both as expressions. The template's `location` calls
 * `fail()` with the sentences of all that are broken: everything is made in that place, so nothing is made without it.
 */
export interface ArmRule {
  readonly broken: Expression;
  readonly said: Expression;
}

/** What one entry's setting is, or null. `e` is the entry of the lambda. */
export const valueOf = (setting: SettingDescription): Expression =>
  `tryGet(lambdaVariables('e').value, ${quoted(nameIn(setting, 'entry'))})`;

/** Text in an expression. */
export const quoted = (text: string): Expression => `'${text.replaceAll("'", "''")}'`;

/**
 * The rules between a widget's settings, as the code keeps them: the same words, judged before anything is deployed.
 *
 * @throws Error when the code has a rule that is not known here: the template would let it pass.
 */
export function widgetRules(settings: readonly SettingDescription[]): readonly ArmRule[] {
  const value = (path: string): Expression => valueOf(find(settings, path));
  /** A duration in seconds; `otherwise` where it is not given. */
  const seconds = (path: string, otherwise: number, within = value(path)): Expression =>
    `mul(coalesce(${within}, ${otherwise}), ${measureOf(find(settings, path))?.seconds ?? 1})`;
  const usual = (path: string): number => usualOf(find(settings, path));
  const stream = value('widgets.*.workStream');
  const autoClose = 'workStreams.*.autoCloseAfterInactivity';
  const limit = `tryGet(variables('workStreamsGiven'), coalesce(${stream}, ''), ${quoted(nameIn(find(settings, autoClose), 'entry'))})`;
  const conditions: Readonly<Record<string, Expression>> = {
    // Where it is not given it is never longer than the limit, whatever the preset.
    'widgets.*.previousAgentWindow': `greater(${seconds('widgets.*.previousAgentWindow', 0)}, ${seconds(autoClose, usual(autoClose), limit)})`,
    'widgets.*.wrapUpSlot': `greater(${seconds('widgets.*.wrapUpSlot', 0)}, ${seconds('widgets.*.wrapUp', usual('widgets.*.wrapUp'))})`,
    'widgets.*.reconnect.previewAgents': `and(coalesce(${value('widgets.*.reconnect.preview')}, false()), empty(coalesce(${value('widgets.*.reconnect.previewAgents')}, createArray())))`,
    'widgets.*.redirectUrl': `and(not(empty(${value('widgets.*.redirectUrl')})), not(contains(coalesce(${value('widgets.*.redirectHosts')}, createArray()), ${hostOf(value('widgets.*.redirectUrl'))})))`,
  };
  const related = settings.flatMap(({ path, relations }) =>
    relations.filter(({ setting }) => setting === path),
  );
  return [
    {
      broken: `not(contains(variables('workStreamsGiven'), coalesce(${stream}, '')))`,
      said: `format('widgets.{0}.workStream: there is no work stream "{1}"', lambdaVariables('e').key, ${stream})`,
    },
    ...related.map(({ setting, rule }) => {
      const broken = conditions[setting];
      if (broken === undefined) throw new Error(`The template does not know the rule of ${setting}: ${rule}`);
      const said = `widgets.{0}.${setting.slice('widgets.*.'.length)}: ${rule}`;
      return { broken, said: `format(${quoted(said)}, lambdaVariables('e').key)` };
    }),
    ...settings
      .filter(({ of, type }) => of === 'widget' && type === 'address')
      .map((setting) => ({
        broken: `and(not(empty(${valueOf(setting)})), not(startsWith(coalesce(${valueOf(setting)}, ''), 'https://')))`,
        said: `format('widgets.{0}.${setting.name}: must be an https URL', lambdaVariables('e').key)`,
      })),
  ];
}

/** What stands between `//` and the next `/` or `:`; nothing where there is none. */
const hostOf = (url: Expression): Expression =>
  `toLower(first(split(last(take(split(concat(coalesce(${url}, ''), '//'), '/'), 3)), ':')))`;

/** What holds where it is not given, in its measure. */
const usualOf = (setting: SettingDescription): number =>
  (setting.bounds?.usual ?? 0) / (measureOf(setting)?.each ?? 1);

/** The rules of the house's own settings, as the code keeps them; the sentences of the broken ones, as one expression. */
export function brokenInHouse(settings: readonly SettingDescription[]): Expression {
  const days = (path: string): Expression => `parameters('${nameIn(find(settings, path), 'parameter')}')`;
  const kept = `coalesce(${days('retention.transcript')}, ${usualOf(find(settings, 'retention.transcript'))})`;
  const rules: readonly ArmRule[] = [
    {
      broken: `greater(coalesce(${days('retention.files')}, 0), ${kept})`,
      said: quoted(
        'retention.files: must not be longer than retention.transcript, without which nobody finds them',
      ),
    },
    {
      broken: `less(coalesce(${days('retention.audit')}, ${kept}), ${kept})`,
      said: quoted('retention.audit: must not be shorter than retention.transcript, which it explains'),
    },
  ];
  return `filter(createArray(${sentences(rules)}), ${SAID})`;
}

const SAID = `lambda('said', not(empty(lambdaVariables('said'))))`;
const sentences = (rules: readonly ArmRule[]): Expression =>
  rules.map(({ broken, said }) => `if(${broken}, ${said}, '')`).join(', ');

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const KEY = `lambdaVariables('e').key`;

/** What holds of every entry: its name, and what a part of it must have once anything of the part is given. */
export function entryRules(of: Of, settings: readonly SettingDescription[]): readonly ArmRule[] {
  const at = `${of}s.{0}`;
  const strange = `filter(range(0, length(${KEY})), lambda('i', not(contains(${quoted(`${LETTERS}0123456789-`)}, take(skip(${KEY}, lambdaVariables('i')), 1)))))`;
  const nested = settings.filter((one) => one.of === of && one.required && one.name.includes('.'));
  return [
    {
      broken: `or(greater(length(${KEY}), 40), not(contains(${quoted(LETTERS)}, take(${KEY}, 1))), not(empty(${strange})))`,
      said: `format('${at}: must be 1 to 40 of a-z, 0-9 and -, a letter first', ${KEY})`,
    },
    ...nested.map((one) => {
      const [group = ''] = one.name.split('.');
      const others = settings.filter(
        (other) => other.of === of && other !== one && other.name.startsWith(`${group}.`),
      );
      const given = others.map((other) => `not(equals(${valueOf(other)}, null()))`);
      return {
        broken: `and(equals(${valueOf(one)}, null()), or(${given.join(', ')}, false()))`,
        said: `format('${at}.${one.name}: is missing', ${KEY})`,
      };
    }),
  ];
}

function find(settings: readonly SettingDescription[], path: string): SettingDescription {
  const found = settings.find((one) => one.path === path);
  if (found === undefined) throw new Error(`There is no setting ${path}`);
  return found;
}

/** All rules of `of`’s entries as one expression: the sentences of the broken ones. */
export const brokenOf = (entries: Of, rules: readonly ArmRule[]): Expression =>
  `filter(flatten(map(variables('${entries}Entries'), lambda('e', createArray(${sentences(rules)})))), ${SAID})`;
