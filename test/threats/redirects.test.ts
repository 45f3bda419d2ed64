import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { until } from '../server/house.ts';
import { environment, openDesk, SETTINGS, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn } from '../production/people.ts';

const AWAY = 'https://www.contoso.com/sorry';
const settings = (redirectUrl: string, redirectHosts: readonly string[] = ['www.contoso.com']) => ({
  ...SETTINGS,
  widgets: { chat: { ...SETTINGS.widgets.chat, redirectUrl, redirectHosts } },
});

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk({ SETTINGS_JSON: JSON.stringify(settings(AWAY)) });
});
afterAll(() => desk.close());

describe('T29: an address that would send customers elsewhere', () => {
  test.each([
    'javascript:alert(1)//www.contoso.com',
    'data:text/html,<script>alert(1)</script>',
    '//evil.example/x',
    '/\\evil.example',
    'https:evil.example',
    'https://evil.example/www.contoso.com',
    'https://www.contoso.com.evil.example/',
    'https://www.contoso.com@evil.example/',
    'https://evil.example\\@www.contoso.com/',
    'https://www.contoso.com%2eevil.example/',
    'https://www.contoso.com\r\nLocation: https://evil.example/',
    'https://www.contoso.com/\tx',
    'http://www.contoso.com/',
    'ftp://www.contoso.com/',
    'https://www。contoso。com.evil.example/',
  ])('T29: such as %j keeps the house from starting, by its name', (redirectUrl) => {
    const given = environment(desk.azure, desk.cosmos);
    const SETTINGS_JSON = JSON.stringify(settings(redirectUrl));
    expect(() => readConfig({ ...given, SETTINGS_JSON }, () => '')).toThrow(/widgets\.chat\.redirectUrl/u);
    expect(() =>
      readConfig({ ...given, SETTINGS_JSON: JSON.stringify(settings(AWAY)) }, () => ''),
    ).not.toThrow();
  });

  test('T29: is not taken from whoever asks: too late, they are sent where the settings say', async () => {
    const jonas = await agentAt(desk, 'Jonas Weber', 1);
    const lea = await customerAt(desk);
    await lea.say('agent');
    const sid = await rowIn(jonas, 'queue', lea);
    await jonas.act(sid, { act: 'accept' });
    await jonas.act(sid, { act: 'message', text: 'One moment' });
    await lea.leave();
    desk.clock.advance(60_000);
    await until(async () => {
      desk.clock.advance(1_000);
      return (await jonas.tab('GET', '/api/inbox/mine')).text.includes('disconnected');
    }, 'she is gone');
    desk.clock.advance(25 * 60_000);
    const evil = 'https://evil.example/';
    const wish = { returnUrl: evil, redirect: evil, redirectUrl: evil, next: evil };
    const late = await until(async () => {
      desk.clock.advance(1_000);
      const asked = await desk.ask('POST', `/api/directline/token?returnUrl=${evil}`, wish, lea.asking);
      return asked.text.includes('"ended"') ? asked : undefined;
    }, 'she is too late');
    expect(late.body['state']).toMatchObject({ ended: { redirect: AWAY } });
    expect(late.text).not.toContain('evil.example');
  });

  test.each([
    '/?returnUrl=https://evil.example',
    '/inbox/?next=//evil.example',
    '//evil.example/%2e%2e',
    '/?redirect=javascript:x',
  ])('T29: in %s leads nowhere', async (at) => {
    const answer = await fetch(`${desk.origin}${at}`, { redirect: 'manual' });
    expect([answer.headers.get('location'), answer.headers.get('refresh')]).toEqual([null, null]);
    expect([200, 404]).toContain(answer.status);
  });
});
