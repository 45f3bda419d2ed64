import type {
  AllPage,
  RosterAgent,
  ActAnswer,
  ActRequest,
  CannedDraft,
  CannedHere,
  Directory,
  GivenLink,
  InboxList,
  Line,
  Me,
  PresenceWord,
  Previous,
  Row,
  RowsPage,
  SessionId,
  SessionView,
  TimelineStep,
} from './wire.ts';

/** The house said no, in a sentence for the agent; `row` is how the session stands now. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly row: Row | undefined;
  constructor(status: number, code: string, message: string, row?: Row, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.row = row;
  }
}

/** The house could not be reached, or failed: whether the call took effect is not known, so it may be repeated. */
export class Unreachable extends Error {}

/** Gives the agent's token; `fresh` when the last one was refused. */
export type TokenSource = (fresh: boolean) => Promise<string>;

export interface Api {
  readonly me: () => Promise<Me>;
  readonly setPresence: (status: PresenceWord, backAt?: number) => Promise<Me>;
  readonly list: (list: InboxList, from?: string) => Promise<RowsPage>;
  /** `via`: the session that goes on from it, when it is read as that one's earlier chat. */
  readonly session: (sid: SessionId, via?: SessionId) => Promise<SessionView>;
  readonly earlier: (
    sid: SessionId,
    before: number,
    via?: SessionId,
  ) => Promise<{ readonly lines: readonly Line[] }>;
  readonly act: (sid: SessionId, request: ActRequest) => Promise<ActAnswer>;
  /** Colleagues and queues, to choose from. */
  readonly directory: () => Promise<Directory>;
  /** What this agent has in hand. */
  readonly inHand: (agent: string) => Promise<{ readonly rows: readonly Row[] }>;
  /** Tells the customer's page that the agent is writing; forgotten by itself. */
  readonly typing: (sid: SessionId) => Promise<object>;
  /** Sends a file, an act: the same `id` sent again changes nothing. */
  readonly sendFile: (sid: SessionId, id: string, file: File) => Promise<ActAnswer>;
  /** A file of a session, by the address that its line gives. */
  readonly file: (url: string, via?: SessionId) => Promise<Blob>;
  /** Makes a fresh link and code to be handed on elsewhere; no act, nothing resumes. */
  readonly link: (sid: SessionId) => Promise<{ readonly link: GivenLink }>;
  /** How the session came to where it is, oldest first. */
  readonly timeline: (
    sid: SessionId,
    via?: SessionId,
  ) => Promise<{ readonly steps: readonly TimelineStep[] }>;
  /** What became of its customer's other chats, latest first. */
  readonly previous: (sid: SessionId) => Promise<{ readonly previous: readonly Previous[] }>;
  /** The session that a reference number stands for, when this agent may read it. */
  readonly byReference: (reference: string) => Promise<{ readonly row: Row }>;
  readonly canned: (sid: SessionId) => Promise<CannedHere>;
  /** Writes a canned response down, or changes the one of that id. */
  readonly saveCanned: (draft: CannedDraft, id?: string) => Promise<object>;
  readonly removeCanned: (id: string, of: 'own' | 'shared', stream: string) => Promise<object>;
  /** For supervisors: everything of a stream and day, today's of the first stream unless told otherwise. */
  readonly all: (of: {
    readonly stream?: string | undefined;
    readonly day?: string | undefined;
    readonly from?: string | undefined;
  }) => Promise<AllPage>;
  readonly roster: () => Promise<{ readonly agents: readonly RosterAgent[] }>;
  /** For supervisors: how many chats the agent is offered at a time. */
  readonly setCapacity: (agent: string, capacity: number) => Promise<RosterAgent>;
  /** Opens the live stream; resolves once the house answers. */
  readonly stream: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
}

/**
 * Calls the agents' edges of the house; `forbidden` hears which of them it closes to this agent. Every call throws
 * `Refused` (4xx) or `Unreachable` (no answer, 5xx), nothing else.
 */
