import type { Request, Server } from 'restify';
import { holdsRole, isPermitted } from '../handoff/agents.ts';
import { recentlyUsed } from '../handoff/cache.ts';
import { HandoffError } from '../handoff/errors.ts';
import type { Device, Header } from '../handoff/header.ts';
import type { House } from '../handoff/house.ts';
import type { InboxList, Row, View } from '../handoff/inbox.ts';
import { slotsHeld, slotsUsed } from '../handoff/places.ts';
import type { Log } from '../handoff/ports.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import { customerName } from '../handoff/rows.ts';
import { endingsOf } from '../session/files.ts';
import { takenBackInto } from '../handoff/taken-back.ts';
import { serves } from '../session/asked-back.ts';
import type { AgentId } from '../session/ids.ts';
import type { AgentIdentities } from './agent-identity.ts';
import { agentActs, type Actor } from './agent-acts.ts';
import { agentFiles } from './agent-files.ts';
import { linesOf } from './agent-lines.ts';
import { agentStream } from './agent-stream.ts';
import { readable, rowSeenBy } from './agent-reading.ts';
import { cannedRoutes } from './canned-routes.ts';
import { bodyOf, Refused, route } from './http.ts';
import { directoryRoutes } from './directory-routes.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { supervisorRoutes } from './supervisor-routes.ts';

/** What the agents' routes need. */
export interface AgentRoutes {
  readonly house: House;
  readonly identities: AgentIdentities;
  readonly streams: readonly string[];
  /** Where the tab hears the clock; only locally. */
  readonly clockUrl?: string;
  readonly log: Log;
}

const PAGE = 50;
const LINES = 200;
const ADMITTED = 10_000;
const ADMITTED_MS = 60_000;
const YEAR_MS = 365 * 24 * 3_600_000;
const LISTS: ReadonlySet<string> = new Set<InboxList>(['queue', 'mine', 'suspended', 'closed']);
/** What the agents' tab calls. Every call carries a Teams token; acts check the roster on top. */
export function agentRoutes(server: Server, given: AgentRoutes): void {
  const { house, log } = given;
  const { clock } = house;
  const admitted = recentlyUsed<AgentId, { readonly token: string; readonly at: number }>(
    ADMITTED,
    clock.now,
  );

  /** The agent who asks; a fresh token renews the permission it carries. */
  const agentOf = async (req: Request): Promise<AgentRecord> => {
    const identity = await given.identities(req);
    // Who never held the permission leaves no record; who lost it is noted.
    const isNews = holdsRole(identity) || (await house.agents.record(identity.id)) !== undefined;
    const record = isNews ? await house.agents.admit(identity) : undefined;
    if (record === undefined || !isPermitted(record, clock.now())) {
      throw new HandoffError('not_permitted', `Agent ${identity.id} does not hold the chat permission`);
    }
    return record;
  };

  /** The agent who acts: the desk asks the roster itself, so that a token seen a minute ago needs no second look. */
  const actorOf = async (req: Request): Promise<Actor> => {
    const identity = await given.identities(req);
    const token = `${identity.name}|${identity.roles.join()}`;
    const seen = admitted.get(identity.id);
    const actor = { id: identity.id, name: identity.name, roles: identity.roles };
    if (seen?.token === token && clock.now() - seen.at <= ADMITTED_MS) return actor;
    const read = await agentOf(req);
    admitted.set(identity.id, { token, at: clock.now() });
    return { ...actor, read };
  };

  server.get(
    '/api/agent/me',
    route(log, async (req) => ({ body: meBody(given, await agentOf(req)) })),
  );

  server.put(
    '/api/agent/presence',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const { status, backAt } = bodyOf(req);
      if (status !== 'available' && status !== 'busy' && status !== 'away' && status !== 'offline') {
        throw new Refused(400, 'bad_input', 'status: must be available, busy, away or offline.');
      }
      const isMoment = typeof backAt === 'number' && backAt > clock.now() && backAt - clock.now() < YEAR_MS;
      if (backAt !== undefined && backAt !== null && !isMoment) {
        throw new Refused(400, 'bad_input', 'backAt: must be a moment within the next year.');
      }
      const record = await house.agents.setPresence(agent.id, { status, ...(isMoment && { backAt }) });
      return { body: meBody(given, record) };
    }),
  );

  server.get(
    '/api/inbox/:list',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const { list } = req.params as { list: string };
      if (!isList(list)) throw new Refused(404, 'not_found', 'There is no such list.');
      const asked: unknown = (req.query as { from?: unknown } | undefined)?.from;
      const from = asked === undefined || typeof asked === 'string' ? asked : '';
      const streams = agent.streams.length === 0 ? given.streams : agent.streams;
      const views: readonly View[] =
        list === 'queue' ? streams.map((stream): View => `queue:${stream}`) : [`agent:${agent.id}`];
      const page = await listPage(given, views, list, from);
      // What is offered on stands in everybody's queue but its own agent's: they have it.
      const rows = page.rows.filter(({ owner }) => list !== 'queue' || owner?.id !== agent.id);
      return { body: { ...page, rows, now: clock.now() } };
    }),
  );

  server.get(
    '/api/sessions/:sid',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const header = await readable(house, agent, req);
      const entries = await house.store.entries(header.session.id, { upTo: header.seq, last: LINES });
      const before = await takenBackInto(house.store, header, LINES);
      house.desk.reads(agent, header.session.id);
      return {
        body: {
          ...sessionBody(given, agent, header),
          customer: await customerBody(house, header),
          marks: house.sessions.readingOf(header),
          lines: linesOf(house, entries, header.session),
          ...(before !== undefined && { before: linesOf(house, before.entries, before.header.session) }),
          now: clock.now(),
        },
      };
    }),
  );

  server.get(
    '/api/sessions/:sid/lines',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const header = await readable(house, agent, req);
      const before = Number((req.query as { before?: string } | undefined)?.before);
      if (!Number.isSafeInteger(before))
        throw new Refused(400, 'bad_input', 'before: must be the number of a line.');
      const entries = await house.store.entries(header.session.id, { upTo: before - 1, last: LINES });
      return { body: { lines: linesOf(house, entries, header.session) } };
    }),
  );

  agentFiles(server, { ...given, agentOf });
  agentActs(server, { ...given, agentOf, actorOf });
  cannedRoutes(server, { ...given, agentOf });
  directoryRoutes(server, { ...given, agentOf });
  interactionRoutes(server, { ...given, agentOf });
  supervisorRoutes(server, { ...given, agentOf });

  server.get(
    '/api/stream',
    route(log, async (req, res) => {
      const agent = await agentOf(req);
      agentStream({ house, agent, me: (record) => meBody(given, record) }, res);
      return undefined;
    }),
  );
}

