import {
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity,
  type ConfigurationBotFrameworkAuthenticationOptions,
} from 'botbuilder';
import {
  AuthenticationConstants,
  AuthenticationError,
  ConnectorFactory,
  ServiceClientCredentialsFactory,
  type ClaimsIdentity,
  type ConnectorClient,
} from 'botframework-connector';
import { systemClock, type Clock } from '../../clock.ts';
import { recentlyUsed, type Cache } from '../../handoff/cache.ts';
import { HandoffError } from '../../handoff/errors.ts';
import type { IsChannel } from './channel-hosts.ts';

/** The bot as Entra knows it, in the framework's own settings. */
export type BotCredentials = NonNullable<
  ConstructorParameters<typeof ConfigurationServiceClientCredentialFactory>[0]
>;

/** What authenticates channels to the bot, and the bot to channels. */
export interface ChannelAuthentication {
  /** For `new TurnAdapter(…)`, or the framework's own. */
  readonly authentication: ConfigurationBotFrameworkAuthentication;
  /** Whether the bot gets a token to answer with; the framework keeps it until it ends. */
  readonly canSpeak: () => Promise<boolean>;
}

/** Makes it from the settings of the bot, and of the cloud it lives in; nobody is believed or answered but `isChannel`. */
export function channelAuthentication(
  bot: BotCredentials & { readonly MicrosoftAppId: string },
  cloud: ConfigurationBotFrameworkAuthenticationOptions,
  isChannel: IsChannel,
  clock: Clock = systemClock,
): ChannelAuthentication {
  const credentials = new ConfigurationServiceClientCredentialFactory(bot);
  const kept = new KeptCredentials(credentials);
  return {
    authentication: new Authentication({ ...bot, ...cloud }, kept, isChannel, clock),
    canSpeak: async () => {
      const {
        ToChannelFromBotOAuthScope: scope = AuthenticationConstants.ToChannelFromBotOAuthScope,
        ToChannelFromBotLoginUrl: login = AuthenticationConstants.ToChannelFromBotLoginUrl,
      } = cloud;
      const made: unknown = await credentials.createCredentials(bot.MicrosoftAppId, scope, login, true);
      return isTokenSource(made) && (await made.getToken()) !== '';
    },
  };
}

/**
 * The framework's authentication, told apart from failures of ours: a token that does not hold is nobody's, while keys
 * that cannot be fetched say nothing about a token, and whoever sent it should send it again. Of the signature the
 * service URL is a part; of what is stored of a chat it is not, so it is judged whenever something is sent there.
 */
class Authentication extends ConfigurationBotFrameworkAuthentication {
  readonly #isChannel: IsChannel;
  readonly #clock: Clock;
  readonly #tokenClients = new Map<string | null, TokenClient>();
  readonly #proved: Cache<string, { readonly what: Proved; readonly until: number }>;
  constructor(
    options: ConfigurationBotFrameworkAuthenticationOptions,
    credentials: ServiceClientCredentialsFactory,
    isChannel: IsChannel,
    clock: Clock,
  ) {
    super(options, credentials);
    this.#isChannel = isChannel;
    this.#clock = clock;
    this.#proved = recentlyUsed(PROVED, clock.now, PROVED_MS);
  }

