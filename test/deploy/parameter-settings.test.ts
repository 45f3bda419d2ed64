import { describe, expect, test } from 'vitest';
import { armSettings } from '../../src/admin/arm-settings.ts';
import { overrideFaults } from '../../src/cards/overrides.ts';
import { describeSettings } from '../../src/settings/describe.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { TENANT, type Given } from './arm.ts';
import { APP_ID, deployed, LEAST, settingsOf, TEMPLATE } from './template.ts';

/** They hold the rest, or follow from the first work stream's name. */
const TABLES = ['workStreams', 'widgets', 'widgets.*.workStream'];
const written = (given: Given): unknown => JSON.parse(settingsOf(deployed(given))['SETTINGS_JSON'] ?? '');

describe('row 87: every setting is a parameter', () => {
  const made = armSettings(describeSettings());

  test('of the template, with its description, bounds and choices: npm run template', () => {
    expect(TEMPLATE.definitions).toEqual(JSON.parse(JSON.stringify(made.definitions)));
    expect(TEMPLATE.parameters).toMatchObject(JSON.parse(JSON.stringify(made.parameters)) as object);
    expect(TEMPLATE.variables).toMatchObject(JSON.parse(JSON.stringify(made.variables)) as object);
  });

  test.each(describeSettings().filter(({ type, path }) => type !== 'derived' && !TABLES.includes(path)))(
    '$path',
    ({ of, bounds, choices, required, name }) => {
      const key = [...(of === 'house' ? [] : [of]), ...name.split('.')]
        .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
        .join('');
      const found = Object.entries(TEMPLATE.parameters).filter(([one]) =>
        [key, `${key}Days`, `${key}Minutes`, `${key}Seconds`, `${key}KB`].includes(one),
      );
      expect(found).toHaveLength(1);
      const [parameter, schema] = found[0] ?? [];
      const each = parameter?.endsWith('Days') === true ? 24 * 60 : 1;
      expect(schema?.metadata?.description).toMatch(/\.$/u);
      expect(schema?.allowedValues).toEqual(choices);
      expect(schema?.minValue ?? schema?.minLength).toBe(bounds && bounds.min / each);
      expect(schema?.maxValue ?? schema?.maxLength).toBe(bounds?.max && bounds.max / each);
      expect(schema?.nullable ?? false).toBe(!required || name.includes('.'));
    },
  );

  test('an admin who sets one of every kind has them all in the settings', () => {
    const settings = written({
      ...LEAST,
      agentCapacity: 3,
      retentionTranscriptDays: 90,
      sites: ['https://shop.contoso.com'],
      signIn: [
        { issuer: 'https://login.contoso.com', audience: 'chat', jwksUrl: 'https://login.contoso.com/keys' },
      ],
      workStreamName: 'first',
      workStreamQueueTargetSeconds: 90,
      workStreamDispositions: ['Solved'],
      workStreamHoursTimeZone: 'Europe/Berlin',
      workStreamHoursWeek: { monday: '9:00-17:00' },
      widgetName: 'chat',
      widgetPreset: 'seedB',
      widgetReconnectPreview: true,
      widgetReconnectPreviewAgents: [`${TENANT}:${APP_ID}`],
      widgetWrapUpMinutes: 20,
      widgetWrapUpSlotMinutes: 20,
      widgetSuspendFreesCapacity: false,
      widgetRedirectUrl: 'https://www.contoso.com:443/contact',
      widgetRedirectHosts: ['www.contoso.com'],
      widgetFilesMaxSizeKB: 512,
      widgetWording: { en: { 'page.placeholder': 'Ask us' } },
    });
    expect(settings).toEqual({
      company: 'Contoso',
      agentCapacity: 3,
      retention: { transcript: '90 d' },
      sites: ['https://shop.contoso.com'],
      signIn: [
        { issuer: 'https://login.contoso.com', audience: 'chat', jwksUrl: 'https://login.contoso.com/keys' },
      ],
      workStreams: {
        first: {
          queueTarget: '90 s',
          dispositions: ['Solved'],
          hours: { timeZone: 'Europe/Berlin', week: { monday: '9:00-17:00' } },
        },
      },
      widgets: {
        chat: {
          title: 'Support',
          workStream: 'first',
          preset: 'seedB',
          portalUrl: 'https://www.contoso.com/support',
          redirectUrl: 'https://www.contoso.com:443/contact',
          redirectHosts: ['www.contoso.com'],
          reconnect: { preview: true, previewAgents: [`${TENANT}:${APP_ID}`] },
          wrapUp: '20 min',
          wrapUpSlot: '20 min',
          suspendFreesCapacity: false,
          files: { maxSize: '512 KB' },
          wording: { en: { 'page.placeholder': 'Ask us' } },
        },
      },
    });
    expect(() => readSettings(settings, overrideFaults)).not.toThrow();
  });

  test('an admin who sets none of them has the code’s defaults, and the preset its say', () => {
    expect(written(LEAST)).toEqual({
      company: 'Contoso',
      workStreams: { support: {} },
      widgets: {
        support: {
          title: 'Support',
          workStream: 'support',
          portalUrl: 'https://www.contoso.com/support',
        },
      },
    });
  });

  test('the lowest and the highest of every number are taken by the code as well', () => {
    for (const edge of ['minValue', 'maxValue'] as const) {
      const numbers = Object.entries(TEMPLATE.parameters).filter(
        ([name, { type }]) => type === 'int' && /^(?:widget|workStream|agentCapacity|retention)/u.test(name),
      );
      expect(numbers.length).toBeGreaterThan(10);
      const given = Object.fromEntries(numbers.map(([name, schema]) => [name, schema[edge]]));
      expect(() => readSettings(written({ ...LEAST, ...given }), overrideFaults)).not.toThrow();
    }
  });

  test('what a portal says of one has no marks of Markdown, and keeps its stars', () => {
    const said = Object.values(TEMPLATE.parameters).map(({ metadata }) => metadata?.description ?? '');
    expect(said.filter((text) => /`|\*\w/u.test(text))).toEqual([]);
    expect(TEMPLATE.parameters['widgetPageHosts']?.metadata?.description).toContain('*.example.com');
  });
});
