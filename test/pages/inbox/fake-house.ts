// Long, because all of the house that the tab can meet stands in one file.
import type { Line } from '../../../src/cards/views.ts';
import type { InboxList, Row } from '../../../src/handoff/inbox.ts';
import type { AgentId, SessionId } from '../../../src/session/ids.ts';
import type {
  ActRequest,
  CannedDraft,
  CannedHere,
  Colleague,
  GivenLink,
  Marks,
  Me,
  Previous,
  RosterAgent,
  Terms,
  TimelineStep,
} from '../../../src/pages/inbox/wire/wire.ts';
import { handedOn } from './fake-transfer.ts';
import { openDoors, type Answer, type Doors } from './fake-doors.ts';

/** The agents' edges of the house, kept in memory: enough to show the tab everything it can meet. */
export interface FakeHouse extends Doors {
  readonly now: () => number;
  readonly me: Me;
  readonly rows: Map<SessionId, Row>;
  readonly lines: Map<SessionId, Line[]>;
  /** Every act that took effect, in order. */
  readonly acts: (ActRequest & { readonly sid: SessionId })[];
  /** Adds a session, or changes one, and tells every tab. `null` takes it out of the agent's lists. */
  readonly put: (row: Row) => void;
  /** Adds a session that was never this agent's, with what was said in it. */
  readonly putAside: (row: Row, said: readonly string[]) => void;
  readonly change: (sid: SessionId, part: Partial<Row>) => void;
  readonly leave: (sid: SessionId) => void;
  /** What the customer has and has seen of a session from now on, told every tab. */
  readonly mark: (sid: SessionId, marks: Marks) => void;
  /** The customer types, at that moment; now when not given. */
  readonly types: (sid: SessionId, at?: number) => void;
  /** In which sessions the agent was told to be typing, in order. */
  readonly typed: readonly SessionId[];
  /** Adds a line, and tells every tab. */
  readonly say: (sid: SessionId, line: Partial<Line> & Pick<Line, 'text'>) => void;
  /** The colleagues there are. */
  agents: readonly Colleague[];
  /** What the widget makes possible. */
  terms: Terms;
  /** What the agent can say. */
  canned: CannedHere;
  /** How many links were made: given or only copied. */
  readonly linksMade: () => number;
  /** How sessions came to where they are, and what became of their customers' other chats. */
  readonly stories: Map<SessionId, readonly TimelineStep[]>;
  readonly previous: Map<SessionId, readonly Previous[]>;
  /** The agent is a supervisor: of this roster. */
  readonly supervises: (roster: readonly RosterAgent[]) => void;
  /** Tells supervisors of a session that is not theirs; it stands among all. */
  readonly putAmongAll: (row: Row) => void;
  /** The same, without telling anybody. */
  readonly quietly: (row: Row) => void;
  /** Sessions that go on from one that was taken back. */
  readonly takenBack: Set<SessionId>;
  /** Sessions by the number their people were told. */
  readonly references: Map<string, SessionId>;
  /** Keeps a file for the tab to fetch, and gives its address. */
  readonly keep: (sid: SessionId, bytes: Uint8Array) => string;
  /** The next act is refused so, with how the row stands. */
  readonly refuseNext: (status: number, code: string, message: string, row?: Row) => void;
}

export const MARA = { id: 'tenant:mara' as AgentId, name: 'Mara Lindt' };
export const JONAS = { id: 'tenant:jonas' as AgentId, name: 'Jonas Weber' };
const PAGE = 50;
const OPENED_AT = 1_700_000_000_000;
const CHANGED = 'Nothing was done: this chat has changed hands meanwhile.';
const NO_PLACEHOLDER = { error: { code: 'bad_input', message: 'text: has no placeholder {custmer}.' } };

