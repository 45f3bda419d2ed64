/** A customer on the bare protocol, without a client library. */
import type { Activity } from 'botbuilder';
import type { Answer, House } from './house.ts';
import { until } from './house.ts';

export interface Stream {
  readonly activities: Activity[];
  readonly watermark: () => string;
  readonly closed: () => { readonly code: number; readonly reason: string } | undefined;
  readonly texts: () => (string | undefined)[];
}

export interface Customer {
  readonly token: string;
  readonly conversation: string;
  readonly streamUrl: string;
  readonly say: (text: string, more?: object) => Promise<Answer>;
  readonly history: () => Promise<(string | undefined)[]>;
}

/** Starts a conversation for `dl_ann`. */
export async function customer(
  house: House,
  user: object = { id: 'dl_ann', name: 'Ann' },
): Promise<Customer> {
  const issued = await house.ask('POST', '/v3/directline/tokens/generate', { user });
  const token = issued.body['token'] as string;
  const started = await house.ask('POST', '/v3/directline/conversations', {}, token);
  const conversation = started.body['conversationId'] as string;
  const activities = `/v3/directline/conversations/${conversation}/activities`;
  return {
    token,
    conversation,
    streamUrl: started.body['streamUrl'] as string,
    say: (text, more) =>
      house.ask('POST', activities, { type: 'message', text, from: { id: 'anybody' }, ...more }, token),
    history: async () =>
      texts((await house.ask('GET', activities, undefined, token)).body['activities'] as Activity[]),
  };
}

/** Opens a stream URL; resolves when it is open, or closed again. */
export async function openStream(url: string): Promise<Stream> {
  const activities: Activity[] = [];
  let watermark = '';
  let opened = false;
  let closed: { code: number; reason: string } | undefined;
  const socket = new WebSocket(url);
  socket.onopen = () => (opened = true);
  socket.onclose = ({ code, reason }) => (closed = { code, reason });
  socket.onmessage = ({ data }) => {
    if (data === '') return;
    const frame = JSON.parse(String(data)) as { activities: Activity[]; watermark: string };
    activities.push(...frame.activities);
    watermark = frame.watermark;
  };
  await until(() => opened || closed);
  return { activities, watermark: () => watermark, closed: () => closed, texts: () => texts(activities) };
}

/** Asks for a new stream URL, as a client does after its socket broke. */
export const reconnect = (house: House, who: Customer, watermark = '', token = who.token): Promise<Answer> =>
  house.ask(
    'GET',
    `/v3/directline/conversations/${who.conversation}?watermark=${watermark}`,
    undefined,
    token,
  );

const texts = (activities: readonly Activity[]) => activities.map(({ text }) => text);
