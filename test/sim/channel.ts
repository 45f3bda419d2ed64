import { BotFrameworkAuthentication, ConnectorFactory } from 'botframework-connector';
import type { Chance } from './chance.ts';
import { channelTrouble, type ChannelTrouble, type Weather } from './faults.ts';
import type { Traffic } from './store-line.ts';
import type { Body, World } from './world.ts';

/** One activity as it came into a conversation, or changed one that was there. */
export interface Arrived {
  readonly how: 'send' | 'update';
  readonly conversation: string;
  readonly id: string;
  readonly activity: Readonly<Record<string, unknown>>;
  /** The instance that let it go. */
  readonly by: string;
  /** True time at which it let it go, and at which it came in. */
  readonly sentAt: number;
  readonly at: number;
  /** Its instance was not told that it came in: it may send it again. */
  doubtful: boolean;
  /** Its instance had stood still a moment before it let it go. */
  readonly afterPause: boolean;
}

/** So long after a pause an instance may go on with what it was about before. */
const PAUSED_MS = 10_000;
/** Whoever stood still for longer than this knows that others have gone on. */
const SLEPT_MS = 16_000;

/** The channels' side: what came in, and who may still be written to. */
export interface Channel {
  readonly arrived: Arrived[];
  /** Conversations that are not there any more (404), or whose owner let nothing of ours in (403). */
  readonly gone: Map<string, 403 | 404>;
  readonly made: () => string;
}

export function openChannel(): Channel {
  let count = 0;
  return { arrived: [], gone: new Map(), made: () => `said-${(count += 1)}` };
}

/** What of ours rides on an activity. */
export function oursIn(
  activity: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const data = activity['channelData'];
  const ours: unknown =
    typeof data === 'object' && data !== null ? Reflect.get(data, 'reconnect') : undefined;
  return typeof ours === 'object' && ours !== null ? (ours as Readonly<Record<string, unknown>>) : undefined;
}

/** What a connector's failure looks like to who called it. */
class ConnectorFailed extends Error {
  readonly statusCode: number | undefined;
  readonly response: { readonly headers: { readonly get: (name: string) => string | undefined } };
  constructor(statusCode: number | undefined, retryAfterS?: number) {
    super(statusCode === undefined ? 'socket hang up' : `The channel answered ${statusCode}`);
    this.statusCode = statusCode;
    this.response = {
      headers: { get: () => (retryAfterS === undefined ? undefined : String(retryAfterS)) },
    };
  }
}

interface Policy {
  readonly sendRequest: (request: { abortSignal?: AbortSignal }, next: () => Promise<unknown>) => unknown;
}

/**
 * What an instance's CloudAdapter speaks through: the framework's connector as far as it is asked, with its way there and
 * back in true time. An attempt that was given up by its caller may still come in.
 */
export function channelLine(given: {
  readonly channel: Channel;
  readonly world: World;
  readonly body: Body;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly traffic: Traffic;
}): BotFrameworkAuthentication {
  const { channel, world, body, chance, weather, traffic } = given;

  // Whether a line came in nevertheless stands with the line.
  const struck = (trouble: ChannelTrouble): void =>
    traffic.struck(`channel ${trouble.kind === 'status' ? trouble.status : trouble.kind}`);

  const call = (
    how: Arrived['how'],
    conversation: string,
    activity: Readonly<Record<string, unknown>>,
    known: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly id: string }> =>
    new Promise((resolve, reject) => {
      if (!body.alive) return;
      const sentAt = world.now();
      const afterPause = sentAt - body.frozenUntil < PAUSED_MS && body.frozenForMs < SLEPT_MS;
      const trouble = channelTrouble(chance, weather);
      const [there, back] = [1 + chance.below(10), 1 + chance.below(10)];
      const lostWhenGivenUp = chance.hits(0.5);
      const outlives = chance.hits(0.5);
      const state: { givenUp: boolean; arrived?: Arrived } = { givenUp: false };
      signal?.addEventListener('abort', () => {
        state.givenUp = true;
        if (state.arrived !== undefined) state.arrived.doubtful = true;
        reject(new ConnectorFailed(undefined));
      });
      if (trouble !== undefined) struck(trouble);
      const come = (): string => {
        const id = known ?? channel.made();
        const doubtful =
          state.givenUp || !body.alive || trouble?.kind === 'cut' || trouble?.kind === 'silent';
        const arrived: Arrived = {
          how,
          conversation,
          id,
          activity,
          by: body.name,
          sentAt,
          at: world.now(),
          doubtful,
          afterPause,
        };
        state.arrived = arrived;
        channel.arrived.push(arrived);
        traffic.arrived(body, `${how} ${conversation}`, true);
        return id;
      };
      const answer = (then: () => void): void => {
        world.after(back, then, body);
      };
      const refuse = (status?: number, retryAfterS?: number): void => {
        answer(() => reject(new ConnectorFailed(status, retryAfterS)));
      };
      world.after(there + (trouble?.kind === 'slow' ? trouble.ms : 0), () => {
        if ((state.givenUp && lostWhenGivenUp) || (!body.alive && !outlives)) return;
        const gone = channel.gone.get(conversation);
        if (gone !== undefined) {
          refuse(gone);
        } else if (trouble?.kind === 'status') {
          refuse(trouble.status, trouble.retryAfterS);
        } else if (trouble?.kind === 'cut') {
          if (trouble.arrived) come();
          refuse();
        } else if (trouble?.kind === 'silent') {
          if (trouble.arrived) come();
        } else {
          const id = come();
          answer(() => {
            delete state.arrived;
            resolve({ id });
          });
        }
      });
    });

  const connector = (): object => {
    let policy: Policy | undefined;
    const signalOf = (): AbortSignal | undefined => {
      const request: { abortSignal?: AbortSignal } = {};
      policy?.sendRequest(request, () => Promise.resolve(undefined));
      return request.abortSignal;
    };
    type Said = Readonly<Record<string, unknown>>;
    return {
      client: {
        pipeline: { removePolicy: () => undefined, addPolicy: (one: Policy) => void (policy = one) },
      },
      conversations: {
        sendToConversation: (to: string, activity: Said) =>
          call('send', to, { ...activity }, undefined, signalOf()),
        replyToActivity: (to: string, _: string, activity: Said) =>
          call('send', to, { ...activity }, undefined, signalOf()),
        updateActivity: (to: string, id: string, activity: Said) =>
          call('update', to, { ...activity }, id, signalOf()),
      },
    };
  };

  class Factory extends ConnectorFactory {
    override create(): Promise<never> {
      // As much of the framework's client as its adapter uses.
      return Promise.resolve(connector() as never);
    }
  }
  class Authentication extends BotFrameworkAuthentication {
    override authenticateRequest(): Promise<never> {
      const identity = { claims: [], isAuthenticated: true };
      return Promise.resolve({
        audience: '',
        callerId: '',
        claimsIdentity: identity,
        connectorFactory: new Factory(),
      } as never);
    }
    override authenticateStreamingRequest(): Promise<never> {
      return Promise.reject(new Error('Nobody streams here'));
    }
    override createConnectorFactory(): ConnectorFactory {
      return new Factory();
    }
    override createUserTokenClient(): Promise<never> {
      return Promise.resolve({} as never);
    }
  }
  return new Authentication();
}
