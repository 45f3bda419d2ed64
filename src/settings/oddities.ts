import { writeDuration } from './duration.ts';
import type { Settings, Widget } from './model.ts';

/** Something that is allowed, and probably not what was meant. */
export interface Oddity {
  readonly setting: string;
  readonly says: string;
}

/** Finds what holds together by the rules and still will surprise somebody. */
export const oddities = (settings: Settings): readonly Oddity[] => [
  ...plainHttp(settings).map((setting) => ({
    setting,
    says: 'is http: good for trying out on this machine, and refused in production',
  })),
  ...Object.keys(settings.workStreams)
    .filter((id) => !settings.widgets.some(({ workStream }) => workStream === id))
    .map((id) => ({ setting: `workStreams.${id}`, says: 'no widget belongs to it' })),
  ...settings.widgets.flatMap((widget) =>
    ODD.flatMap(([setting, look]) => {
      const says = look(widget, settings);
      return says === undefined ? [] : [{ setting: `widgets.${widget.id}.${setting}`, says }];
    }),
  ),
];

/** Addresses that only a local house takes. */
const plainHttp = ({ widgets, sites, signIn }: Settings): readonly string[] =>
  [
    ...widgets.map(({ id, portalUrl }) => [`widgets.${id}.portalUrl`, portalUrl] as const),
    ...sites.map((origin, i) => [`sites.${i}`, origin] as const),
    ...signIn.map(({ keys }, i) => [`signIn.${i}.jwksUrl`, 'jwksUrl' in keys ? keys.jwksUrl : ''] as const),
  ]
    .filter(([, address]) => address?.startsWith('http:') === true)
    .map(([setting]) => setting);

type Look = (widget: Widget, settings: Settings) => string | undefined;

const when = (isOdd: boolean, says: string): string | undefined => (isOdd ? says : undefined);

/** What is looked at in every widget, by the setting it is told of. */
const ODD: readonly (readonly [string, Look])[] = [
  [
    'promptAudience',
    ({ reconnect, rules }, { signIn }) =>
      when(
        reconnect.enabled && rules.promptAudience === 'authenticated' && signIn.length === 0,
        'only signed in customers are asked to return, and signIn names no site that signs anybody in: nobody ever is',
      ),
  ],
  [
    'portalUrl',
    ({ reconnect, portalUrl }) =>
      when(
        reconnect.enabled && portalUrl === undefined,
        'is not given: no reconnect link can be sent, only a code',
      ),
  ],
  [
    'closedWindow',
    ({ rules, portalUrl }) =>
      when(
        rules.closedWindow === 'noPrompt' && portalUrl === undefined,
        'who closes the window is not asked to return, and without portalUrl there is no link either',
      ),
  ],
  [
    'promptMode',
    ({ rules }) =>
      when(
        rules.promptMode === 'direct' && rules.promptAudience === 'anyone',
        'on a shared computer the next person is shown the chat without a question',
      ),
  ],
  [
    'reconnect.preview',
    ({ reconnect: { enabled, preview } }) =>
      when(preview && !enabled, 'has no effect: reconnect.enabled is false'),
  ],
  [
    'reconnect.previewAgents',
    ({ reconnect: { preview, previewAgents } }) =>
      when(!preview && previewAgents.length > 0, 'have no effect: reconnect.preview is false'),
  ],
  [
    'previousAgentWindow',
    ({ rules }) =>
      when(
        rules.previousAgentWindowMs === 0,
        'is 0: no place is kept, and the previous agent is always asked first',
      ),
  ],
  [
    'disconnectGrace',
    ({ rules: { disconnectGraceMs, autoCloseMs } }) =>
      when(
        disconnectGraceMs >= autoCloseMs,
        `a silent customer's chat ends (after ${writeDuration(autoCloseMs)}) before they count as gone`,
      ),
  ],
  [
    'suspendLimit',
    ({ rules: { suspendLimitMs, reconnectLimitMs } }) =>
      when(
        suspendLimitMs < reconnectLimitMs,
        `a chat that is set aside is kept for less time than one that broke off (${writeDuration(reconnectLimitMs)})`,
      ),
  ],
  [
    'queueLimit',
    ({ rules: { queueLimitMs, queueTargetMs } }) =>
      when(
        queueTargetMs !== undefined && queueTargetMs >= queueLimitMs,
        `customers may leave a message before the work stream's queueTarget (${writeDuration(queueTargetMs ?? 0)}) gives up places kept for others`,
      ),
  ],
  [
    'wrapUp',
    ({ rules }) =>
      when(rules.wrapUpMs === 0, 'is 0: a closed chat cannot be taken back, nor what came of it noted'),
  ],
  [
    'language',
    ({ language, wording = {} }) =>
      when(
        !['en', 'ar'].includes(language.split('-')[0] ?? '') && !Object.hasOwn(wording, language),
        `nothing is translated into "${language}": its customers read English`,
      ),
  ],
];
