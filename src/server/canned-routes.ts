import type { Request, Server } from 'restify';
import { HandoffError } from '../handoff/errors.ts';
import type { House } from '../handoff/house.ts';
import type { Log, ShelfName } from '../handoff/ports.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import type { CannedDraft } from '../session/canned.ts';
import { readable } from './agent-reading.ts';
import { bodyOf, Refused, route } from './http.ts';

/** What the routes of canned responses need. */
export interface CannedRoutes {
  readonly house: House;
  readonly streams: readonly string[];
  /** The agent who asks, permitted. */
  readonly agentOf: (req: Request) => Promise<AgentRecord>;
  readonly log: Log;
}

/** Canned responses: what an agent can say in a session, and what they write down. Shared ones are for supervisors to write. */
export function cannedRoutes(server: Server, given: CannedRoutes): void {
  const { house, log, agentOf } = given;

  server.get(
    '/api/sessions/:sid/canned',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const { session } = await readable(house, agent, req);
      const responses = await house.canned.offered(agent, session);
      return { body: { responses, stream: session.stream, mayShare: mayShare(agent) } };
    }),
  );

  server.post(
    '/api/canned',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const body = bodyOf(req);
      return { status: 201, body: await house.canned.save(shelfIn(given, agent, body), draftIn(body)) };
    }),
  );

  server.put(
    '/api/canned/:id',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const body = bodyOf(req);
      return { body: await house.canned.save(shelfIn(given, agent, body), draftIn(body), idIn(req)) };
    }),
  );

  server.del(
    '/api/canned/:id',
    route(log, async (req) => {
      const agent = await agentOf(req);
      const query: unknown = req.query;
      await house.canned.remove(
        shelfIn(given, agent, typeof query === 'object' && query !== null ? { ...query } : {}),
        idIn(req),
      );
      return { body: {} };
    }),
  );
}

type Fields = Readonly<Record<string, unknown>>;

const mayShare = ({ roles }: AgentRecord): boolean => roles.includes('Chat.Supervisor');

/** Whose they are: `of` is `own`, or `shared` with the `stream`. */
function shelfIn({ streams }: CannedRoutes, agent: AgentRecord, { of, stream }: Fields): ShelfName {
  if (of === 'own') return `own:${agent.id}`;
  if (of !== 'shared') throw new Refused(400, 'bad_input', 'of: must be own or shared.');
  if (typeof stream !== 'string' || !streams.includes(stream))
    throw new Refused(400, 'bad_input', 'stream: there is no such work stream.');
  if (!mayShare(agent))
    throw new HandoffError('not_permitted', `Agent ${agent.id} may not write what everyone shares`);
  return `shared:${stream}`;
}

function draftIn(body: Fields): CannedDraft {
  const text = (field: keyof CannedDraft): string => {
    const value = body[field];
    if (typeof value !== 'string') throw new Refused(400, 'bad_input', `${field}: must be text.`);
    return value.trim();
  };
  const { language } = body;
  const isAny = language === undefined || language === null || language === '';
  return {
    ...{ title: text('title'), shortcut: text('shortcut'), text: text('text') },
    ...(!isAny && { language: text('language') }),
  };
}

const idIn = (req: Request): string => (req.params as { id: string }).id;
