import type { Request, RequestHandler, Server } from 'restify';
import type { ConnectorSettings } from './connector.ts';
import { type Answer, pathParam, Refused, route } from './http.ts';
import { memberOf } from './people.ts';
import type { TeamsStore } from './store.ts';
import { team } from './town.ts';

/** Mounts what a bot may ask about people, the team, and files it uploaded. */
export function mountRoster(
  server: Server,
  at: string,
  { town, store, log, serviceUrl }: ConnectorSettings,
): void {
  const on = (path: string, handle: (req: Request) => Answer) =>
    server.get(`${at}${path}`, route(log, handle));
  const members = (req: Request) => {
    const id = pathParam(req, 'conversation');
    const here = id === team.id ? town.people : town.members(town.conversation(id));
    return here.map((person) => memberOf(person, town.tenantId));
  };

  on('/conversations/:conversation/members', (req) => ({ status: 200, body: members(req) }));
  on('/conversations/:conversation/activities/:activity/members', (req) => ({
    status: 200,
    body: members(req),
  }));
  on('/conversations/:conversation/pagedmembers', (req) => ({ status: 200, body: page(members(req), req) }));
  on('/conversations/:conversation/members/:member', (req) => {
    const id = pathParam(req, 'member');
    const member = members(req).find((one) => one.id === id || one.aadObjectId === id);
    if (!member) throw new Refused(404, 'MemberNotFoundInConversation', 'There is no such member here.');
    return { status: 200, body: member };
  });
  on('/teams/:team', (req) => {
    const { id, name, aadGroupId, channels } = teamAsked(req);
    return {
      status: 200,
      body: { id, name, aadGroupId, channelCount: channels.length, memberCount: town.people.length },
    };
  });
  on('/teams/:team/conversations', (req) => ({
    status: 200,
    body: { conversations: teamAsked(req).channels },
  }));
  on('/attachments/:attachment', (req) => {
    const { name, type, bytes } = attachmentAsked(req);
    return { status: 200, body: { name, type, views: [{ viewId: 'original', size: bytes.byteLength }] } };
  });

  server.get(`${at}/attachments/:attachment/views/:view`, answerFile(store));

  function teamAsked(req: Request) {
    if (pathParam(req, 'team') !== team.id)
      throw new Refused(404, 'TeamNotFound', `The only team here is ${team.id}.`);
    return team;
  }
  function attachmentAsked(req: Request) {
    const file = store.attachment(pathParam(req, 'attachment'));
    if (!file) throw new Refused(404, 'AttachmentNotFound', `There is no such attachment at ${serviceUrl}.`);
    return file;
  }
}

/** Answers with the bytes of `:attachment`. */
export const answerFile =
  (store: TeamsStore): RequestHandler =>
  // Not because it waits: restify takes a handler without `next` only when it is async.
  async (req, res) => {
    const file = store.attachment(pathParam(req, 'attachment'));
    // Always a download: whatever somebody uploads must not run as a page of this origin.
    res.writeHead(file ? 200 : 404, {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': 'attachment',
      'X-Content-Type-Options': 'nosniff',
    });
    res.end(file?.bytes);
    return Promise.resolve();
  };

// The continuation token is the number of members already given.
function page<T>(all: readonly T[], req: Request) {
  const query = new URL(req.url ?? '/', 'http://local').searchParams;
  const size = Math.min(500, Math.max(1, Number(query.get('pageSize') ?? 200) || 200));
  const from = Math.max(0, Number(query.get('continuationToken') ?? 0) || 0);
  const until = from + size;
  return { members: all.slice(from, until), ...(until < all.length && { continuationToken: String(until) }) };
}