export function agentApi(
  token: TokenSource,
  heardNow: (now: number) => void,
  forbidden: (path: string) => void,
): Api {
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const first = await request(path, init, await token(false));
    const response = first.status === 401 ? await request(path, init, await token(true)) : first;
    if (response.status === 403) forbidden(path);
    if (!response.ok) throw await refusal(response);
    return response;
  };
  const call = async <T extends object>(path: string, init: RequestInit = {}): Promise<T> => {
    const answer = await bodyOf<T>(await send(path, { signal: AbortSignal.timeout(15_000), ...init }));
    if ('now' in answer && typeof answer.now === 'number') heardNow(answer.now);
    return answer;
  };
  const json = (method: string, body: unknown): RequestInit => ({
    method,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });
  const of = (sid: SessionId) => `/api/sessions/${encodeURIComponent(sid)}`;
  return {
    me: () => call<Me>('/api/agent/me'),
    setPresence: (status, backAt) => call<Me>('/api/agent/presence', json('PUT', { status, backAt })),
    list: (list, from) =>
      call<RowsPage>(`/api/inbox/${list}${from === undefined ? '' : `?from=${encodeURIComponent(from)}`}`),
    session: (sid, via) => call<SessionView>(of(sid) + (via === undefined ? '' : `?${viaOf(via)}`)),
    earlier: (sid, before, via) =>
      call<{ lines: readonly Line[] }>(
        `${of(sid)}/lines?before=${before}${via === undefined ? '' : `&${viaOf(via)}`}`,
      ),
    act: (sid, request) => call<ActAnswer>(`${of(sid)}/acts`, json('POST', request)),
    directory: () => call<Directory>('/api/agents'),
    inHand: (agent) => call<{ rows: readonly Row[] }>(`/api/agents/${encodeURIComponent(agent)}/sessions`),
    typing: (sid) => call<object>(`${of(sid)}/typing`, json('POST', {})),
    sendFile: (sid, id, file) =>
      call<ActAnswer>(`${of(sid)}/files?id=${id}&name=${encodeURIComponent(file.name)}`, {
        method: 'POST',
        body: file,
        headers: { 'Content-Type': 'application/octet-stream' },
        signal: AbortSignal.timeout(UPLOAD_MS),
      }),
    file: async (url, via) => {
      const response = await send(via === undefined ? url : `${url}?${viaOf(via)}`, {
        signal: AbortSignal.timeout(UPLOAD_MS),
      });
      try {
        return await response.blob();
      } catch (cause) {
        throw new Unreachable('The file broke off.', { cause });
      }
    },
    link: (sid) => call<{ link: GivenLink }>(`${of(sid)}/link`, json('POST', {})),
    timeline: (sid, via) =>
      call<{ steps: readonly TimelineStep[] }>(
        `${of(sid)}/timeline${via === undefined ? '' : `?${viaOf(via)}`}`,
      ),
    previous: (sid) => call<{ previous: readonly Previous[] }>(`${of(sid)}/previous`),
    byReference: (reference) => call<{ row: Row }>(`/api/interactions/${encodeURIComponent(reference)}`),
    canned: (sid) => call<CannedHere>(`${of(sid)}/canned`),
    saveCanned: (draft, id) =>
      id === undefined
        ? call<object>('/api/canned', json('POST', draft))
        : call<object>(`/api/canned/${encodeURIComponent(id)}`, json('PUT', draft)),
    removeCanned: (id, whose, stream) =>
      call<object>(
        `/api/canned/${encodeURIComponent(id)}?${new URLSearchParams({ of: whose, stream }).toString()}`,
        { method: 'DELETE' },
      ),
    all: (wanted) => {
      const asked = Object.entries(wanted).filter((pair): pair is [string, string] => pair[1] !== undefined);
      return call<AllPage>(`/api/all?${new URLSearchParams(asked).toString()}`);
    },
    roster: () => call<{ agents: readonly RosterAgent[] }>('/api/roster'),
    setCapacity: (agent, capacity) =>
      call<RosterAgent>(`/api/agents/${encodeURIComponent(agent)}/capacity`, json('PUT', { capacity })),
    stream: async (signal) => {
      const { body } = await send('/api/stream', { signal, headers: { Accept: 'text/event-stream' } });
      if (body === null) throw new Unreachable('The live connection brought nothing.');
      return body;
    },
  };
}

/** A large file over a slow line. */
const UPLOAD_MS = 120_000;

const viaOf = (via: SessionId) => `via=${encodeURIComponent(via)}`;

async function request(path: string, init: RequestInit, token: string): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${token}`);
  try {
    return await fetch(path, { ...init, headers, cache: 'no-store' });
  } catch (cause) {
    throw new Unreachable('No connection.', { cause });
  }
}

async function bodyOf<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw new Unreachable('The answer could not be read.', { cause });
  }
}

async function refusal(response: Response): Promise<Refused | Unreachable> {
  const body = await bodyOf<{ error?: { code?: string; message?: string }; row?: Row }>(response).catch(
    () => ({}),
  );
  const { error, row } = body as { error?: { code?: string; message?: string }; row?: Row };
  if (response.status >= 500 || response.status === 429)
    return new Unreachable(error?.message ?? 'The house did not answer.');
  return new Refused(
    response.status,
    error?.code ?? 'refused',
    error?.message ?? 'That is not possible just now.',
    row,
  );
}
