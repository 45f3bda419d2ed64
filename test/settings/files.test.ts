import { describe, expect, test } from 'vitest';
import { endingsOf, type FileRules } from '../../src/session/files.ts';
import { readSettings, SettingsError, type SettingFault } from '../../src/settings/settings.ts';

const filesIn = (files?: object): FileRules => {
  const [widget] = readSettings({
    company: 'Northwind Parcels',
    workStreams: { support: {} },
    widgets: { chat: { title: 'Support', workStream: 'support', ...(files && { files }) } },
  }).widgets;
  if (widget === undefined) throw new Error('There is no widget');
  return widget.files;
};

function faultOf(files: object): SettingFault | undefined {
  try {
    filesIn(files);
  } catch (reason) {
    if (reason instanceof SettingsError) return reason.faults[0];
    throw reason;
  }
  return undefined;
}

describe('row 79: files in a widget’s chats', () => {
  test('an admin who sets nothing lets pictures, documents and text through, up to 10 MB', () => {
    const { enabled, maxBytes, types } = filesIn();
    expect({ enabled, maxBytes }).toEqual({ enabled: true, maxBytes: 10 * 1024 * 1024 });
    expect(endingsOf({ enabled, maxBytes, types })).toEqual(
      expect.arrayContaining(['.png', '.jpg', '.jpeg', '.pdf', '.docx', '.csv']),
    );
    expect(types.find(({ type }) => type === 'image/jpeg')?.extensions).toEqual(['jpg', 'jpeg']);
  });

  test('an admin names the largest size and the types, and switches files off', () => {
    expect(filesIn({ maxSize: '1.5 MB' }).maxBytes).toBe(1.5 * 1024 * 1024);
    expect(filesIn({ types: ['pdf'] }).types).toEqual([{ type: 'application/pdf', extensions: ['pdf'] }]);
    expect(filesIn({ enabled: false }).enabled).toBe(false);
    expect(filesIn({ types: [], moreTypes: [{ type: 'image/vnd.dwg', extensions: ['dwg'] }] }).types).toEqual(
      [{ type: 'image/vnd.dwg', extensions: ['dwg'] }],
    );
  });

  test.each([
    [{ maxSize: '10' }, 'maxSize', 'is no size'],
    [{ maxSize: '1 GB' }, 'maxSize', 'is no size'],
    [{ maxSize: '26 MB' }, 'maxSize', 'between 1 KB and 25 MB'],
    [{ maxSize: 10 }, 'maxSize', 'such as "10 MB"'],
    [{ types: ['dwg'] }, 'types.0', 'none we know'],
    [{ types: ['exe'] }, 'types.0', 'never taken'],
    [{ types: ['.pdf'] }, 'types.0', 'without the dot'],
    [{ types: 'pdf' }, 'types', 'must be a list'],
    [{ moreTypes: [{ type: 'image/svg+xml', extensions: ['drawing'] }] }, 'moreTypes.0.type', 'never taken'],
    [{ moreTypes: [{ type: 'image/vnd.dwg', extensions: ['html'] }] }, 'moreTypes.0.extensions.0', 'never'],
    [{ size: '10 MB' }, 'size', 'no such setting'],
  ])('an admin who writes %j is told which setting breaks which rule', (files, setting, rule) => {
    expect(faultOf(files)).toEqual({
      setting: `widgets.chat.files.${setting}`,
      rule: expect.stringContaining(rule) as string,
    });
  });
});
