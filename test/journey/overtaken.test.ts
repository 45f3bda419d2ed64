import { describe, expect, it } from 'vitest';
import { hold } from './hold.ts';
import { talkingBeforeEach } from './talking.ts';
import { conversationOf, directLine } from './whole.ts';

describe('a customer whose page asks for a new line', () => {
  const talking = talkingBeforeEach();

  /** The channel forgets the conversation: the page has to ask the house for another one. */
  const breakLine = async () => {
    const { house, lea } = talking();
    await directLine(house, { forget: await conversationOf(lea) });
    await directLine(house, { dropSockets: true });
  };
  const isAsked = async () => {
    const { lea } = talking();
    await lea.button('New chat').click();
    await lea.button('Continue with Jonas').waitFor();
  };
  const goesOn = async (text: string) => {
    const { lea, jonas } = talking();
    await lea.says(text);
    await jonas.sees(text);
    await lea.statusIs(/Connected with Jonas/u);
  };
  const continuedOnce = async () => {
    const { lea } = talking();
    expect((await lea.lines()).filter((line) => line === 'You continued with Jonas')).toHaveLength(1);
  };

  it('goes on, although a beat hears first that the chat is no longer where it was', async () => {
    const { lea } = talking();
    const line = await hold(lea.page, '**/api/directline/token', (route) => route.fetch());
    await breakLine();
    await line.held;
    const beat = lea.page.waitForResponse(/\/api\/presence/u);
    await lea.page.evaluate("dispatchEvent(new Event('online'))");
    await (await beat).finished();
    line.release();
    await goesOn('Overtaken by a beat');
  });

  it('goes on where a click on Continue brought the chat, and the line is heard of after that', async () => {
    const { lea } = talking();
    await isAsked();
    const line = await hold(lea.page, '**/api/directline/token', (route) => route.fetch());
    await breakLine();
    await line.held;
    await lea.button('Continue with Jonas').click();
    await lea.statusIs(/Connected with Jonas/u);
    line.release();
    await goesOn('Overtaken by my click');
    await continuedOnce();
  });

  it('goes on where a click on Continue is heard when the new line stands already', async () => {
    const { lea, jonas } = talking();
    await isAsked();
    const click = await hold(lea.page, '**/api/reconnect');
    await lea.button('Continue with Jonas').click();
    await click.held;
    const joined = lea.page.waitForRequest((request) => (request.postData() ?? '').includes('webchat/join'));
    await breakLine();
    await (await joined).response();
    const there = await hold(lea.page, '**/api/directline/token');
    click.release();
    await there.held;
    // Typed where the chat no longer is, nor yet where it was brought.
    await lea.says('Overtaken by my line');
    there.release();
    await jonas.sees('Overtaken by my line');
    await goesOn('And all is well');
    await continuedOnce();
  });
});
