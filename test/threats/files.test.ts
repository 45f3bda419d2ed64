import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directLineAttachments } from '../../src/adapters/directline/attachments.ts';
import { droppedFiles } from '../../src/adapters/teams/dropped-files.ts';
import { until } from '../server/house.ts';
import { openDesk, SETTINGS, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Agent } from '../production/people.ts';

/** What must never be asked. */
let canary: Server;
let hits = 0;
let at = '';
let desk: TestDesk;
let jonas: Agent;
/** Where this process has sent requests to, by whichever client. */
const asked: string[] = [];
const note = (message: unknown): void => {
  const sent = Object(Reflect.get(Object(message), 'request')) as {
    readonly origin?: unknown;
    readonly getHeader?: (name: string) => unknown;
  };
  asked.push(String(sent.origin ?? sent.getHeader?.('host')));
};
const CHANNELS = ['undici:request:create', 'http.client.request.start'];
beforeAll(async () => {
  canary = createServer((request, response) => {
    hits += 1;
    response.writeHead(302, { location: `http://${request.headers.host ?? ''}/again` });
    response.end();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  at = `127.0.0.1:${(canary.address() as AddressInfo).port}`;
  for (const channel of CHANNELS) subscribe(channel, note);
  const chat = { ...SETTINGS.widgets.chat, files: { enabled: true } };
  desk = await openDesk({
    SETTINGS_JSON: JSON.stringify({ ...SETTINGS, widgets: { chat } }),
    BLOB_ACCOUNT_URL: 'https://files.contoso.example',
  });
  jonas = await agentAt(desk, 'Jonas Weber', 1);
});
afterAll(async () => {
  for (const channel of CHANNELS) unsubscribe(channel, note);
  await desk.close();
  canary.closeAllConnections();
  await new Promise((resolve) => canary.close(resolve));
});

/** Where somebody would like us to look. */
const hostile = (): readonly string[] => [
  `http://${at}/x.png`,
  `https://${at}/x.png`,
  `https://directline.botframework.com@${at}/x.png`,
  `https://directline.botframework.com:x@${at}/x.png`,
  `http://directline.botframework.com.${at}/x.png`,
  'http://directline.botframework.com/x.png',
  'https://directline.botframework.com:8443/x.png',
  'https://directline.botframework.com.evil.example/x.png',
  `https://evil.example/https://directline.botframework.com/x.png`,
  'https://evil.sharepoint.com.evil.example/x.png',
  'http://169.254.169.254/metadata/identity/oauth2/token?resource=https://vault.azure.net',
  'http://169.254.129.2:8081/msi/token',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://[::ffff:169.254.169.254]/',
  'http://0x7f000001/x.png',
  'http://2130706433/x.png',
  'http://localhost/x.png',
  'http://[::1]/x.png',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'ftp://127.0.0.1/x',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'javascript:alert(1)',
  'blob:https://chat.contoso.com/1',
  '//evil.example/x.png',
  '/api/agent/me',
  'not an address',
  '',
];
/** Hosts that this test itself and the desk have to do with. */
const isOurs = (origin: string): boolean =>
  [desk.origin, desk.azure.origin, desk.cosmos.endpoint].some((one) => new URL(one).host === hostOf(origin));
const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : origin);

test('T28: what a customer writes for the address of a file is asked for nowhere but where the channel keeps files', async () => {
  const mallory = await customerAt(desk);
  await mallory.say('agent');
  const sid = await rowIn(jonas, 'queue', mallory);
  expect((await jonas.act(sid, { act: 'accept' })).status).toBe(200);
  asked.length = 0;
  for (const [i, contentUrl] of hostile().entries()) {
    const attachments = [
      { contentType: 'image/png', contentUrl, name: `x${i}.png`, thumbnailUrl: contentUrl },
    ];
    const said = await mallory.say(`file ${i}`, { attachments });
    expect([contentUrl, said.status]).toEqual([contentUrl, 200]);
  }
  const read = await until(async () => {
    const one = await jonas.tab('GET', `/api/sessions/${encodeURIComponent(sid)}`);
    return one.text.includes(`file ${hostile().length - 1}`) ? one : undefined;
  }, 'Jonas reads all of it');
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((origin) => !isOurs(origin))).toEqual([]);
  expect(hits).toBe(0);
  // Each is named to the agent, with words in its place: nothing that a tab would fetch.
  for (const address of hostile())
    if (address !== '') expect(read.text).not.toContain(JSON.stringify(address));
  expect(read.text).toContain('x0.png');
});

test('T28: nor is it by the fetchers themselves, in whatever dress the address comes', async () => {
  const { signal } = new AbortController();
  const dropped = droppedFiles({ continueConversationAsync: () => Promise.resolve() }, 'app');
  const chat = {
    ...{ conversation: 'x', serviceUrl: 'https://smba.trafficmanager.net/emea/', bot: { id: 'bot' } },
    user: { id: 'x' },
  };
  asked.length = 0;
  for (const address of hostile()) {
    expect(await directLineAttachments()(address, 1_000, signal)).toEqual({ fault: 'unreadable' });
    for (const kind of ['download', 'inline'] as const)
      expect(await dropped({ kind, url: address }, chat, 1_000, signal)).toEqual({
        fault: 'unreadable',
      });
  }
  expect(asked.filter((origin) => !isOurs(origin))).toEqual([]);
  expect(hits).toBe(0);
});

test('T28: a channel that sends us on, into our own network say, is not followed there', async () => {
  const { signal } = new AbortController();
  const place = `http://${at}/files/`;
  asked.length = 0;
  const fetched = await directLineAttachments([place])(`${place}1`, 1_000, signal);
  expect([fetched, hits]).toEqual([{ fault: 'unreadable' }, 1]);
  // So that the zeros above mean something.
  expect(asked.map(hostOf)).toContain(at);
});
