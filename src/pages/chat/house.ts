import type { PageWording } from '../../cards/page-words.ts';
import type { CustomerState, Ended, Line, LinkShown, PromptAnswer, Shareable } from '../../cards/views.ts';

/** A widget as the page needs it. */
export interface Widget {
  readonly id: string;
  readonly title: string;
  readonly company: string;
  readonly language: string;
  /** What the page says itself. */
  readonly wording: PageWording;
  readonly reconnect: { readonly enabled: boolean; readonly preview: boolean };
  /** Whether files may be sent; a house that does not say lets them. */
  readonly files?: boolean;
  readonly all: readonly { readonly id: string; readonly title: string }[];
  /** Only locally: the switch that plays the company's own sign-in. */
  readonly site?: {
    readonly signIn: string;
    readonly people: readonly { readonly subject: string; readonly name: string }[];
  };
  /** Only locally: a stream that tells when the clock is moved. */
  readonly clock?: string;
}

/** A Direct Line conversation, and where the customer stands in it. */
export interface Opened {
  /** False where this browser sent no cookie back. */
  readonly cookies?: boolean;
  readonly token: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly domain: string;
  readonly watermark?: string;
  readonly state: CustomerState;
  readonly transcript?: readonly Line[];
}

export interface Returned {
  readonly state: CustomerState;
  readonly transcript: readonly Line[];
  /** After starting fresh: asks whether the new agent may see the chat that was left. */
  readonly share?: Shareable & { readonly card: unknown };
}

export interface Beat {
  readonly conversation: string;
  readonly phone: boolean;
  readonly hidden: boolean;
  readonly leaving?: true;
}

export type Act = 'suspend' | 'end' | 'leaveQueue' | 'leaveMessage' | 'backInLine' | 'anyone' | 'fresh';

/** What a customer brings to come back: a link's token or a code's words. */
export type Key = { readonly token: string } | { readonly code: string };

/** The house answered, and the answer is no. `message` is a sentence for people. */
export class Told extends Error {
  readonly status: number;
  readonly state: CustomerState | undefined;
  /** The reason as the house names it. */
  readonly code: string;
  /** Of a chat that is over. */
  readonly ended: Ended | undefined;
  /** How long the house asks to be left alone. */
  readonly retryAfterMs: number | undefined;
  constructor(status: number, message: string, state?: CustomerState, more: Partial<ToldMore> = {}) {
    super(message);
    this.status = status;
    this.state = state;
    this.code = more.code ?? '';
    this.ended = more.ended;
    this.retryAfterMs = more.retryAfterMs;
  }
}
type ToldMore = Pick<Told, 'code' | 'ended' | 'retryAfterMs'>;

/** Whether asking the same again may help: there was no answer, or one that speaks of a passing trouble. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof Told) || error.status >= 500 || error.status === 429 || error.status === 408;

/** The house's HTTP edges. Every call rejects with `Told`, or with the browser's own error when nobody answered. */
export interface House {
  /** Whether this browser keeps cookies, as far as the house has told. */
  readonly keepsCookies: () => boolean;
  readonly widget: (id: string) => Promise<Widget>;
  readonly signIn: (
    path: string,
    subject: string,
  ) => Promise<{ readonly token: string; readonly name: string }>;
  readonly open: (ask: {
    readonly widget: string;
    readonly conversation?: string;
    readonly token?: string;
  }) => Promise<Opened>;
  readonly reconnect: (prompt: PromptAnswer & { readonly conversation: string }) => Promise<Returned>;
  readonly beat: (beat: Beat) => Promise<CustomerState>;
  /** A page of the chat has shown everything up to the line of that number. */
  readonly seen: (conversation: string, seq: number, leaving: boolean) => Promise<void>;
  readonly act: (conversation: string, act: Act) => Promise<CustomerState>;
  /** Whether a link would bring back a chat, and with whom; changes nothing. */
  readonly look: (token: string) => Promise<{ readonly agent?: string }>;
  /** What was said in a chat whose time ran out, by a link to it that was never used. */
  readonly readBy: (token: string) => Promise<readonly Line[]>;
  /** Comes back by a link or a code. A retry under the same `idempotencyKey` gets the same answer. */
  readonly comeBack: (key: Key, widget: string, idempotencyKey: string) => Promise<Opened>;
  /** Gives the customer a way back to the chat they are in. */
  readonly wayBack: (conversation: string) => Promise<LinkShown>;
  /** All links and codes given so far stop working. */
  readonly withdrawLinks: (conversation: string) => Promise<void>;
  /** Joins an anonymous chat to whoever is signed in now. */
  readonly identify: (conversation: string) => Promise<void>;
  /** This browser is forgotten; the chat stays as it is. */
  readonly forget: () => Promise<void>;
  /** This browser is forgotten, and this page alone goes on, by its pass. */
  readonly forgetShared: (conversation: string) => Promise<void>;
  /** The whole chat as its customer sees it, also for a day after its end. */
  readonly transcript: (conversation: string) => Promise<Returned>;
  /** Lets the agent of this chat see an earlier one. */
  readonly share: (conversation: string, earlier: Shareable) => Promise<CustomerState>;
}

