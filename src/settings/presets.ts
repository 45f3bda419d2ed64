import { RECOMMENDED, type Rules } from '../session/rules.ts';
import type { WorkStream } from './model.ts';
import type { WidgetShape } from './shapes.ts';

/** What a preset gives a widget that does not say otherwise; a window may be as long as the reconnect time limit. */
interface PresetSettings {
  readonly previousAgentWindow?: 'reconnectTimeLimit';
  readonly promptAudience?: Rules['promptAudience'];
  readonly closedWindow?: Rules['closedWindow'];
  readonly startFresh?: Rules['startFresh'];
  readonly suspendedReturn?: Rules['suspendedReturn'];
}

/** The three presets, as far as they differ from the recommended one; single settings of the widget go over them. */
export const PRESETS: Readonly<Record<WidgetShape['preset'], PresetSettings>> = {
  recommended: {},
  seedA: { promptAudience: 'authenticated', closedWindow: 'noPrompt', startFresh: 'keep' },
  seedB: {
    promptAudience: 'anyone',
    closedWindow: 'suspend',
    previousAgentWindow: 'reconnectTimeLimit',
    startFresh: 'keep',
    suspendedReturn: 'wait',
  },
};

/** The rules a widget's sessions live under: its own settings over its preset over what we recommend. */
export function rulesOf(given: WidgetShape, { autoCloseMs, hours, queueTargetMs }: WorkStream): Rules {
  const preset = PRESETS[given.preset];
  const window =
    preset.previousAgentWindow === undefined
      ? Math.min(RECOMMENDED.previousAgentWindowMs, autoCloseMs)
      : autoCloseMs;
  return {
    autoCloseMs,
    reconnectLimitMs: autoCloseMs,
    previousAgentWindowMs: given.previousAgentWindow ?? window,
    suspendLimitMs: given.suspendLimit ?? RECOMMENDED.suspendLimitMs,
    disconnectGraceMs: given.disconnectGrace ?? RECOMMENDED.disconnectGraceMs,
    leaveGraceMs: RECOMMENDED.leaveGraceMs,
    hiddenGraceMs: RECOMMENDED.hiddenGraceMs,
    offerTimeoutMs: given.offerTimeout ?? RECOMMENDED.offerTimeoutMs,
    queueLimitMs: given.queueLimit ?? RECOMMENDED.queueLimitMs,
    answerReminderMs: given.answerReminder ?? RECOMMENDED.answerReminderMs,
    agentGraceMs: given.agentGrace ?? RECOMMENDED.agentGraceMs,
    wrapUpMs: given.wrapUp ?? RECOMMENDED.wrapUpMs,
    wrapUpSlotMs: given.wrapUpSlot ?? RECOMMENDED.wrapUpSlotMs,
    ...(queueTargetMs !== undefined && { queueTargetMs }),
    warnBeforeMs: Math.min(RECOMMENDED.warnBeforeMs, autoCloseMs / 4),
    promptAudience: given.promptAudience ?? preset.promptAudience ?? RECOMMENDED.promptAudience,
    promptMode: given.promptMode ?? RECOMMENDED.promptMode,
    closedWindow: given.closedWindow ?? preset.closedWindow ?? RECOMMENDED.closedWindow,
    startFresh: given.startFresh ?? preset.startFresh ?? RECOMMENDED.startFresh,
    suspendedReturn: given.suspendedReturn ?? preset.suspendedReturn ?? RECOMMENDED.suspendedReturn,
    suspendFreesCapacity: given.suspendFreesCapacity ?? RECOMMENDED.suspendFreesCapacity,
    ...(hours !== undefined && { hours }),
  };
}
