import type { SessionId } from '../../src/session/ids.ts';
import type { Denied, ErasedPerson, Handed, Pressed, Redeemed, SaidLine, Taken } from './evidence.ts';
import { ask, type Came, type Instance } from './instance.ts';
import type { SimAgent, SimCustomer } from './people.ts';
import type { Stage } from './stage.ts';

/** What people did and saw in a run. */
export interface History {
  readonly said: SaidLine[];
  readonly handed: Handed[];
  readonly redeemed: Redeemed[];
  readonly denied: Denied[];
  readonly taken: Taken[];
  readonly pressed: Pressed[];
  readonly erased: ErasedPerson[];
  /** How often what came to what. */
  readonly came: Map<string, number>;
}

export const newHistory = (): History => ({
  ...{ said: [], handed: [], redeemed: [], denied: [], taken: [], pressed: [], erased: [] },
  came: new Map<string, number>(),
});

/** How people act on a stage: who they are, and how they ask for something. */
export interface Acting {
  readonly stage: Stage;
  readonly history: History;
  readonly customer: (at: number) => SimCustomer;
  readonly agent: (at: number) => SimAgent;
  readonly colleagueOf: (agent: SimAgent) => SimAgent;
  /** Asks the instance at this place; always settles. */
  readonly asked: <T>(to: number, what: string, work: (instance: Instance) => Promise<T>) => Promise<Came<T>>;
  /** A channel posts an activity there; gives what was answered to an invoke. */
  readonly post: (
    to: number,
    activity: Readonly<Record<string, unknown>>,
    what: string,
  ) => Promise<Came<unknown>>;
  /** Again, elsewhere, until it is answered: how a channel or a page goes on after an error. */
  readonly patiently: <T>(
    first: number,
    once: (to: number, attempt: number) => Promise<Came<T>>,
  ) => Promise<Came<T>>;
  readonly wait: (ms: number) => Promise<void>;
  /** Their newest session, as stored. */
  readonly newestOf: (customer: SimCustomer) => Promise<SessionId | undefined>;
  /** Whoever has it now, or is asked to; nobody where it waits in line or is over. */
  readonly ownerOf: (sid: SessionId) => Promise<SimAgent | undefined>;
  /** They were given the transcript up to there. Whoever heard no answer may have been given all there was. */
  readonly handed: (sid: string, came: Came<unknown>, upTo: number | undefined, opens?: string) => void;
  /** A link was given, by its address. */
  readonly given: (url: string | undefined, sid?: SessionId) => void;
  /** What a scenario is about begins. */
  readonly marked: () => void;
  readonly sidOf: (token: string) => SessionId | undefined;
}

const TRIES = 3;

export function acting(
  stage: Stage,
  people: { readonly customers: readonly SimCustomer[]; readonly agents: readonly SimAgent[] },
  history: History,
  marked: () => void,
): Acting {
  const { world, instances } = stage;
  const chance = stage.chance.fork('deeds');
  const linked = new Map<string, SessionId>();

  const note = <T>(what: string, came: Came<T>): Came<T> => {
    world.note(`${what}: ${came.came === 'failed' ? `failed ${reasonOf(came.reason)}` : came.came}`);
    const name = `${what.split(' ')[0] ?? ''} ${came.came}`;
    history.came.set(name, (history.came.get(name) ?? 0) + 1);
    return came;
  };
  const asked: Acting['asked'] = (to, what, work) => {
    const instance = inPlace(instances, to);
    return ask(world, instance, chance, work).then((came) => note(`${what} at ${instance.name}`, came));
  };
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      world.after(ms, resolve);
    });

  return {
    stage,
    history,
    customer: (at) => inPlace(people.customers, at),
    agent: (at) => inPlace(people.agents, at),
    colleagueOf: (agent) => inPlace(people.agents, people.agents.indexOf(agent) + 1),
    asked,
    post: (to, activity, what) =>
      asked(to, what, async (instance) => {
        const [since, leapt] = [world.now(), world.leapt()];
        const thaws = instance.frozenUntil;
        // How long it took is nobody's fault where its instance stood still meanwhile, or everything did.
        return instance.take(activity).finally(() => {
          if (instance.frozenUntil === thaws && world.leapt() === leapt)
            history.taken.push({ what, ms: world.now() - since });
        });
      }),
    patiently: async (first, once) => {
      let came = await once(first, 0);
      for (let attempt = 1; attempt < TRIES && came.came !== 'ok' && !isRefusal(came); attempt += 1) {
        await wait(500 + chance.below(2_500));
        came = await once(chance.below(instances.length), attempt);
      }
      return came;
    },
    wait,
    newestOf: async ({ id }) => (await stage.truth.sessions.index(id))?.value.sessions[0]?.sid,
    ownerOf: async (sid) => {
      const header = (await stage.truth.sessions.header(sid))?.value;
      const id = header?.session.agents.at(-1)?.id;
      return people.agents.find((one) => one.id === id);
    },
    handed: (sid, came, upTo, opens) => {
      if (came.came === 'ok' && upTo === undefined) return;
      history.handed.push({
        sid,
        upTo: upTo ?? Infinity,
        at: world.now(),
        ...(opens !== undefined && { opens }),
      });
    },
    given: (url, sid) => {
      const [, token, whose] = /#(rt1_(dl_[\w-]+)\..+)$/u.exec(url ?? '') ?? [];
      const customer = people.customers.find(({ id }) => id === whose);
      if (token === undefined || customer === undefined || customer.links.includes(token)) return;
      customer.links.push(token);
      if (sid !== undefined) linked.set(token, sid);
    },
    marked,
    sidOf: (token) => linked.get(token),
  };
}

function inPlace<T>(all: readonly T[], place: number): T {
  const one = all[place % all.length];
  if (one === undefined) throw new RangeError('A plan names somebody who is not there');
  return one;
}

/** A no that no repetition changes. */
const isRefusal = (came: Came<unknown>): boolean =>
  came.came === 'failed' && ['not_permitted', 'not_found', 'bad_input'].includes(reasonOf(came.reason));

export const reasonOf = (reason: unknown): string =>
  typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : String(reason);
