import type { Rules } from '../session/rules.ts';
import { writeDuration } from './duration.ts';
import type { SettingFault } from './faults.ts';
import type { WidgetShape } from './shapes.ts';

/** A rule that a widget's setting keeps with others. */
export interface Relation {
  /** The widget's setting that is blamed where the rule is broken. */
  readonly setting: string;
  /** Whom it keeps it with, by their paths. */
  readonly with: readonly string[];
  readonly rule: string;
  /** What stands behind the rule where it is broken; `undefined` where it is kept. */
  readonly broken: (given: WidgetShape, rules: Rules) => string | undefined;
}

/** Every rule between settings. */
export const RELATIONS: readonly Relation[] = [
  {
    setting: 'previousAgentWindow',
    with: ['workStreams.*.autoCloseAfterInactivity'],
    rule: "must not be longer than the reconnect time limit, which is the work stream's autoCloseAfterInactivity",
    broken: (_, { previousAgentWindowMs, reconnectLimitMs }) =>
      previousAgentWindowMs > reconnectLimitMs ? ` (${writeDuration(reconnectLimitMs)})` : undefined,
  },
  {
    setting: 'wrapUpSlot',
    with: ['widgets.*.wrapUp'],
    rule: 'must not be longer than wrapUp',
    broken: (_, { wrapUpSlotMs, wrapUpMs }) =>
      wrapUpSlotMs > wrapUpMs ? ` (${writeDuration(wrapUpMs)})` : undefined,
  },
  {
    setting: 'reconnect.previewAgents',
    with: ['widgets.*.reconnect.preview'],
    rule: 'must name at least one agent while preview is on: a preview serves nobody else',
    broken: ({ reconnect }) => (reconnect.preview && reconnect.previewAgents.length === 0 ? '' : undefined),
  },
  {
    setting: 'redirectUrl',
    with: ['widgets.*.redirectHosts'],
    rule: 'must be on a host that stands in redirectHosts',
    broken: ({ redirectUrl, redirectHosts }) =>
      redirectUrl !== undefined && !redirectHosts.includes(new URL(redirectUrl).hostname) ? '' : undefined,
  },
];

/** The rules between settings that a widget breaks; those in which one of `without` has a part are not judged. */
export const relationFaults = (
  id: string,
  given: WidgetShape,
  rules: Rules,
  without: readonly string[] = [],
): readonly SettingFault[] =>
  RELATIONS.filter((relation) => !namesOf(relation).some((name) => without.includes(name))).flatMap(
    ({ setting, rule, broken }) => {
      const values = broken(given, rules);
      return values === undefined ? [] : [{ setting: `widgets.${id}.${setting}`, rule: `${rule}${values}` }];
    },
  );

/** The widget's settings of a relation, without what is within them. */
const namesOf = ({ setting, with: others }: Relation): readonly string[] => [
  setting.split('.')[0] ?? '',
  ...others.flatMap((path) => (path.startsWith('widgets.') ? (path.split('.')[2] ?? '') : [])),
];