export async function fakeHouse(): Promise<FakeHouse> {
  const rows = new Map<SessionId, Row>();
  const aside = new Map<SessionId, Row>();
  const lines = new Map<SessionId, Line[]>();
  const stories = new Map<SessionId, readonly TimelineStep[]>();
  const previous = new Map<SessionId, readonly Previous[]>();
  const takenBack = new Set<SessionId>();
  const references = new Map<string, SessionId>();
  const others = new Map<SessionId, Row>();
  let roster: readonly RosterAgent[] = [];
  const acts: (ActRequest & { readonly sid: SessionId })[] = [];
  const typed: SessionId[] = [];
  const marks = new Map<SessionId, Marks>();
  const answers = new Map<string, string>();
  const kept: Uint8Array[] = [];
  let refusal: (Answer & { readonly row?: Row | undefined }) | undefined;
  let linksMade = 0;
  let me: Me = {
    id: MARA.id,
    name: MARA.name,
    presence: { status: 'available', at: 0 },
    capacity: 5,
    used: 3,
    supervisor: false,
    streams: [],
    now: Date.now(),
  };
  const now = () => Date.now();
  const tellRow = (row: Row, gone = false) => {
    const { sid, ver, seq } = row;
    doors.tell('row', { sid, ver, seq, row: gone ? null : row, list: gone ? null : row.list });
  };
  const put = (row: Row) => {
    rows.set(row.sid, row);
    if (!lines.has(row.sid)) lines.set(row.sid, []);
    tellRow(row);
  };
  const rowOf = (sid: SessionId) => {
    const row = rows.get(sid) ?? aside.get(sid) ?? others.get(sid);
    if (row === undefined) throw new Error(`There is no ${sid}`);
    return row;
  };
  const change = (sid: SessionId, part: Partial<Row>) => {
    const row = rowOf(sid);
    place({ ...row, ver: row.ver + 1, ...part });
  };
  const place = (row: Row) => (others.has(row.sid) ? made.putAmongAll(row) : put(row));
  const say: FakeHouse['say'] = (sid, line) => {
    const row = rowOf(sid);
    const known = lines.get(sid) ?? [];
    const seq = (known.at(-1)?.seq ?? 0) + 1;
    const whole: Line = {
      id: `${sid}:${seq}`,
      sid,
      seq,
      at: now(),
      side: 'customer',
      kind: 'message',
      format: 'plain',
      ...line,
    };
    lines.set(sid, [...known, whole]);
    doors.tell('line', whole);
    const { side } = whole;
    if (whole.kind !== 'message' || side === 'house') {
      put({ ...row, seq });
      return;
    }
    put({ ...row, seq, lastLine: { by: side, text: whole.text, at: whole.at } });
  };

  const makeLink = (sid: SessionId): GivenLink => {
    linksMade += 1;
    const { status, returnUntil, suspendedUntil } = rowOf(sid);
    const until =
      status === 'disconnected' ? returnUntil : status === 'suspended' ? suspendedUntil : undefined;
    return {
      url: `https://www.example.com/support#rt1_${sid.split('.')[0] ?? ''}.${String(linksMade).padStart(43, 'x')}`,
      code: `apple river stone${linksMade === 1 ? '' : ` ${linksMade}`}`,
      codeUntil: now() + 600_000,
      ...(until === undefined ? { lastsMs: 1_200_000 } : { until }),
    };
  };
  const keep: FakeHouse['keep'] = (sid, bytes) => {
    kept.push(bytes);
    return `/api/sessions/${encodeURIComponent(sid)}/files/${kept.length}/0`;
  };
  const nameOf = (id: string) => [...made.agents, MARA, JONAS].find((one) => one.id === id)?.name ?? id;
  const takeEffect = (sid: SessionId, request: ActRequest) => {
    acts.push({ ...request, sid });
    const at = now();
    const by = { side: 'agent', name: MARA.name, by: MARA.id } as const;
    const notice = (text: string, code: string) => say(sid, { text, code, side: 'house', kind: 'notice' });
    switch (request.act) {
      case 'file': {
        const { text: name = '' } = request;
        if (rowOf(sid).status === 'suspended') {
          change(sid, { status: 'active', list: 'mine', at });
          notice('The chat goes on', 'resumed');
        }
        const contentUrl = keep(sid, Buffer.from(name));
        const attachments = [{ name, contentType: 'application/pdf', contentUrl, size: name.length }];
        say(sid, { ...by, kind: 'message', text: '', attachments });
        break;
      }
      case 'message':
      case 'comment':
        say(sid, { ...by, kind: request.act, text: request.text ?? '' });
        break;
      case 'canned':
        if (rowOf(sid).status === 'suspended') change(sid, { status: 'active', list: 'mine', at });
        say(sid, { ...by, kind: 'message', format: 'markdown', text: request.text ?? '' });
        break;
      case 'page':
        if (rowOf(sid).status === 'suspended') change(sid, { status: 'active', list: 'mine', at });
        say(sid, {
          ...by,
          format: 'markdown',
          text: `Mara would like to show a page: <${request.url ?? ''}>`,
        });
        break;
      case 'accept':
        change(sid, { status: 'active', list: 'mine', owner: MARA, at, epoch: rowOf(sid).epoch + 1 });
        notice('Mara is here', 'joined');
        break;
      case 'decline':
        tellRow({ ...rowOf(sid), ver: rowOf(sid).ver + 1 }, true);
        rows.delete(sid);
        break;
      case 'suspend':
        change(sid, {
          status: 'suspended',
          list: 'suspended',
          at,
          ...(rowOf(sid).status === 'active' && { customerBackAt: at }),
          ...(request.reason === undefined ? {} : { suspendReason: request.reason }),
          ...(request.backBy === undefined ? {} : { backBy: request.backBy }),
          suspendedUntil: at + 86_400_000,
        });
        notice('Mara set the chat aside', 'suspended');
        break;
      case 'transfer':
        place(handedOn(rowOf(sid), request.to ?? '', nameOf, MARA, at));
        if (others.has(sid)) break;
        notice('Mara is asking Jonas to take over.', 'handingOver');
        break;
      case 'invite':
        change(sid, {
          ...(rowOf(sid).status === 'suspended' && { status: 'active', list: 'mine' }),
          guests: [{ ...JONAS, joined: false }],
        });
        notice('Mara is asking Jonas to join.', 'invited');
        break;
      case 'join':
        change(sid, { guests: [{ ...MARA, joined: true }] });
        notice('Mara has joined.', 'guestJoined');
        break;
      case 'leave':
      case 'removeGuest': {
        const { guests: _guests, ...alone } = rowOf(sid);
        put({ ...alone, ver: alone.ver + 1 });
        break;
      }
      case 'link':
        if (rowOf(sid).status === 'suspended') change(sid, { status: 'active', list: 'mine', at });
        notice('Mara has given Lea a reconnect link.', 'linkGiven');
        break;
      case 'revokeLinks':
        notice('The links and codes given for this chat no longer work.', 'linksRevoked');
        break;
      case 'resume':
      case 'takeBack':
        change(sid, { status: 'active', list: 'mine', at });
        notice('The chat goes on', 'resumed');
        break;
      case 'editSuspension': {
        const { reason, backBy } = request;
        change(sid, {
          ...(reason !== undefined && { suspendReason: reason }),
          ...(backBy !== undefined && { backBy }),
        });
        break;
      }
      case 'close':
        change(sid, { status: 'closed', list: 'closed', at, endedAt: at, wrapUpUntil: at + 900_000 });
        notice('Mara closed the chat', 'closed');
        break;
      case 'record':
        change(sid, request.disposition === undefined ? {} : { disposition: request.disposition });
        break;
      case 'releaseHold': {
        const { agentHeldUntil: _held, ...rest } = rowOf(sid);
        place({ ...rest, ver: rest.ver + 1 });
        if (others.has(sid)) break;
        notice('The slot is free again', 'holdEnded');
        break;
      }
    }
  };

  const fileOf = (sid: SessionId, path: string, query: URLSearchParams): Answer => {
    const bytes = kept[Number(path.split('/')[5] ?? NaN) - 1];
    if (bytes !== undefined) return { status: 200, body: undefined, bytes };
    const [id, text] = [query.get('id') ?? '', query.get('name') ?? ''];
    return act(sid, { id, act: 'file', epoch: 0, text });
  };
  const act = (sid: SessionId, request: ActRequest): Answer => {
    const repeated = answers.get(request.id);
    if (repeated !== undefined) return { status: 200, body: JSON.parse(repeated) };
    if (refusal !== undefined) {
      const { row, ...given } = refusal;
      refusal = undefined;
      if (row !== undefined) rows.set(row.sid, row);
      return given;
    }
    const before = rowOf(sid);
    if (request.ifEpoch !== undefined && request.ifEpoch !== before.epoch)
      return { status: 409, body: { error: { code: 'changed', message: CHANGED }, row: before } };
    takeEffect(sid, request);
    const gives = request.act === 'link' || request.link === true;
    const body = {
      row: rows.get(sid) ?? others.get(sid) ?? before,
      lines: (lines.get(sid) ?? []).slice(-5),
      now: now(),
      ...(gives && { link: makeLink(sid) }),
    };
    answers.set(request.id, JSON.stringify(body));
    return { status: 200, body };
  };

  const list = (name: InboxList, from: string | null) => {
    const direction = name === 'queue' ? 1 : -1;
    const all = [...rows.values()]
      .filter((row) => row.list === name)
      .sort((a, b) => direction * (a.at - b.at));
    const start = Number(from ?? 0);
    const next = start + PAGE < all.length ? { next: String(start + PAGE) } : {};
    return { rows: all.slice(start, start + PAGE), ...next, now: now() };
  };
  const view = (sid: SessionId) => {
    const row = rowOf(sid);
    const { name, verified, widget, stream } = row;
    const before = takenBack.has(sid) && row.follows !== undefined ? lines.get(row.follows) : undefined;
    const read = { ...(before && { before }), marks: marks.get(sid) ?? { delivered: 0 } };
    const customer = { name, verified, widget, stream, openedAt: OPENED_AT, device: 'Phone, Safari' };
    return { row, lines: (lines.get(sid) ?? []).slice(-200), customer, ...read, ...made.terms, now: now() };
  };
  const setPresence = (body: string) => {
    const { status, backAt } = JSON.parse(body) as { status: Me['presence']['status']; backAt?: number };
    me = { ...me, presence: { status, at: now(), ...(backAt === undefined ? {} : { backAt }) } };
    doors.tell('me', { ...me, now: now() });
  };
  const writeCanned = (id: string, query: URLSearchParams, body: string): Answer => {
    const others = made.canned.responses.filter((response) => response.id !== id);
    if (query.has('of')) made.canned = { ...made.canned, responses: others };
    else {
      const draft = JSON.parse(body) as CannedDraft;
      if (draft.text.includes('{custmer}')) return { status: 400, body: NO_PLACEHOLDER };
      const response = { ...draft, id: id === '' ? `made-${others.length}` : id, filled: draft.text };
      made.canned = { ...made.canned, responses: [...others, response] };
    }
    return { status: 200, body: {} };
  };
  const doors = await openDoors((path, query, body) => {
    const [, , room, one = '', rest] = path.split('/');
    if (room === 'agent') {
      if (one === 'presence') setPresence(body);
      return { status: 200, body: { ...me, now: now() } };
    }
    if (room === 'canned') return writeCanned(one, query, body);
    if (room === 'agents' && rest === 'capacity') {
      const id = decodeURIComponent(one);
      const { capacity } = JSON.parse(body) as { capacity: number };
      roster = roster.map((agent) => (agent.id === id ? { ...agent, capacity } : agent));
      return { status: 200, body: roster.find((agent) => agent.id === id) };
    }
    if (room === 'agents') {
      const { agents } = made;
      const whose = decodeURIComponent(one);
      const known =
        whose === MARA.id
          ? [...rows.values()]
          : [...others.values()].filter((row) => row.owner?.id === whose);
      const inHand = known.filter(({ list }) => list === 'mine' || list === 'suspended');
      return one === ''
        ? { status: 200, body: { agents, streams: ['Support', 'Returns'], now: now() } }
        : { status: 200, body: { rows: inHand, now: now() } };
    }
    if (room === 'inbox') return { status: 200, body: list(one as InboxList, query.get('from')) };
    if (room === 'roster') return { status: 200, body: { agents: roster, now: now() } };
    if (room === 'all') {
      const [stream, day] = [query.get('stream') ?? 'support', query.get('day') ?? '2026-01-05'];
      const all = [...rows.values(), ...others.values()];
      const page = day === '2026-01-05' ? all : [];
      return { status: 200, body: { rows: page, stream, streams: ['support', 'sales'], day, now: now() } };
    }
    if (room === 'interactions') {
      const row = rows.get(references.get(decodeURIComponent(one)) ?? ('' as SessionId));
      return row === undefined
        ? { status: 404, body: { error: { code: 'not_found', message: 'There is none.' } } }
        : { status: 200, body: { row, now: now() } };
    }
    const sid = decodeURIComponent(one) as SessionId;
    if (rest === 'timeline') return { status: 200, body: { steps: stories.get(sid) ?? [] } };
    if (rest === 'previous') return { status: 200, body: { previous: previous.get(sid) ?? [] } };
    // An earlier chat is in nobody's list; it is read by way of the one that goes on from it.
    const via = query.get('via') as SessionId | null;
    const isEarlier = via !== null && rows.get(via)?.follows === sid && aside.has(sid);
    if (!isEarlier && !rows.has(sid) && !others.has(sid))
      return { status: 404, body: { error: { code: 'gone', message: 'This chat is not in your lists.' } } };
    if (rest === 'canned') return { status: 200, body: made.canned };
    if (rest === 'link') return { status: 200, body: { link: makeLink(sid), now: now() } };
    if (rest === 'typing') return { status: 200, body: { now: now(), told: typed.push(sid) } };
    if (rest === 'files') return fileOf(sid, path, query);
    if (rest === 'acts') return act(sid, JSON.parse(body) as ActRequest);
    if (rest === undefined) return { status: 200, body: view(sid) };
    const before = Number(query.get('before'));
    return {
      status: 200,
      body: { lines: (lines.get(sid) ?? []).filter((line) => line.seq < before).slice(-200) },
    };
  });

  const made: FakeHouse = {
    ...doors,
    now,
    me,
    rows,
    lines,
    acts,
    stories,
    previous,
    takenBack,
    references,
    supervises: (agents) => {
      roster = agents;
      me = { ...me, supervisor: true };
    },
    putAmongAll: (row) => {
      others.set(row.sid, row);
      if (!lines.has(row.sid)) lines.set(row.sid, []);
      doors.tell('all', { view: `all:support:2026-01-05`, row });
    },
    quietly: (row) => void others.set(row.sid, row),
    typed,
    mark: (sid, now) => {
      marks.set(sid, now);
      const row = rowOf(sid);
      const { ver, seq, list } = row;
      doors.tell('row', { sid, ver, seq, row, list, marks: now });
    },
    types: (sid, at = now()) => doors.tell('typing', { sid, at }),
    put,
    keep,
    putAside: (row, said) => {
      aside.set(row.sid, row);
      const told = said.map((text, i): Line => ({
        ...{ id: `${row.sid}:${i + 1}`, sid: row.sid, seq: i + 1, at: row.at + i },
        ...{ side: 'customer', kind: 'message', format: 'plain', text },
      }));
      lines.set(row.sid, told);
    },
    change,
    leave: (sid) => {
      const row = rowOf(sid);
      rows.delete(sid);
      tellRow({ ...row, ver: row.ver + 1 }, true);
    },
    say,
    refuseNext: (status, code, message, row) => {
      refusal = { status, body: { error: { code, message }, ...(row === undefined ? {} : { row }) }, row };
    },
    canned: { responses: [], stream: 'Support', mayShare: false },
    agents: [
      { ...JONAS, status: 'available', here: true, capacity: 5, used: 2, streams: ['Support'] },
      {
        id: 'tenant:nele',
        name: 'Nele Brandt',
        status: 'away',
        here: false,
        capacity: 5,
        used: 0,
        streams: [],
      },
      {
        id: 'tenant:omar',
        name: 'Omar Haddad',
        status: 'busy',
        here: true,
        capacity: 5,
        used: 5,
        streams: [],
      },
    ],
    terms: {
      files: { maxBytes: 1_048_576, endings: ['.png', '.pdf'] },
      canLink: true,
      enabled: true,
      keepMs: 86_400_000,
      preview: false,
      suspendReasons: ['Investigation', "Customer's machine restarts"],
      pageHosts: ['www.example.com'],
    },
    linksMade: () => linksMade,
  };
  return made;
}
