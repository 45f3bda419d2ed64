import type { BotAccount } from './bot-account.ts';
import type { Reader } from './environment.ts';

/** Application ID URIs as Teams wants them: `api://<host of the tab>/<app id>`. */
const APPLICATION = /^api:\/\/([^/]+)\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/iu;

/**
 * For whom Entra signs the tab's tokens. A SingleTenant bot's own app registration serves, and is the default; a managed
 * identity cannot expose an API, so that the tab then needs a registration of its own.
 */
export function tabAudience(
  from: Reader,
  publicUrl: string | undefined,
  bot: BotAccount | undefined,
): string | undefined {
  const host = publicUrl === undefined ? '<host of PUBLIC_URL>' : new URL(publicUrl).host;
  const todo = `Set it to the Application ID URI of the tab’s app registration: api://${host}/<its client ID>.`;
  if (bot?.kind === 'SingleTenant' && !from.isSet('TAB_AUDIENCE')) return `api://${host}/${bot.appId}`;
  if (bot === undefined && !from.isSet('TAB_AUDIENCE')) return undefined;
  return from.needed('TAB_AUDIENCE', `A managed identity cannot sign agents in. ${todo}`, (value) => {
    const [, named] = APPLICATION.exec(value) ?? [];
    if (named === undefined) return { what: 'is no Application ID URI', todo };
    return publicUrl === undefined || named === host
      ? { read: value }
      : { what: `names ${named}, but Teams signs in only for the host of PUBLIC_URL`, todo };
  });
}