/** A page of a list that lies in several partitions: each goes on from its own mark, and one that is read out is left out. */
async function listPage(
  given: AgentRoutes,
  views: readonly View[],
  list: InboxList,
  from: string | undefined,
) {
  const marks = from === undefined ? undefined : readMarks(from);
  const asked = views.filter((view) => marks === undefined || marks[view] !== undefined);
  if (asked.length === 0) throw GONE;
  const pages = await Promise.all(
    asked.map(async (view) => ({ view, ...(await pageFrom(given, view, list, marks?.[view])) })),
  );
  const rows: Row[] = pages.flatMap((page) => page.rows);
  if (views.length > 1) rows.sort((a, b) => a.at - b.at);
  const next = Object.fromEntries(
    pages.flatMap(({ view, next: mark }) => (mark === undefined ? [] : [[view, mark]])),
  );
  return {
    rows,
    ...(Object.keys(next).length > 0 && { next: Buffer.from(JSON.stringify(next)).toString('base64url') }),
  };
}

/** Where each partition goes on. */
function readMarks(from: string): Readonly<Record<string, unknown>> {
  try {
    const marks: unknown = JSON.parse(Buffer.from(from, 'base64url').toString());
    if (typeof marks === 'object' && marks !== null) return marks as Readonly<Record<string, unknown>>;
  } catch {
    // It is no mark of ours.
  }
  throw GONE;
}

const GONE = new Refused(
  400,
  'bad_input',
  'from: this place in the list is gone. Please load the list again.',
);

/** A page of a list; a mark that only the store can read is blamed when the store answers without it. */
async function pageFrom({ house }: AgentRoutes, view: View, list: InboxList, from: unknown) {
  if (from === undefined) return house.inbox.page(view, list, PAGE);
  const isMark =
    typeof from === 'string' &&
    /^[\w-]{1,4000}$/u.test(from) &&
    /^[\x20-\x7e]+$/u.test(Buffer.from(from, 'base64url').toString());
  const page = isMark ? await house.inbox.page(view, list, PAGE, from).catch(() => undefined) : undefined;
  if (page !== undefined) return page;
  await house.inbox.page(view, list, 1);
  throw GONE;
}

const meBody = (given: AgentRoutes, record: AgentRecord) => ({
  id: record.id,
  name: record.name,
  presence: record.presence,
  capacity: record.capacity,
  used: slotsUsed(record, given.house.clock.now()),
  ...slotsHeld(record, given.house.clock.now()),
  supervisor: record.roles.includes('Chat.Supervisor'),
  streams: record.streams.length === 0 ? given.streams : record.streams,
  now: given.house.clock.now(),
  ...(given.clockUrl !== undefined && { clock: given.clockUrl }),
});

const sessionBody = (given: AgentRoutes, agent: AgentRecord, header: Header) => {
  const { session } = header;
  const widget = given.house.widget(session.widget);
  const { rules, preview, pageHosts = [], dispositions, suspendReasons } = widget;
  return {
    row: rowSeenBy(given.house, agent, header),
    canLink: given.house.links.canGive(session),
    files: fileTerms(given.house, session.widget),
    enabled: serves(widget, session.previous),
    keepMs: rules.suspendLimitMs,
    dispositions,
    ...(session.status === 'closed' && session.wrapUp !== undefined && { wrapUp: session.wrapUp }),
    preview,
    suspendReasons,
    pageHosts,
  };
};

const customerBody = async ({ store }: House, { session, reference, device: known }: Header) => {
  // A page that has told nothing yet, a stock Web Chat's, was seen when it opened its line.
  const device = known ?? (await store.presence(session.customer, session.conversation))?.device;
  return {
    name: customerName(session),
    verified: session.subject.kind === 'signedIn',
    widget: session.widget,
    stream: session.stream,
    openedAt: session.openedAt,
    ...(device !== undefined && { device: deviceText(device) }),
    ...(reference.locale !== undefined && { language: reference.locale }),
  };
};

const deviceText = ({ kind, browser }: Device): string =>
  [kind === 'phone' ? 'Phone' : 'Computer', browser].filter(Boolean).join(', ');

const isList = (list: string): list is InboxList => LISTS.has(list);

/** What may be sent, for whoever chooses a file; nothing where none may. */
function fileTerms({ files }: House, widget: string) {
  const rules = files?.rulesFor(widget);
  if (rules?.enabled !== true) return undefined;
  return { maxBytes: rules.maxBytes, endings: endingsOf(rules) };
}
