import type { Request, Server } from 'restify';
import { isPermitted } from '../handoff/agents.ts';
import { HandoffError } from '../handoff/errors.ts';
import type { House } from '../handoff/house.ts';
import type { InboxList, Row, View } from '../handoff/inbox.ts';
import { slotsHeld, slotsUsed } from '../handoff/places.ts';
import type { Log } from '../handoff/ports.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import { readAgentId } from '../session/ids.ts';
import { bodyOf, Hidden, Refused, route } from './http.ts';
import { privacyRoutes } from './privacy-routes.ts';

const PAGE = 50;
/** In which order a stream's day is gone through: what is under way, what waits, what is over. */
const ORDER: readonly InboxList[] = ['queue', 'mine', 'suspended', 'closed'];

/** What only supervisors see: every chat of a stream and day, and the roster. To all others there is nothing here. */
export function supervisorRoutes(
  server: Server,
  given: {
    readonly house: House;
    readonly streams: readonly string[];
    readonly log: Log;
    /** The agent who asks, permitted. */
    readonly agentOf: (req: Request) => Promise<AgentRecord>;
  },
): void {
  const { house, log } = given;
  const { clock } = house;

  const supervisorOf = supervisorsOnly(given.agentOf);
  privacyRoutes(server, { ...given, supervisorOf });

  server.get(
    '/api/all',
    route(log, async (req) => {
      await supervisorOf(req);
      const { stream = given.streams[0], day, from } = queryOf(req);
      if (stream === undefined || !given.streams.includes(stream))
        throw new Refused(400, 'bad_input', 'stream: there is no such work stream.');
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      if (day !== undefined && !isDay(day))
        throw new Refused(400, 'bad_input', 'day: must be a day such as 2026-01-31, by UTC.');
      return {
        body: {
          ...(await pageOf(house, `all:${stream}:${day ?? today}`, from)),
          stream,
          streams: given.streams,
          day: day ?? today,
          now: clock.now(),
        },
      };
    }),
  );

  server.get(
    '/api/roster',
    route(log, async (req) => {
      await supervisorOf(req);
      const now = clock.now();
      const agents = (await house.agents.everyone()).map((record) => rosterBody(record, now));
      return { body: { agents: agents.toSorted((a, b) => a.name.localeCompare(b.name, 'en')), now } };
    }),
  );

  server.put(
    '/api/agents/:id/capacity',
    route(log, async (req) => {
      await supervisorOf(req);
      const id = readAgentId((req.params as { id: string }).id);
      if (id === undefined) throw new HandoffError('not_found', 'There is no such agent');
      const { capacity } = bodyOf(req);
      const isCount = typeof capacity === 'number' && Number.isInteger(capacity);
      if (!isCount || capacity < 1 || capacity > 100)
        throw new Refused(400, 'bad_input', 'capacity: must be a whole number from 1 to 100.');
      return { body: rosterBody(await house.agents.setCapacity(id, capacity), clock.now()) };
    }),
  );
}

/** The agent who asks, where they are a supervisor; to all others there is nothing. */
const supervisorsOnly =
  (agentOf: (req: Request) => Promise<AgentRecord>) =>
  async (req: Request): Promise<AgentRecord> => {
    const record = await agentOf(req);
    if (!record.roles.includes('Chat.Supervisor')) throw new Hidden(`Agent ${record.id} is no supervisor`);
    return record;
  };

/** One page of a day: list after list, each from where the last page left it. */
async function pageOf(
  house: House,
  view: View,
  from: string | undefined,
): Promise<{ readonly rows: readonly Row[]; readonly next?: string }> {
  const rows: Row[] = [];
  let mark = from === undefined ? { list: 0 } : readMark(from);
  for (let list = ORDER[mark.list]; list !== undefined; list = ORDER[mark.list]) {
    const page = await house.inbox.page(view, list, PAGE - rows.length, mark.from);
    rows.push(...page.rows);
    mark = page.next === undefined ? { list: mark.list + 1 } : { list: mark.list, from: page.next };
    if (rows.length >= PAGE) break;
  }
  return ORDER[mark.list] === undefined ? { rows } : { rows, next: written(mark) };
}

interface Mark {
  readonly list: number;
  readonly from?: string;
}
const written = (mark: Mark): string => `${mark.list}${mark.from === undefined ? '' : `.${mark.from}`}`;

function readMark(text: string): Mark {
  const [, list, from] = /^([0-3])(?:\.([\w-]{1,4000}))?$/u.exec(text) ?? [];
  if (list === undefined)
    throw new Refused(400, 'bad_input', 'from: this place in the list is gone. Please load the list again.');
  return { list: Number(list), ...(from !== undefined && { from }) };
}

function queryOf(req: Request): Readonly<Partial<Record<'stream' | 'day' | 'from', string>>> {
  const query = (req.query ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : undefined);
  const [stream, day, from] = ['stream', 'day', 'from'].map(text);
  return {
    ...(stream !== undefined && { stream }),
    ...(day !== undefined && { day }),
    ...(from !== undefined && { from }),
  };
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/u.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

const rosterBody = (record: AgentRecord, now: number) => ({
  id: record.id,
  name: record.name,
  permitted: isPermitted(record, now),
  supervisor: record.roles.includes('Chat.Supervisor'),
  presence: record.presence,
  capacity: record.capacity,
  used: slotsUsed(record, now),
  /** Places kept for customers who are away or wait. */
  ...slotsHeld(record, now),
  streams: record.streams,
  seenAt: Math.max(record.seenAt ?? 0, record.presence.at),
});
