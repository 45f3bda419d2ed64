/** Where a link leads, seen from Teams: into a page of this app's tab, to the bot's chat, or out. */
export type Destination =
  | { readonly to: 'tab'; readonly subPageId: string | undefined }
  | { readonly to: 'chat' }
  | { readonly to: 'outside'; readonly url: string }
  | { readonly to: 'nowhere' };

/** Reads a URL as Teams does: its own deep links stay inside, http(s) leaves, anything else is not followed. */
export function destinationOf(text: string): Destination {
  const url = URL.parse(text, location.href);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return { to: 'nowhere' };
  if (url.hostname !== 'teams.microsoft.com') return { to: 'outside', url: url.href };
  if (url.pathname.startsWith('/l/entity/')) return { to: 'tab', subPageId: subPageIn(url) };
  return url.pathname.startsWith('/l/chat/') ? { to: 'chat' } : { to: 'nowhere' };
}

/** Makes the deep link to a page of the tab, as Teams' *Copy link* does. */
export function linkTo(appId: string, entityId: string, subPageId: string, label: string): string {
  const context = encodeURIComponent(JSON.stringify({ subEntityId: subPageId }));
  const path = `${encodeURIComponent(appId)}/${encodeURIComponent(entityId)}`;
  return `https://teams.microsoft.com/l/entity/${path}?label=${encodeURIComponent(label)}&context=${context}`;
}

function subPageIn(url: URL): string | undefined {
  try {
    const context: unknown = JSON.parse(url.searchParams.get('context') ?? '{}');
    if (typeof context !== 'object' || context === null) return undefined;
    const page: unknown = Reflect.get(context, 'subEntityId') ?? Reflect.get(context, 'subPageId');
    return typeof page === 'string' ? page : undefined;
  } catch {
    return undefined;
  }
}
