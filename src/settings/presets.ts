import type { Rules } from '../session/rules.ts';
import { HOUR, MINUTE } from './duration.ts';
import type { WorkStream } from './model.ts';
import type { WidgetShape } from './shapes.ts';

/** The three presets; single settings of the widget go over them. */
function presetRules(preset: WidgetShape['preset'], limit: number): Partial<Rules> {
  switch (preset) {
    case 'recommended':
      return {};
    case 'seedA':
      return { promptAudience: 'authenticated', closedWindow: 'noPrompt', startFresh: 'keep' };
    case 'seedB':
      return {
        promptAudience: 'anyone',
        closedWindow: 'suspend',
        previousAgentWindowMs: limit,
        startFresh: 'keep',
        suspendedReturn: 'wait',
      };
  }
}

export function rulesOf(given: WidgetShape, { autoCloseMs, hours, queueTargetMs }: WorkStream): Rules {
  const preset = presetRules(given.preset, autoCloseMs);
  return {
    autoCloseMs,
    reconnectLimitMs: autoCloseMs,
    previousAgentWindowMs:
      given.previousAgentWindow ?? preset.previousAgentWindowMs ?? Math.min(10 * MINUTE, autoCloseMs),
    suspendLimitMs: given.suspendLimit ?? 24 * HOUR,
    disconnectGraceMs: given.disconnectGrace ?? 3 * MINUTE,
    leaveGraceMs: 15_000,
    hiddenGraceMs: 5 * MINUTE,
    offerTimeoutMs: given.offerTimeout ?? 60_000,
    queueLimitMs: given.queueLimit ?? 10 * MINUTE,
    answerReminderMs: given.answerReminder ?? 5 * MINUTE,
    agentGraceMs: given.agentGrace ?? 90_000,
    wrapUpMs: given.wrapUp ?? 15 * MINUTE,
    wrapUpSlotMs: given.wrapUpSlot ?? 0,
    ...(queueTargetMs !== undefined && { queueTargetMs }),
    warnBeforeMs: Math.min(2 * MINUTE, autoCloseMs / 4),
    promptAudience: given.promptAudience ?? preset.promptAudience ?? 'authenticated',
    promptMode: given.promptMode ?? 'ask',
    closedWindow: given.closedWindow ?? preset.closedWindow ?? 'disconnect',
    startFresh: given.startFresh ?? preset.startFresh ?? 'release',
    suspendedReturn: given.suspendedReturn ?? preset.suspendedReturn ?? 'offer',
    suspendFreesCapacity: given.suspendFreesCapacity ?? true,
    ...(hours !== undefined && { hours }),
  };
}