  override createConnectorFactory(claims: ClaimsIdentity): ConnectorFactory {
    return new ChannelsOnly(super.createConnectorFactory(claims), this.#isChannel);
  }

  override createUserTokenClient(claims: ClaimsIdentity): TokenClient {
    const bot =
      claims.getClaimValue(AuthenticationConstants.AudienceClaim) ??
      claims.getClaimValue(AuthenticationConstants.AppIdClaim);
    return once(this.#tokenClients, bot, () => super.createUserTokenClient(claims));
  }

  override async authenticateRequest(activity: Activity, authHeader: string): Promise<Proved> {
    // A channel signs with one token for an hour. What it was proved for is part of the key.
    const key = JSON.stringify([authHeader, activity.channelId, activity.serviceUrl]);
    const known = this.#proved.get(key);
    if (known !== undefined && this.#clock.now() < known.until) return known.what;
    const what = await this.#prove(activity, authHeader);
    const expires = Number(what.claimsIdentity.getClaimValue('exp') ?? 0) * 1_000;
    this.#proved.set(key, { what, until: Math.min(expires, this.#clock.now() + PROVED_MS) });
    return what;
  }

  async #prove(activity: Activity, authHeader: string): Promise<Proved> {
    try {
      const known = await super.authenticateRequest(activity, authHeader);
      if (!this.#isChannel(activity.serviceUrl)) throw new TypeError('That is no service URL of a channel');
      if (known.connectorFactory === undefined) return known;
      return { ...known, connectorFactory: new OneClient(known.connectorFactory) };
    } catch (cause) {
      if (isUnreachable(cause))
        throw new HandoffError('channel_gone', 'The keys of the channels cannot be fetched', { cause });
      // The adapter answers this class with 401, and everything else with 500.
      throw new AuthenticationError('The activity is not signed by a channel', UNAUTHORIZED);
    }
  }
}

type TokenClient = ReturnType<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>;
type Proved = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['authenticateRequest']>>;

const UNAUTHORIZED = 401;
/** As long as a key that a channel has withdrawn may still be believed; the framework itself looks once an hour. */
const PROVED_MS = 5 * 60_000;
/** So many tokens are remembered; channels have a few. */
const PROVED = 1_000;

type Credentials = Pick<
  ServiceClientCredentialsFactory,
  'isValidAppId' | 'isAuthenticationDisabled' | 'createCredentials'
>;

/** The bot's credentials, made once: the framework would make them anew for each turn, which costs more than the turn. */
class KeptCredentials extends ServiceClientCredentialsFactory {
  readonly #made: Credentials;
  readonly #kept = new Map<string, ReturnType<ServiceClientCredentialsFactory['createCredentials']>>();

  constructor(made: Credentials) {
    super();
    this.#made = made;
  }

  isValidAppId(appId: string): Promise<boolean> {
    return this.#made.isValidAppId(appId);
  }

  isAuthenticationDisabled(): Promise<boolean> {
    return this.#made.isAuthenticationDisabled();
  }

  createCredentials(
    ...of: Parameters<ServiceClientCredentialsFactory['createCredentials']>
  ): ReturnType<ServiceClientCredentialsFactory['createCredentials']> {
    return once(this.#kept, JSON.stringify(of), () => this.#made.createCredentials(...of));
  }
}

/** What was made under a key, or is made now; what could not be made is tried again by the next. */
function once<K, T>(all: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  const known = all.get(key);
  if (known !== undefined) return known;
  const made = make();
  all.set(key, made);
  made.catch(() => all.delete(key));
  return made;
}

/**
 * Gives the turns of one proof the same client to answer with: the framework would make one for each turn, most of which
 * say nothing. What is sent unasked has a client of its own, which `oneAttempt` bends to its attempt.
 */
class OneClient extends ConnectorFactory {
  readonly #inner: ConnectorFactory;
  readonly #made = new Map<string, Promise<ConnectorClient>>();
  constructor(inner: ConnectorFactory) {
    super();
    this.#inner = inner;
  }
  override create(serviceUrl: string, audience: string): Promise<ConnectorClient> {
    return once(this.#made, JSON.stringify([serviceUrl, audience]), () =>
      this.#inner.create(serviceUrl, audience),
    );
  }
}

/** Makes clients of channels, and of nobody else: each carries a token of the bot. */
class ChannelsOnly extends ConnectorFactory {
  readonly #inner: ConnectorFactory;
  readonly #isChannel: IsChannel;
  constructor(inner: ConnectorFactory, isChannel: IsChannel) {
    super();
    this.#inner = inner;
    this.#isChannel = isChannel;
  }
  override async create(serviceUrl: string, audience: string): Promise<ConnectorClient> {
    if (!this.#isChannel(serviceUrl))
      throw new HandoffError('channel_gone', 'What is to be sent goes to no service URL of a channel');
    return this.#inner.create(serviceUrl, audience);
  }
}

/** A failed fetch has a system's code; an answer that was none, the framework's status. */
function isUnreachable(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  const [type, status] = [
    Reflect.get(reason, 'type') as unknown,
    Reflect.get(reason, 'statusCode') as unknown,
  ];
  return type === 'system' || (typeof status === 'number' && status >= 500);
}

interface TokenSource {
  readonly getToken: () => Promise<string>;
}

const isTokenSource = (made: unknown): made is TokenSource =>
  typeof made === 'object' && made !== null && typeof Reflect.get(made, 'getToken') === 'function';
