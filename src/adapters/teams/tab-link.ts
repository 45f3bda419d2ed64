import type { SessionId } from '../../session/ids.ts';

/** The inbox tab's `entityId` in the Teams app's manifest, by which deep links find it. */
export const TAB = 'inbox';

/**
 * Makes the deep link to a session in the agents' tab, by the id in the Teams app's manifest.
 * Source: Teams docs, deep links to a tab.
 */
export function tabLink(teamsAppId: string, sid: SessionId): string {
  const context = encodeURIComponent(JSON.stringify({ subEntityId: sid }));
  return `https://teams.microsoft.com/l/entity/${encodeURIComponent(teamsAppId)}/${TAB}?context=${context}`;
}
