import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { devices, type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { openHouse, type RunningHouse } from './house.ts';
import { openMachine, type Machine } from './machine.ts';
import { agentAt, customerAt, talk } from './people.ts';
import { answers, asks, begun, comings, directLine, isWhole, type Chat } from './whole.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('a page whose machine was asleep heals by itself', { timeout: 240_000 }, () => {
  let browser: Browser;
  let house: RunningHouse;
  let machine: Machine;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await machine.close();
    await house.close();
  });

  /** A customer at this machine, in the middle of a chat with Jonas. */
  const chattingAt = async (own: Machine): Promise<Chat> => {
    const jonas = await agentAt(browser, house.origin, 1);
    const lea = await customerAt(own.context, `${house.origin}/`);
    await talk(lea, jonas);
    return begun(lea, jonas);
  };

  it('a laptop, after half an hour, where the limit is longer', async () => {
    house = await openHouse({ settings: patient() });
    machine = await openMachine(house);
    const chat = await chattingAt(machine);
    await directLine(house, { dropSockets: true });
    await machine.sleeps(30 * MINUTE, () => chat.jonas.sees(/is gone: probably a lost connection/u));

    await chat.jonas.sees(/is back/u);
    await asks(chat, 'I am awake');
    await answers(chat, 'Good morning');
    await isWhole(chat);
    expect(await comings(chat.jonas)).toEqual([
      expect.stringMatching(/is back · was gone(?: for .+)? · probably a lost connection/u),
    ]);
    expect([...chat.lea.complaints, ...chat.jonas.complaints]).toEqual([]);
  });

  it('row 83, N18, row 54: a phone locked six times in ten minutes, then for longer than its grace', async () => {
    house = await openHouse();
    machine = await openMachine(house, devices['Pixel 7']);
    const chat = await chattingAt(machine);
    const { lea, jonas } = chat;
    const cards = jonas.card().locator('.ac-adaptiveCard');
    const before = await cards.count();

    // Once for longer than anybody else may be silent.
    for (const seconds of [30, 60, 270, 60, 90, 90]) await machine.isLocked(lea.page, seconds * SECOND);
    await asks(chat, 'Always here');
    await answers(chat, 'I know');
    expect(await comings(jonas)).toEqual([]);

    await machine.isLocked(lea.page, 6 * MINUTE, () => jonas.sees(/probably a locked phone/u));
    await jonas.sees(/is back · was gone(?: for .+)? · probably a locked phone/u);
    await machine.isLocked(lea.page, 6 * MINUTE, () => jonas.sees(/is gone · gone 2 times/u));
    await jonas.sees(/is back · gone 2 times · probably a locked phone/u);
    expect(await comings(jonas)).toHaveLength(1);
    expect(await cards.count()).toBe(before);

    await asks(chat, 'Back in my hand');
    await isWhole(chat);
    expect([...lea.complaints, ...jonas.complaints]).toEqual([]);
  });
});

/** Settings under which a customer may be gone for two hours, and has their agent kept for one. */
function patient(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'patient-')), 'settings.json');
  const settings = {
    company: 'Northwind Parcels',
    workStreams: { support: { autoCloseAfterInactivity: '2 h' } },
    widgets: {
      support: {
        title: 'Support',
        workStream: 'support',
        promptAudience: 'anyone',
        previousAgentWindow: '1 h',
      },
    },
  };
  writeFileSync(file, JSON.stringify(settings));
  return file;
}
