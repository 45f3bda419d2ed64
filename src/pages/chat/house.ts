import type { CustomerState, Line, PromptAnswer } from '../../cards/views.ts';

/** A widget as the page needs it. */
export interface Widget {
  readonly id: string;
  readonly title: string;
  readonly company: string;
  readonly language: string;
  readonly reconnect: { readonly enabled: boolean; readonly preview: boolean };
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
}

export interface Beat {
  readonly conversation: string;
  readonly phone: boolean;
  readonly hidden: boolean;
  readonly leaving?: true;
}

export type Act = 'suspend' | 'end' | 'leaveQueue';

/** The house answered, and the answer is no. `message` is a sentence for people. */
export class Told extends Error {
  readonly status: number;
  readonly state: CustomerState | undefined;
  constructor(status: number, message: string, state?: CustomerState) {
    super(message);
    this.status = status;
    this.state = state;
  }
}

/** Whether asking the same again may help: there was no answer, or one that speaks of a passing trouble. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof Told) || error.status >= 500 || error.status === 429 || error.status === 408;

/** The house's HTTP edges. Every call rejects with `Told`, or with the browser's own error when nobody answered. */
export interface House {
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
  readonly act: (conversation: string, act: Act) => Promise<CustomerState>;
}

/** The longest a person should look at a page that waits for one answer. */
const PATIENCE_MS = 15_000;

/** `siteToken`: the company's word for who is signed in, when somebody is. */
export function house(siteToken: () => string | undefined): House {
  const call = async (method: string, path: string, body?: object, leaving = false): Promise<object> => {
    const token = siteToken();
    const response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(leaving ? { keepalive: true } : { signal: AbortSignal.timeout(PATIENCE_MS) }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw toldBy(response.status, answer);
    if (typeof answer !== 'object' || answer === null) throw new Error(`${path} gave no JSON`);
    return answer;
  };
  // The house's own edges, on this very origin: their shapes are its promise, checked by its tests.
  return {
    widget: async (id) => (await call('GET', `/api/widgets/${encodeURIComponent(id)}`)) as Widget,
    signIn: async (path, subject) =>
      (await call('POST', path, { subject })) as { token: string; name: string },
    open: async (ask) => (await call('POST', '/api/directline/token', ask)) as Opened,
    reconnect: async (prompt) => (await call('POST', '/api/reconnect', { prompt })) as Returned,
    beat: async (beat) => stateIn(await call('POST', '/api/presence', beat, beat.leaving)),
    act: async (conversation, act) => stateIn(await call('POST', '/api/act', { conversation, act })),
  };
}

const stateIn = (answer: object): CustomerState => (answer as { state: CustomerState }).state;

function toldBy(status: number, answer: unknown): Told {
  const { error, state } = (answer ?? {}) as { error?: { message?: string }; state?: CustomerState };
  return new Told(status, error?.message ?? '', state);
}
