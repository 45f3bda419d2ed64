import { cosmosStores, type CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { words } from '../../src/cards/wording.ts';
import type { MovableClock } from '../../src/clock.ts';
import { createHouse, type House } from '../../src/handoff/house.ts';
import type { WidgetRules } from '../../src/handoff/house-parts.ts';
import type { Caller } from '../../src/handoff/links-find.ts';
import type { Looked, Redeemed, Redemptions } from '../../src/handoff/links-redeem.ts';
import type { Rim } from '../../src/handoff/links-use.ts';
import type { Peppers } from '../../src/handoff/peppers.ts';
import type { Fact } from '../../src/handoff/telemetry.ts';
import { cosmosEngine, type CosmosEngine } from '../../src/local/cosmos/engine.ts';
import { engineHttpClient } from '../../src/local/cosmos/http-client.ts';
import type { SessionId } from '../../src/session/ids.ts';
import { RECOMMENDED } from '../../src/session/rules.ts';
import type { Session } from '../../src/session/session.ts';
import { standingClock } from '../race/standing-clock.ts';

/**
 * A house alone, its store in this process, and a clock that stands unless somebody waits for it: what comes of links and
 * codes, to the millisecond, and quick enough to be asked a thousand times.
 */
export interface Gate {
  readonly clock: MovableClock;
  readonly engine: CosmosEngine;
  readonly stores: CosmosStores;
  readonly house: House;
  /** What was logged and measured of ways back. */
  readonly told: readonly string[];
  /** Puts a session there as it stands. */
  readonly stands: (session: Session) => Promise<Session>;
  /** What a session is now. */
  readonly session: (sid: SessionId) => Promise<Session>;
  /** Notices and lines of its ledger. */
  readonly ledger: (sid: SessionId) => Promise<readonly string[]>;
  /** A new link and its code. */
  readonly gives: (sid: SessionId) => Promise<Given>;
  readonly clicks: (token: string, caller?: Caller, rim?: Rim) => Promise<Redeemed>;
  readonly types: (code: string, caller?: Caller, rim?: Rim) => Promise<Redeemed>;
  readonly looks: (token: string, caller?: Caller) => Promise<Looked>;
  readonly reads: (token: string, caller?: Caller) => ReturnType<Redemptions['read']>;
  /** Another instance over the same store, maybe with a pepper of its own. */
  readonly another: (peppers?: Peppers) => House;
  /** Waits, while the clock goes on by itself. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
  readonly close: () => void;
}

export interface Given {
  readonly token: string;
  readonly code: string;
}

export const PEPPER = 'a pepper of at least thirty-two characters';
export const stranger: Caller = { from: '192.0.2.1', who: () => Promise.resolve({ devices: [] }) };

/** Longer than any deadline of the house. */
const MOST_MS = 15_000;
const STEP_MS = 10;

let opened = 0;
/** The rim, with something that happens while a conversation is being opened. */
export const rim = (meanwhile: () => Promise<unknown> = () => Promise.resolve()): Rim => ({
  open: async () => {
    await meanwhile();
    return { token: 'dl', conversationId: `by-link-${(opened += 1)}`, expires_in: 3600 };
  },
  admit: (customer, conversation) => ({
    ...{ hash: `device of ${conversation}`, setCookie: `cookie of ${customer}`, pass: 'pass' },
  }),
});

const shop: WidgetRules = {
  ...{ rules: RECOMMENDED, enabled: true, preview: false, stream: 'sales' },
  ...{ dispositions: [], suspendReasons: [], words: words('en'), agentWords: words('en') },
  files: { enabled: false, types: [], maxBytes: 1 },
  portalUrl: 'https://www.example.com/shop',
};
const { portalUrl: _, ...bare } = shop;
const WIDGETS: Readonly<Record<string, WidgetRules>> = { shop, bare, off: { ...shop, enabled: false } };

export function openGate(): Gate {
  const clock = standingClock();
  const engine = cosmosEngine({ file: ':memory:', clock, database: DATABASE, containers: CONTAINERS });
  const told: string[] = [];
  const opening = { endpoint: 'http://cosmos.gate', key: engine.key, httpClient: engineHttpClient(engine) };
  const stores = cosmosStores({ ...opening, database: DATABASE, clock, log: () => undefined });
  let made = 0;
  const another: Gate['another'] = (peppers = { pepper: PEPPER }) =>
    createHouse({
      ...{ stores, clock, company: 'Northwind', streams: ['sales'], ...peppers },
      customerWire: () => Promise.resolve({ outcome: 'gone' }),
      agentWire: {
        send: () => Promise.resolve({ outcome: 'gone' }),
        update: () => Promise.resolve({ outcome: 'gone' }),
        tell: () => Promise.resolve({ outcome: 'gone' }),
      },
      botLine: () => Promise.resolve(),
      widget: (id) => WIDGETS[id] ?? shop,
      cannedResponses: () => [],
      unique: () => `unique${String((made += 1)).padStart(16, '0')}`,
      holder: `holder-${(made += 1)}`,
      agentWords: words('en'),
      telemetry: {
        tell: (fact) => {
          if (isOfLinks(fact)) told.push(JSON.stringify(fact));
        },
        during: (_work, run) => run(),
      },
      log: (event, fields) => {
        if (event.startsWith('reconnect.')) told.push(`${event} ${JSON.stringify(fields)}`);
      },
    });
  const house = another();

  const during: Gate['during'] = async (work) => {
    const state = { isOver: false };
    const end = (): void => void (state.isOver = true);
    work.then(end, end);
    for (let waited = 0; waited < MOST_MS; waited += STEP_MS) {
      for (let turn = 0; turn < 50; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        if (state.isOver) return work;
      }
      clock.advance(STEP_MS);
    }
    throw new Error(`It did not come about within ${MOST_MS} ms`);
  };
  const { redemptions } = house;
  const now = async (sid: SessionId): Promise<Session> => {
    const read = await stores.sessions.header(sid);
    if (read === undefined) throw new Error(`There is no ${sid}`);
    return read.value.session;
  };
  return {
    ...{ clock, engine, stores, house, told, another, during },
    stands: async (session) => {
      const { id, customer, conversation, widget, status, openedAt } = session;
      const read = await stores.sessions.index(customer);
      const entry = { ...{ sid: id, status, widget, conversation, openedAt }, changedAt: openedAt };
      const committed = await stores.sessions.commit({
        ...{ over: undefined, entries: [], dedupe: [] },
        header: {
          ...{ session, seq: 0, delivered: 0, owed: 0, cards: {}, cardVer: session.ver },
          reference: {
            ...{ channel: 'directline', serviceUrl: 'http://localhost', conversation },
            ...{ bot: { id: 'bot' }, user: { id: customer } },
          },
        },
        index: {
          over: read?.etag,
          value: { customer, sessions: [entry, ...(read?.value.sessions ?? [])] },
        },
      });
      if (committed.outcome !== 'committed') throw new Error(`Not put there: ${committed.outcome}`);
      return session;
    },
    session: now,
    ledger: async (sid) =>
      (await stores.sessions.entries(sid, {})).map(({ what }) =>
        what.kind === 'notice' ? `${what.to}: ${what.code}` : (what.text ?? ''),
      ),
    gives: async (sid) => {
      const copied = await during(house.links.copy(sid));
      if (!('given' in copied)) throw new Error(`Nothing was given: ${copied.refused.kind}`);
      const { url, code } = copied.given;
      return { code, token: url === undefined ? '' : new URL(url).hash.slice(1) };
    },
    clicks: (text, caller = stranger, at = rim()) =>
      during(redemptions.redeem({ way: 'link', text }, caller, at)),
    types: (text, caller = stranger, at = rim()) =>
      during(redemptions.redeem({ way: 'code', text }, caller, at)),
    looks: (text, caller = stranger) => during(redemptions.look(text, caller)),
    reads: (text, caller = stranger) => during(redemptions.read(text, caller)),
    close: () => {
      stores.dispose();
      engine.close();
    },
  };
}

const isOfLinks = ({ kind }: Fact): boolean => kind === 'tooLate' || kind === 'notRedeemed';
