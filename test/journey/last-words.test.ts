import { describe, expect, it } from 'vitest';
import { tracesOf } from '../handoff/traces.ts';
import { customerAt, type Customer } from './people.ts';
import { talkingBeforeEach } from './talking.ts';
import { heard, types } from './whole.ts';

describe('a page that is closed', () => {
  const talking = talkingBeforeEach();

  /** Types two lines into `page`, neither of which the channel gets; `by` is the page that tries to send them. */
  const typesIntoTheVoid = async (page: Customer, by: Customer) => {
    let tried = 0;
    await by.page.route(/\/conversations\/[^/]+\/activities$/u, (route) => {
      tried += 1;
      return route.abort();
    });
    await types({ lea: page, said: [] }, 'It is a gift');
    await types({ lea: page, said: [] }, 'For my mother');
    // From now on the page waits for seconds before it tries again.
    await expect.poll(() => tried, { timeout: 60_000 }).toBeGreaterThan(2);
    await by.page.unrouteAll();
  };
  const heardOnce = () =>
    expect
      .poll(async () => (await heard(talking().jonas)).filter((line) => /gift|mother/u.test(line)).sort(), {
        timeout: 60_000,
      })
      .toEqual(['For my mother', 'It is a gift']);

  it('sends what was typed last, although it had not gone through until then', async () => {
    const { lea } = talking();
    await typesIntoTheVoid(lea, lea);
    await lea.page.close();
    await heardOnce();
  });

  it('leaves to another page of the browser what was typed in it last', async () => {
    const { house, lea } = talking();
    const second = await customerAt(lea.page.context(), `${house.origin}/`);
    await second.sees('I am looking');
    await typesIntoTheVoid(second, lea);
    await second.page.close();
    await heardOnce();
    expect((await lea.lines()).slice(-2)).toEqual(['It is a gift', 'For my mother']);
  });

  it('says that it leaves, also where it has taken the chat over from another', async () => {
    const { house, lea } = talking();
    const second = await customerAt(lea.page.context(), `${house.origin}/`);
    await second.sees('I am looking');
    let beats = 0;
    second.page.on('request', (request) => (beats += request.url().endsWith('/api/presence') ? 1 : 0));
    await lea.page.close();
    // It says twice that its customer is here, as the last word of the one before may be slow.
    await expect.poll(() => beats, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    const left = () => tracesOf(['"leftAt":'], house.store());
    await expect.poll(left, { timeout: 60_000 }).toEqual([]);
    await second.page.close();
    await expect.poll(left, { timeout: 60_000 }).toEqual(['sessions presence: "leftAt":']);
  });
});
