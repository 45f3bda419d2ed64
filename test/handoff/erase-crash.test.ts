import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { sessions as makeSessions } from '../../src/handoff/handle.ts';
import type { FileStore } from '../../src/handoff/ports.ts';
import { eraser, type Eraser } from '../../src/handoff/privacy/erase.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { embeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { openTown, SETTINGS } from './house.ts';
import { PNG } from './files.ts';
import { everything, putAll, tracesOf, type Lying } from './traces.ts';
import { openShelf, partsOf, TELLTALES, zelda, type Shelf, type Zelda } from './zelda.ts';

let shelf: Shelf;
let her: Zelda;
let before: ReadonlyMap<string, readonly Lying[]>;
beforeAll(async () => {
  shelf = await openShelf();
  const town = await openTown();
  const house = await town.open({ files: partsOf(shelf) });
  her = await zelda(town, house, shelf);
  await house.stop();
  before = await everything(town.store.cosmos);
  await town.close();
});
afterAll(() => shelf.close());

class Killed extends Error {}

/** Lets so many calls through, and dies of the next: it was carried out, and nobody heard of it. */
function mortal(lives: number) {
  let calls = 0;
  const count = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (of, name) => {
        const method: unknown = Reflect.get(of, name);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          if (calls > lives) throw new Killed();
          calls += 1;
          const answer: unknown = await Reflect.apply(method, of, given);
          if (calls > lives) throw new Killed();
          return answer;
        };
      },
    });
  return { count, calls: () => calls };
}

const rulesFor = () => {
  const [widget] = readSettings(SETTINGS).widgets;
  if (widget === undefined) throw new TypeError('There is a widget');
  return widget.rules;
};

function eraserOver(
  { sessions: store, holdings, agents }: Pick<CosmosStores, 'sessions' | 'holdings' | 'agents'>,
  files: FileStore,
  { clock }: EmbeddedStore,
): Eraser {
  const door = makeSessions({ store, clock, rulesFor, tell: () => undefined, holder: 'test' });
  return eraser({
    ...{ store, holdings, agents, files, clock },
    end: async (sid) => {
      await door.ask(sid, { actor: 'house', command: () => ({ type: 'close', by: 'house' }) });
    },
    forget: door.erase,
    unique: () => 'one-erasure',
    log: () => undefined,
  });
}

/** Begins with everything as it was, and dies after so many steps; whether it did. */
async function diesAndIsResumed(lives: number): Promise<boolean> {
  const world = await embeddedStore();
  try {
    await putAll(world.cosmos, before);
    await shelf.kept.files.put(her.device.id, 'photo', {
      bytes: PNG,
      name: 'telltale.png',
      type: 'image/png',
    });
    const { count, calls } = mortal(lives);
    const { sessions, holdings, agents } = world.stores;
    const dying = eraserOver(
      { sessions: count(sessions), holdings: count(holdings), agents: count(agents) },
      count(shelf.kept.files),
      world,
    );
    const first = await dying
      .ask(her.account.id, 'operator')
      .then(async (asked) => asked && (await dying.carryOut(asked.customer)))
      .catch((reason: unknown) => {
        if (!(reason instanceof Killed)) throw reason;
        return 'died' as const;
      });

    // Whoever runs it again, asks for her device this time.
    const again = eraserOver(world.stores, shelf.kept.files, world);
    const asked = await again.ask(her.device.id, 'operator');
    if (asked !== undefined) await again.carryOut(asked.customer);
    const said = `after ${calls()} steps`;
    expect([said, await tracesOf(TELLTALES, world.cosmos)]).toEqual([said, []]);
    expect([said, await shelf.kept.files.list(her.device.id)]).toEqual([said, []]);
    const ids = await tracesOf([her.device.id, her.account.id], world.cosmos);
    expect([said, ids.filter((one) => !TOMBSTONES.test(one))]).toEqual([said, []]);
    const notes = (await everything(world.cosmos)).get('lookups')?.filter(({ kind }) => kind === 'erased');
    expect([said, notes?.length]).toEqual([said, 1]);
    return first === 'died';
  } finally {
    await world.close();
  }
}

/** What stays for an hour, or a day; none of it holds more than an id. */
const TOMBSTONES = /^(?:inbox row|inbox erasure|sessions index|sessions buried): /u;

describe('row 93, T40: an erasure that dies', () => {
  test('after any of its steps is finished by whoever runs it again, and leaves nothing', async () => {
    let steps = 0;
    while (await diesAndIsResumed(steps)) steps += 1;
    expect(steps).toBeGreaterThan(60);
  }, 180_000);
});
