import type { TurnContext } from 'botbuilder';
import type { AgentReference, FetchDropped } from '../../handoff/ports.ts';
import { atMost } from '../at-most.ts';
import { oneAttempt, type ProactiveAdapter } from '../botframework/proactive.ts';
import { frameworkReference } from './agent-wire.ts';

/**
 * Where Teams puts files that people drop into a bot's chat: their OneDrive, in the world's and the national clouds.
 * Source: Microsoft 365 URLs and IP address ranges, SharePoint and OneDrive.
 */
export const TEAMS_DOWNLOADS: readonly string[] = [
  'https://*.sharepoint.com/',
  'https://*.sharepoint.us/',
  'https://*.sharepoint-mil.us/',
  'https://*.sharepoint-df.us/',
  'https://*.sharepoint.cn/',
];

const MOST_HOPS = 3;

/**
 * Fetches what agents drop into the bot's personal chat. A download comes from one of `downloads` alone, without a
 * cookie or a token, and is followed nowhere else. A picture in a message is asked for at the chat's own connector, with
 * the bot's token: of its address only the id counts.
 */
export function droppedFiles(
  adapter: ProactiveAdapter,
  appId: string,
  downloads: readonly string[] = TEAMS_DOWNLOADS,
): FetchDropped {
  for (const place of downloads) {
    if (!URL.canParse(place) || !place.endsWith('/'))
      throw new TypeError(`${place} must be a URL that ends in /`);
  }

  const download = async (address: string, most: number, stopped: AbortSignal, hops = MOST_HOPS) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || hops === 0 || !downloads.some((place) => isAt(url, place))) return UNREADABLE;
    const response = await fetch(url.href, { redirect: 'manual', credentials: 'omit', signal: stopped });
    const elsewhere = response.headers.get('location');
    if (response.ok && response.body !== null) return atMost(response.body, most);
    await response.body?.cancel();
    if (elsewhere === null || !URL.canParse(elsewhere, url.href)) return UNREADABLE;
    return download(new URL(elsewhere, url).href, most, stopped, hops - 1);
  };

  const picture = async (address: string, chat: AgentReference, most: number, stopped: AbortSignal) => {
    const asked = pictureIn(address, chat.serviceUrl);
    if (asked === undefined) return UNREADABLE;
    let read: Awaited<ReturnType<FetchDropped>> = UNREADABLE;
    await adapter.continueConversationAsync(appId, frameworkReference(chat), async (context) => {
      oneAttempt(context, stopped);
      const body = await attachmentOf(context, asked);
      if (body === undefined) return;
      const end = (): void => void body.destroy();
      stopped.addEventListener('abort', end, { once: true });
      read = await atMost(body, most).finally(() => stopped.removeEventListener('abort', end));
    });
    return read;
  };

  return async ({ kind, url }, chat, most, stopped) => {
    try {
      return await (kind === 'download' ? download(url, most, stopped) : picture(url, chat, most, stopped));
    } catch {
      return UNREADABLE;
    }
  };
}

const UNREADABLE = { fault: 'unreadable' } as const;

/** `https://*.x/` is every host below `x` on its usual port; anything else is what an address begins with. */
function isAt(url: URL, place: string): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (!place.startsWith('https://*.')) return url.href.startsWith(place);
  return url.protocol === 'https:' && url.port === '' && url.hostname.endsWith(place.slice(9, -1));
}

/** A picture at the connector of this chat, by the id and the view its address names. */
function pictureIn(address: string, serviceUrl: string): Picture | undefined {
  const base = serviceUrl.replace(/\/$/u, '');
  if (!address.startsWith(`${base}/`)) return undefined;
  const [, id, view] =
    /^\/v3\/attachments\/([\w.~-]+)\/views\/([\w-]+)$/u.exec(address.slice(base.length)) ?? [];
  return id === undefined || view === undefined ? undefined : { id, view };
}

interface Picture {
  readonly id: string;
  readonly view: string;
}

type Body = AsyncIterable<Uint8Array> & { readonly destroy: () => unknown };

interface AttachmentsClient {
  readonly attachments: {
    readonly getAttachment: (id: string, view: string) => Promise<{ readonly readableStreamBody?: Body }>;
  };
}

/** The stream of a picture, by the framework's own client of this turn. */
async function attachmentOf(context: TurnContext, { id, view }: Picture): Promise<Body | undefined> {
  const client: unknown = context.turnState.get(context.adapter.ConnectorClientKey);
  if (typeof client !== 'object' || client === null || !('attachments' in client)) return undefined;
  return (await (client as AttachmentsClient).attachments.getAttachment(id, view)).readableStreamBody;
}
