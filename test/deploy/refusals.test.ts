import { describe, expect, test } from 'vitest';
import { describeSettings } from '../../src/settings/describe.ts';
import { readSettings, SettingsError } from '../../src/settings/settings.ts';
import type { Given } from './arm.ts';
import { failureOf, TEMPLATE } from './template.ts';

describe('row 87: what the code would refuse is not deployed, and the rule is named', () => {
  /** What the app says of the same settings. */
  const refusals = (widget: Given, stream: Given = {}, name = 'support'): readonly string[] => {
    try {
      readSettings({
        company: 'Contoso',
        workStreams: { support: stream },
        widgets: { [name]: { title: 'Support', workStream: 'support', ...widget } },
      });
    } catch (reason) {
      if (reason instanceof SettingsError)
        return reason.faults.map(({ setting, rule }) => `${setting}: ${rule}`);
    }
    return [];
  };

  test.each<[string, Given, Given, Given?]>([
    [
      'a window longer than the reconnect time limit',
      { widgetPreviousAgentWindowMinutes: 30 },
      { previousAgentWindow: '30 min' },
    ],
    [
      'a window longer than a limit of its own',
      { widgetPreviousAgentWindowMinutes: 10, workStreamAutoCloseAfterInactivityMinutes: 9 },
      { previousAgentWindow: '10 min' },
      { autoCloseAfterInactivity: '9 min' },
    ],
    ['a slot kept for longer than the wrap-up', { widgetWrapUpSlotMinutes: 16 }, { wrapUpSlot: '16 min' }],
    ['a preview that serves nobody', { widgetReconnectPreview: true }, { reconnect: { preview: true } }],
    [
      'a redirect to a host that is not allowed',
      { widgetRedirectUrl: 'https://evil.example/x', widgetRedirectHosts: ['www.contoso.com'] },
      { redirectUrl: 'https://evil.example/x', redirectHosts: ['www.contoso.com'] },
    ],
  ])('%s', (_, given, widget, stream) => {
    const [said = '', ...others] = refusals(widget, stream);
    expect(others).toEqual([]);
    // The code adds the value it was measured against.
    expect(failureOf(given)).toBe(said.replace(/ \(\d+ \w+\)$/u, ''));
  });

  test.each([
    [{ retentionFilesDays: 181 }, { files: '181 d' }],
    [{ retentionAuditDays: 179 }, { audit: '179 d' }],
    [
      { retentionTranscriptDays: 10, retentionFilesDays: 11 },
      { transcript: '10 d', files: '11 d' },
    ],
  ])('kept for too long or too short: %j', (given, retention) => {
    const wrong = {
      company: 'C',
      workStreams: { s: {} },
      widgets: { w: { title: 'W', workStream: 's' } },
      retention,
    };
    expect(() => readSettings(wrong)).toThrow(failureOf(given));
    expect(failureOf(given)).toMatch(/^retention\.\w+: must not be [^\n]+$/u);
  });

  test.each(['Chat', 'our chat', '1st', 'chat_2'])('a widget called “%s”', (name) => {
    expect(failureOf({ widgetName: name })).toBe(refusals({}, {}, name)[0]);
  });

  test.each([
    ['timeZone', { workStreamHoursWeek: { monday: '9:00-12:00' } }, { week: { monday: '9:00-12:00' } }],
    ['week', { workStreamHoursTimeZone: 'Europe/Berlin' }, { timeZone: 'Europe/Berlin' }],
  ])('opening times without a %s', (_, given, hours) => {
    const [said = ''] = refusals({}, { hours });
    expect(failureOf(given)).toBe(said.split(';')[0]);
  });

  test('a rule of every setting that has one is known', () => {
    const rules = describeSettings().flatMap(({ path, relations }) =>
      relations.filter(({ setting }) => setting === path).map(({ rule }) => rule),
    );
    expect(rules).toHaveLength(4);
    for (const rule of rules)
      expect(JSON.stringify(TEMPLATE.variables)).toContain(rule.replaceAll("'", "''"));
  });

  const more = (widget: Given) => ({
    moreWidgets: { sales: { title: 'Sales', workStream: 'support', ...widget } },
  });
  test.each<[string, Given, string]>([
    [
      'another widget’s window',
      more({ previousAgentWindowMinutes: 21 }),
      'widgets.sales.previousAgentWindow: must',
    ],
    [
      'another widget’s work stream',
      more({ workStream: 'sale' }),
      'widgets.sales.workStream: there is no work stream "sale"',
    ],
    [
      'another widget’s bounds',
      more({ offerTimeoutSeconds: 9 }),
      'moreWidgets.sales.offerTimeoutSeconds: must be 10 to 600',
    ],
    ['a setting that there is not', more({ offerTimeout: 60 }), 'moreWidgets.sales: has no offerTimeout'],
    [
      'one that cannot be set',
      more({ reconnectTimeLimit: '20 min' }),
      'moreWidgets.sales: has no reconnectTimeLimit',
    ],
    [
      'a widget without a title',
      { moreWidgets: { sales: { workStream: 'support' } } },
      'moreWidgets.sales.title: is missing',
    ],
    [
      'the first widget a second time',
      { moreWidgets: { support: { title: 'S', workStream: 'support' } } },
      'moreWidgets: "support" is the first widget already',
    ],
    [
      'the first work stream a second time',
      { moreWorkStreams: { support: {} } },
      'moreWorkStreams: "support" is the first work stream already',
    ],
    [
      'bounds of a parameter',
      { workStreamAutoCloseAfterInactivityMinutes: 4 },
      'workStreamAutoCloseAfterInactivityMinutes: must be 5 to 4320',
    ],
    [
      'a choice that there is not',
      { widgetStartFresh: 'ask' },
      'widgetStartFresh: must be one of release, keep, close',
    ],
    [
      'a portal without https',
      { widgetPortalUrl: 'http://www.contoso.com' },
      'widgets.support.portalUrl: must be an https URL',
    ],
    [
      'a redirect that is no address',
      { widgetRedirectUrl: 'contact' },
      'widgets.support.redirectUrl: must be',
    ],
    ['fewer at most than at least', { minInstances: 6 }, 'minInstances: must not be more than maxInstances'],
    [
      'one instance over several zones',
      { zoneRedundant: true, minInstances: 1 },
      'zoneRedundant: needs at least two',
    ],
    [
      'a throughput Cosmos DB has not',
      { cosmosMaxThroughput: 1500 },
      'cosmosMaxThroughput: must be a multiple of 1000',
    ],
    [
      'a host with what is before it',
      { publicHost: 'https://chat.contoso.com' },
      'publicHost: must be the host alone',
    ],
    [
      'a host in capitals',
      { publicHost: 'Chat.contoso.com' },
      'publicHost: must be the host alone, in lower case',
    ],
    [
      'a name in place of an id',
      { appId: 'the-app-that-our-agents-sign-in-to-x' },
      'appId: must be the Application',
    ],
    ['no company', { company: '' }, 'company: must have 1 to 60'],
    [
      'a retired kind of bot',
      { botType: 'MultiTenant' },
      'botType: must be one of UserAssignedMSI, SingleTenant',
    ],
  ])('%s', (_, given, said) => {
    expect(failureOf(given)).toContain(said);
  });

  test('everything that is wrong is told at once', () => {
    const said = failureOf({
      widgetPreviousAgentWindowMinutes: 30,
      widgetWrapUpSlotMinutes: 60,
      ...more({ previousAgentWindowMinutes: 30 }),
    });
    expect(said.split('\n').map((line) => line.split(':')[0])).toEqual([
      'widgets.support.previousAgentWindow',
      'widgets.support.wrapUpSlot',
      'widgets.sales.previousAgentWindow',
    ]);
  });

  test('nothing is made before the rules are judged: every region comes from them', () => {
    for (const [name, resource] of Object.entries(TEMPLATE.resources)) {
      const location: unknown = Reflect.get(resource, 'location');
      const children = resource.dependsOn?.length ?? 0;
      if (location === undefined) expect([name, children > 0]).toEqual([name, true]);
      else expect(["[variables('location')]", 'global']).toContain(location);
    }
  });
});
