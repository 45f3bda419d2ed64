import type { Request, Server } from 'restify';
import { refusalText } from '../cards/wording.ts';
import { givesLink, readDoing, type DeskAct } from '../handoff/desk-act.ts';
import { whereOf } from '../handoff/errors.ts';
import type { Header } from '../handoff/header.ts';
import type { House } from '../handoff/house.ts';
import type { Log } from '../handoff/ports.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import type { Refusal } from '../session/refusal.ts';
import type { AgentRef, Session } from '../session/session.ts';
import { isOver, isTheirs } from '../session/whose.ts';
import { linesOf } from './agent-lines.ts';
import { namedIn, readable, rowSeenBy } from './agent-reading.ts';
import { bodyOf, Refused, route } from './http.ts';

/** Who acts, as their token says; with their record, where it had to be read for that. */
export type Actor = Pick<AgentRecord, 'id' | 'name' | 'roles'> & { readonly read?: AgentRecord };

/** What agents do on a session. */
export function agentActs(
  server: Server,
  given: {
    readonly house: House;
    readonly log: Log;
    /** The agent who asks, permitted. */
    readonly agentOf: (req: Request) => Promise<AgentRecord>;
    /** The same for an act, whose permission the desk judges. */
    readonly actorOf: (req: Request) => Promise<Actor>;
  },
): void {
  const { house, log } = given;
  const said = (refusal: Refusal, { widget }: Session): string =>
    refusalText(refusal, house.widget(widget).agentWords, 'agent');
  const no = (agent: Actor, header: Header, refusal: Refusal): Refused => {
    const { session } = header;
    if (refusal.kind === 'notYours')
      log('denied', { agent: agent.id, session: session.id, why: refusal.kind });
    return new Refused(409, refusal.kind, said(refusal, session), { row: rowSeenBy(house, agent, header) });
  };

  server.post(
    '/api/sessions/:sid/acts',
    route(log, async (req) => {
      const actor = await given.actorOf(req);
      const agent: AgentRef = { id: actor.id, name: actor.name };
      const { session } = await namedIn(house, req);
      const act = readAct(bodyOf(req));
      if (act.act !== 'canned' && givesLink(act)) checkPortal(house, session);
      const outcome = await house.desk.act(agent, session.id, { ...act, from: 'tab' }, actor.read);
      if (outcome.refused !== undefined) throw no(actor, outcome.header, outcome.refused);
      if (outcome.stale === true)
        throw new Refused(409, 'changed', CHANGED, { row: rowSeenBy(house, actor, outcome.header) });
      // What was taken back goes on in another session: the answer is about that one.
      const next = act.act === 'takeBack' ? await followUp(house, outcome.header.session) : undefined;
      const { header, entries } = next === undefined ? outcome : { header: next, entries: [] };
      return {
        body: {
          row: rowSeenBy(house, actor, header),
          lines: linesOf(house, entries, header.session),
          ...(outcome.link !== undefined && { link: outcome.link }),
          now: house.clock.now(),
        },
      };
    }),
  );

  // Told on to the customer's page and forgotten: nobody waits for the channel, and nothing is written.
  server.post(
    '/api/sessions/:sid/typing',
    route(log, async (req) => {
      const { id, name } = await given.actorOf(req);
      const { session } = await namedIn(house, req);
      house.typing
        .agent({ id, name }, session.id)
        .catch((reason: unknown) => log('typing.failed', { session: session.id, reason: whereOf(reason) }));
      return { body: { now: house.clock.now() } };
    }),
  );

  // A copy to be handed on elsewhere, and a fresh code to be read out: no act, so nothing resumes.
  server.post(
    '/api/sessions/:sid/link',
    route(log, async (req) => {
      const agent = await given.agentOf(req);
      const { session } = await readable(house, agent, req);
      checkPortal(house, session);
      // Whoever had it a moment ago gives no more keys to it.
      const header = await house.sessions.fresh(session.id);
      if (header === undefined || !(isOver(header.session) || isTheirs(header.session, agent))) {
        throw new Refused(409, 'notYours', said({ kind: 'notYours' }, session));
      }
      const copied = await house.links.copy(session.id);
      if ('refused' in copied) throw no(agent, header, copied.refused);
      return { body: { link: copied.given, now: house.clock.now() } };
    }),
  );
}

function checkPortal(house: House, session: Session): void {
  if (house.links.canGive(session)) return;
  throw new Refused(
    409,
    'no_portal',
    'No link can be given here: this chat’s settings name no portal address, or let nobody come back.',
  );
}

const followUp = async (house: House, session: Session): Promise<Header | undefined> =>
  session.status === 'closed' && session.followedBy !== undefined
    ? house.sessions.header(session.followedBy)
    : undefined;

const CHANGED = 'Nothing was done: this chat has changed hands meanwhile.';

/** `ifEpoch`: whoever acts on what they read a while ago does nothing to what has changed hands since. */
function readAct(body: Readonly<Record<string, unknown>>): DeskAct {
  const { id, ifEpoch } = body;
  if (typeof id !== 'string' || id === '' || id.length > 64) {
    throw new Refused(400, 'bad_input', 'id: an act needs an id of its own, at most 64 characters.');
  }
  if (ifEpoch !== undefined && !Number.isSafeInteger(ifEpoch))
    throw new Refused(400, 'bad_input', 'ifEpoch: must be the epoch of a session.');
  return { id, ...readDoing(body), ...(typeof ifEpoch === 'number' && { epoch: ifEpoch }) };
}
