import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bot } from './adapters/botframework/bot-line.ts';
import type { SessionState } from './adapters/botframework/session-state.ts';
import type { Log } from './handoff/ports.ts';

/** What the default export of `BOT_MODULE` is given to make its bot of. */
export interface BotParts {
  /** The bot's state, which survives a return; save its changes at the end of a turn. */
  readonly state: SessionState;
  readonly log: Log;
}

/** The default export of `BOT_MODULE`. */
export type MakeBot = (parts: BotParts) => Bot | Promise<Bot>;

/** Makes the bot of an author's module. @throws Error that names the module and says what is wrong with it */
export async function botOf(path: string, parts: BotParts): Promise<Bot> {
  const module: unknown = await import(pathToFileURL(resolve(path)).href).catch((cause: unknown) => {
    throw new Error(`BOT_MODULE ${path} cannot be loaded`, { cause });
  });
  const make: unknown = Reflect.get(Object(module) as object, 'default');
  const bot: unknown = typeof make === 'function' ? await (make as MakeBot)(parts) : undefined;
  if (isBot(bot)) return bot;
  throw new Error(
    `BOT_MODULE ${path} must have a default export: a function that makes a bot, something with run(context)`,
  );
}

const isBot = (made: unknown): made is Bot =>
  typeof made === 'object' && made !== null && typeof Reflect.get(made, 'run') === 'function';
