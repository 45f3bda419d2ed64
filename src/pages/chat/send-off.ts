import type { Activity } from './activity.ts';
import type { Mirror } from './mirror.ts';

/**
 * Sends a line over Direct Line by a request that outlives the page; whether it came through, nobody hears. What it
 * repeats of a request that dies with the page is known by its `clientActivityID`.
 *
 * Source: Direct Line API 3.0, "Send an activity to the bot".
 */
export function sendOff({ domain, where }: Pick<Mirror, 'domain' | 'where'>, activity: Activity): void {
  const { token, conversation, started = conversation } = where;
  const base = new URL(domain, location.origin).href;
  void fetch(`${base}/conversations/${encodeURIComponent(started)}/activities`, {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(activity),
  }).catch(() => {});
}
