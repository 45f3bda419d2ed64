import { randomUUID } from 'node:crypto';
import type { Request, Server } from 'restify';
import { z } from 'zod';
import type { OpenedJson, OutcomeJson } from '../../pages/teams-host/wire.ts';
import { withCard } from './activity.ts';
import type { Bot } from './bot.ts';
import { type Answer, type Log, pathParam, readBody, route } from './http.ts';
import type { Person } from './people.ts';
import { answerFile } from './roster.ts';
import type { TeamsStore } from './store.ts';
import type { Town } from './town.ts';

export interface ChatsSettings {
  readonly town: Town;
  readonly bot: Bot;
  readonly store: TeamsStore;
  readonly botId: string;
  readonly tabUrl: string;
  readonly signTabToken: (person: Person) => Promise<string>;
  readonly log: Log;
}

const attached = z.strictObject({
  name: z.string().min(1).max(250),
  type: z.string().max(100),
  base64: z.base64(),
  /** A picture in the message itself, as one that is pasted; anything else is a file of the sender's. */
  inline: z.boolean(),
});
const said = z
  .strictObject({ text: z.string().trim().max(28_000), files: z.array(attached).max(12).default([]) })
  .refine(({ text, files }) => text !== '' || files.length > 0, 'A message needs words or a file.');
type Said = z.infer<typeof said>;
const submitted = z.strictObject({ value: z.unknown(), replyToId: z.string() });
const messageShape = z.union([said, submitted]);
/** As much as the page can send: two files of the largest size that any setting takes, in base64. */
const maxMessageBytes = 70 * 1024 * 1024;
const actionShape = z.strictObject({
  activityId: z.string(),
  action: z.strictObject({
    id: z.string().optional(),
    verb: z.string().optional(),
    data: z.unknown().optional(),
  }),
});

/** Mounts what the host page asks for on behalf of person `:n`. */
export function mountChats(server: Server, settings: ChatsSettings): void {
  const { town, bot, store, log } = settings;
  const on = (path: string, handle: (person: Person, req: Request) => Promise<Answer>) =>
    server.post(
      `/local/teams/chats/:n/${path}`,
      route(log, (req) => handle(town.personNumbered(Number(pathParam(req, 'n'))), req)),
    );

  on('open', async (person) => ({ status: 200, body: await opened(person) }));
  on('token', async (person) => ({ status: 200, body: { token: await settings.signTabToken(person) } }));

  on('messages', async (person, req) => {
    const message = await readBody(req, messageShape, maxMessageBytes);
    const taken = await bot.message(person, 'text' in message ? write(person, message) : message);
    const outcome: OutcomeJson = taken
      ? { outcome: 'done' }
      : { outcome: 'failed', text: 'The bot could not take this. Your message is kept here; try again.' };
    return { status: 200, body: outcome };
  });

  on('actions', async (person, req) => {
    const { activityId, action } = await readBody(req, actionShape);
    const chat = town.chatOf(person);
    town.line(chat, activityId);
    const result = await bot.press(person, activityId, action);
    if (result.outcome !== 'card') return { status: 200, body: result };
    // Read again: the bot may have edited the message while it answered.
    town.edit(chat, activityId, withCard(town.line(chat, activityId).activity, result.card));
    return { status: 200, body: { outcome: 'done' } };
  });

  // Whoever has the address has the file, as with a download address of SharePoint.
  server.get('/local/teams/files/:attachment', answerFile(store));

  function write(person: Person, { text, files }: Said) {
    const from = { id: person.oid, name: person.name };
    const attachments = files.map(attachment);
    const activity = {
      ...{ type: 'message', text, textFormat: 'plain', from },
      ...(attachments.length > 0 && { attachments }),
    };
    const id = town.say(town.chatOf(person), 'person', activity);
    return { text, id, ...(attachments.length > 0 && { attachments }) };
  }

  // In the shapes Teams sends. Source: Teams docs, `Send and receive files through a bot`.
  function attachment({ name, type, base64, inline }: Said['files'][number]) {
    const id = randomUUID();
    store.addAttachment(id, name, type, Buffer.from(base64, 'base64'));
    if (inline)
      return { contentType: 'image/*', contentUrl: `${town.serviceUrl}/v3/attachments/${id}/views/original` };
    const [, fileType = ''] = /\.([^.]+)$/.exec(name) ?? [];
    const downloadUrl = `${new URL(town.serviceUrl).origin}/local/teams/files/${id}?tempauth=local`;
    return {
      contentType: 'application/vnd.microsoft.teams.file.download.info',
      contentUrl: `https://contoso-my.sharepoint.com/personal/local/Documents/Microsoft%20Teams%20Chat%20Files/${encodeURIComponent(name)}`,
      name,
      content: { downloadUrl, uniqueId: id, fileType },
    };
  }

  async function opened(person: Person): Promise<OpenedJson> {
    const { botId, tabUrl } = settings;
    const problem = (await installed(person))
      ? undefined
      : 'The bot did not answer yet. Reload to try again.';
    const people = town.people.map(publicly);
    return { person: publicly(person), people, tenantId: town.tenantId, botId, tabUrl, problem };
  }

  async function installed(person: Person): Promise<boolean> {
    if (store.isInstalled(person.oid)) return true;
    if (!(await bot.install(person))) return false;
    store.install(person.oid, town.now());
    return true;
  }
}

const publicly = ({ n, oid, name, upn }: Person) => ({ n, oid, name, upn });
