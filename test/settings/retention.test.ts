import { describe, expect, test } from 'vitest';
import { RETENTION } from '../../src/session/retention.ts';
import { readSettings, SettingsError } from '../../src/settings/settings.ts';
import { SETTINGS } from '../handoff/house.ts';

const DAY = 24 * 3_600_000;
const read = (retention?: unknown) =>
  readSettings({ ...SETTINGS, ...(retention !== undefined && { retention }) }).retention;
const faultsOf = (retention: unknown): readonly string[] => {
  try {
    read(retention);
    return [];
  } catch (reason) {
    if (!(reason instanceof SettingsError)) throw reason;
    return reason.faults.map(({ setting, rule }) => `${setting}: ${rule}`);
  }
};

describe('row 93: how long things are kept', () => {
  test('is what the store itself takes for granted, where nobody says otherwise', () => {
    expect(read()).toEqual(RETENTION);
  });

  test('can be said class by class; files go with the transcript unless they go sooner, its audit unless it stays', () => {
    expect(read({ transcript: '30 d', record: '90 d' })).toEqual({
      transcriptMs: 30 * DAY,
      filesMs: 30 * DAY,
      recordMs: 90 * DAY,
      auditMs: 30 * DAY,
    });
    expect(read({ files: '7 d' })).toMatchObject({ filesMs: 7 * DAY, transcriptMs: RETENTION.transcriptMs });
  });

  test('never leaves behind what nobody could find or explain', () => {
    expect(faultsOf({ transcript: '30 d', files: '31 d' })).toEqual([
      'retention.files: must not be longer than retention.transcript, without which nobody finds them',
    ]);
    expect(faultsOf({ transcript: '30 d', audit: '29 d' })).toEqual([
      'retention.audit: must not be shorter than retention.transcript, which it explains',
    ]);
    expect(faultsOf({ transcript: '1 h' })).toEqual([
      expect.stringMatching(/^retention\.transcript: .*1 d/u),
    ]);
  });
});
