import type { Request, Server } from 'restify';
import { z } from 'zod';
import type { OpenedJson, OutcomeJson } from '../../pages/teams-host/wire.ts';
import { withCard } from './activity.ts';
import type { Bot } from './bot.ts';
import { type Answer, type Log, pathParam, readBody, route } from './http.ts';
import type { Person } from './people.ts';
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

const said = z.strictObject({ text: z.string().trim().min(1).max(28_000) });
const submitted = z.strictObject({ value: z.unknown(), replyToId: z.string() });
const messageShape = z.union([said, submitted]);
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
    const message = await readBody(req, messageShape);
    const taken = await bot.message(person, 'text' in message ? write(person, message.text) : message);
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

  function write(person: Person, text: string) {
    const from = { id: person.oid, name: person.name };
    const activity = { type: 'message', text, textFormat: 'plain', from };
    return { text, id: town.say(town.chatOf(person), 'person', activity) };
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
