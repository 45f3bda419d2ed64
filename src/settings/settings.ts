import type { z } from 'zod';
import type { Rules } from '../session/rules.ts';
import { faultsOf, SettingsError, type SettingFault } from './faults.ts';
import type { CheckWording, OwnWording, Settings, SignIn, Widget, WorkStream } from './model.ts';
import { rulesOf } from './presets.ts';
import { relationFaults } from './relations.ts';
import { retentionOf } from './retention.ts';
import { shape, widgetShape, workStreamShape, type WidgetShape, type WorkStreamShape } from './shapes.ts';

export { SettingsError, type SettingFault } from './faults.ts';
export type { CheckWording, OwnWording, Settings, SignIn, Widget, WorkStream } from './model.ts';

/**
 * Reads settings from parsed JSON. Widgets' own sentences are checked with `checkWording`, or, where it is left out, by
 * `reconnect`.
 *
 * @throws SettingsError naming every setting that is wrong and the rule it breaks. Source: design 3, the settings table.
 */
export function readSettings(json: unknown, checkWording: CheckWording = () => []): Settings {
  const faults: SettingFault[] = [];
  const parse = <T>(schema: z.ZodType<T>, value: unknown, path: readonly PropertyKey[]): T | undefined => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(issue, path)));
    return undefined;
  };
  // Each part on its own, so that one that is wrong does not hide what is wrong with the others.
  const whole = parse(shape, json, []);
  const given = whole ?? salvage(json);
  const workStreams = Object.entries(given.workStreams).flatMap(([id, value]): WorkStream[] => {
    const read = parse(workStreamShape, value, ['workStreams', id]);
    return read === undefined ? [] : [streamOf(id, read)];
  });
  const widgets = Object.entries(given.widgets).flatMap(([id, value]) => {
    const read = parse(widgetShape, value, ['widgets', id]);
    const { rest, without } = read === undefined ? goodPartOf(value) : { rest: read, without: [] };
    if (rest === undefined) return [];
    faults.push(...wordingFaults({ id, ...rest }, checkWording));
    const stream = workStreams.find((one) => one.id === rest.workStream);
    if (stream === undefined) {
      // A work stream that is there and wrong has its own fault already.
      if (!Object.hasOwn(given.workStreams, rest.workStream)) {
        faults.push({
          setting: `widgets.${id}.workStream`,
          rule: `there is no work stream "${rest.workStream}"`,
        });
      }
      return [];
    }
    const rules = rulesOf(rest, stream);
    faults.push(...relationFaults(id, rest, rules, without));
    return read === undefined ? [] : [widgetOf(id, read, rules)];
  });
  if (whole !== undefined && Object.keys(given.widgets).length === 0) {
    faults.push({ setting: 'widgets', rule: 'at least one is needed' });
  }
  faults.push(...twice(whole?.signIn ?? []));
  if (whole === undefined || faults.length > 0) throw new SettingsError(faults);
  return {
    company: whole.company,
    agentCapacity: whole.agentCapacity,
    retention: retentionOf(whole.retention),
    workStreams: Object.fromEntries(workStreams.map((one) => [one.id, one])),
    widgets,
    sites: whole.sites,
    signIn: whole.signIn,
  };
}

const streamOf = (
  id: string,
  {
    autoCloseAfterInactivity: autoCloseMs,
    dispositions,
    suspendReasons,
    hours,
    cannedResponses,
    queueTarget: queueTargetMs,
  }: WorkStreamShape,
): WorkStream => ({
  id,
  autoCloseMs,
  dispositions,
  suspendReasons,
  ...(hours !== undefined && { hours }),
  ...(queueTargetMs !== undefined && { queueTargetMs }),
  ...(cannedResponses.length > 0 && { cannedResponses }),
});

/** What is wrong with a widget's own sentences. */
export const wordingFaults = (
  { id, wording = {} }: { readonly id: string; readonly wording?: OwnWording | undefined },
  checkWording: CheckWording,
): readonly SettingFault[] =>
  checkWording(wording).map(({ at, rule }) => ({
    setting: ['widgets', id, 'wording', ...at].join('.'),
    rule,
  }));

/** A token must have one site's keys to be checked with. */
const twice = (sites: readonly SignIn[]): readonly SettingFault[] =>
  sites.flatMap(({ issuer, audience }, i) => {
    const first = sites.findIndex((one) => one.issuer === issuer && one.audience === audience);
    return first === i
      ? []
      : [{ setting: `signIn.${i}`, rule: `names the same issuer and audience as signIn.${first}` }];
  });

/** The parts that can still be looked at when the whole does not hold. */
function salvage(json: unknown): Pick<z.output<typeof shape>, 'workStreams' | 'widgets'> {
  const part = (key: string): Record<string, unknown> => {
    const value: unknown = isRecord(json) ? json[key] : undefined;
    return isRecord(value) ? value : {};
  };
  return { workStreams: part('workStreams'), widgets: part('widgets') };
}

/** A widget without its settings that are wrong by themselves: what is wrong between the others is told all the same. */
function goodPartOf(value: unknown): {
  readonly rest: WidgetShape | undefined;
  readonly without: readonly string[];
} {
  const wrong = widgetShape.safeParse(value).error?.issues ?? [];
  const without = wrong.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0
      ? issue.keys
      : issue.path.slice(0, 1).map(String),
  );
  if (!isRecord(value) || without.includes('workStream')) return { rest: undefined, without };
  const good = Object.entries(value).filter(([key]) => !without.includes(key));
  return { rest: widgetShape.safeParse({ title: '-', ...Object.fromEntries(good) }).data, without };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const widgetOf = (id: string, given: WidgetShape, rules: Rules): Widget => ({
  id,
  title: given.title,
  language: given.language,
  workStream: given.workStream,
  reconnect: given.reconnect,
  files: given.files,
  ...(given.portalUrl !== undefined && { portalUrl: given.portalUrl }),
  ...(given.redirectUrl !== undefined && { redirectUrl: given.redirectUrl }),
  ...(given.pageHosts.length > 0 && { pageHosts: given.pageHosts }),
  ...(given.wording !== undefined && { wording: given.wording }),
  rules,
});