/** The company's word for who is signed in, when somebody is. */
export interface SiteToken {
  readonly token: () => string | undefined;
  /** The house did not take it: resolves when there is a newer one, or nobody is signed in any more. */
  readonly refused: (token: string) => Promise<void>;
  /** The house took it. */
  readonly accepted: () => void;
}

/** The longest a person should look at a page that waits for one answer. */
const PATIENCE_MS = 15_000;

/** Nobody in between is told the pass: it lives in this page's memory only. */
const PASS = 'X-Reconnect-Pass';

/** For a page that is another site's. */
export interface Abroad {
  /** Where the house is. */
  readonly origin: string;
  /** Browsers keep no cookies of a house on another site: there a reload goes on by the pass that its tab keeps. */
  readonly pass: { readonly read: () => string | undefined; readonly write: (pass: string) => void };
}

/** Our own page asks where it came from. */
export function house(site: SiteToken, abroad?: Abroad): House {
  const origin = abroad?.origin ?? '';
  let pass = abroad?.pass.read();
  let cookies: boolean | undefined;

  const call = async (
    method: string,
    path: string,
    body?: object,
    how: { readonly leaving?: boolean | undefined; readonly headers?: Record<string, string> } = {},
  ): Promise<object> => {
    const token = site.token();
    const response = await fetch(`${origin}${path}`, {
      method,
      credentials: origin === '' ? 'same-origin' : 'include',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(pass === undefined ? {} : { [PASS]: pass }),
        ...how.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(how.leaving === true ? { keepalive: true } : { signal: AbortSignal.timeout(PATIENCE_MS) }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.status === 401 && token !== undefined && how.leaving !== true) {
      // Going on without it would make them somebody else.
      await site.refused(token);
      return call(method, path, body, how);
    }
    if (!response.ok) throw toldBy(response, answer);
    if (typeof answer !== 'object' || answer === null) throw new Error(`${path} gave no JSON`);
    if (token !== undefined) site.accepted();
    if ('cookies' in answer && typeof answer.cookies === 'boolean') ({ cookies } = answer);
    if ('pass' in answer && typeof answer.pass === 'string') {
      pass = answer.pass;
      abroad?.pass.write(pass);
    }
    return answer;
  };
  const post = (path: string, body: object) => call('POST', path, body);
  /** The house may name Direct Line as seen from itself. */
  const reachable = (opened: Opened): Opened => ({
    ...opened,
    domain: new URL(opened.domain, origin === '' ? location.origin : origin).href,
  });
  // The house's own edges, on this very origin: their shapes are its promise, checked by its tests.
  return {
    keepsCookies: () => cookies ?? navigator.cookieEnabled,
    widget: async (id) => (await call('GET', `/api/widgets/${encodeURIComponent(id)}`)) as Widget,
    signIn: async (path, subject) => (await post(path, { subject })) as { token: string; name: string },
    open: async (ask) => reachable((await post('/api/directline/token', ask)) as Opened),
    reconnect: async (prompt) => (await post('/api/reconnect', { prompt })) as Returned,
    beat: async (beat) => stateIn(await call('POST', '/api/presence', beat, { leaving: beat.leaving })),
    seen: async (conversation, seq, leaving) => {
      await call('POST', '/api/seen', { conversation, seq }, { leaving });
    },
    act: async (conversation, act) => stateIn(await post('/api/act', { conversation, act })),
    look: (token) => post('/api/reconnect/look', { token }),
    readBy: async (token) => ((await post('/api/reconnect/read', { token })) as { lines: Line[] }).lines,
    comeBack: async (key, widget, idempotencyKey) => {
      const headers = { 'Idempotency-Key': idempotencyKey };
      return reachable((await call('POST', '/api/reconnect', { ...key, widget }, { headers })) as Opened);
    },
    wayBack: async (conversation) =>
      ((await post('/api/act', { conversation, act: 'link' })) as { link: LinkShown }).link,
    withdrawLinks: async (conversation) => {
      await post('/api/act', { conversation, act: 'revokeLinks' });
    },
    identify: async (conversation) => {
      await post('/api/identify', { conversation });
    },
    forget: async () => {
      await post('/api/forget', {});
      pass = undefined;
      abroad?.pass.write('');
    },
    forgetShared: async (conversation) => {
      await post('/api/forget', { shared: true, conversation });
    },
    transcript: async (conversation) => {
      const whole = (await post('/api/transcript', { conversation })) as {
        lines: Line[];
        state: CustomerState;
      };
      return { transcript: whole.lines, state: whole.state };
    },
    share: async (conversation, { earlier, nonce }) =>
      stateIn(await post('/api/share', { conversation, earlier, nonce })),
  };
}

const stateIn = (answer: object): CustomerState => (answer as { state: CustomerState }).state;

function toldBy(response: Response, answer: unknown): Told {
  const { error, state } = (answer ?? {}) as {
    error?: { code?: string; message?: string; ended?: Ended };
    state?: CustomerState;
  };
  const { ended } = { ...error, ...(answer ?? {}) } as { ended?: Ended };
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return new Told(response.status, error?.message ?? '', state, {
    code: error?.code ?? '',
    ended,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  });
}
