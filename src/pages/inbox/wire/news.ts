import type { ServerEvent } from './sse.ts';
import type { Line, Me, News, Row, RowNews, SessionId } from './wire.ts';

/**
 * Reads one event of the live stream; `undefined` for an unknown one, and for one that cannot be read: a newer house may
 * say more than this page understands. Checked is what the page navigates by, our own server is believed about the rest.
 */
export function newsOf({ event, data }: ServerEvent): News | undefined {
  if (event === 'hello') return { type: 'hello' };
  const value = objectOf(data);
  if (value === undefined) return undefined;
  switch (event) {
    case 'row':
      return isRowNews(value) ? { type: 'row', change: value } : undefined;
    case 'line':
      return isLine(value) ? { type: 'line', line: value } : undefined;
    case 'all':
      return isAll(value) ? { type: 'all', view: value.view, row: value.row } : undefined;
    case 'typing':
      return isTyping(value) ? { type: 'typing', sid: value.sid, at: value.at } : undefined;
    case 'me':
      return isMe(value) ? { type: 'me', me: value } : undefined;
    case 'now':
      return typeof value['now'] === 'number' ? { type: 'now', now: value['now'] } : undefined;
    default:
      return undefined;
  }
}

type Json = Readonly<Record<string, unknown>>;

function objectOf(data: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

const isRowNews = (value: Json): value is Json & RowNews =>
  typeof value['sid'] === 'string' &&
  typeof value['ver'] === 'number' &&
  typeof value['seq'] === 'number' &&
  typeof value['row'] === 'object' &&
  (value['row'] === null) === (value['list'] === null);

const isAll = (value: Json): value is Json & { readonly view: string; readonly row: Row } =>
  typeof value['view'] === 'string' && typeof value['row'] === 'object' && value['row'] !== null;

const isLine = (value: Json): value is Json & Line =>
  typeof value['id'] === 'string' &&
  typeof value['sid'] === 'string' &&
  typeof value['seq'] === 'number' &&
  typeof value['at'] === 'number' &&
  typeof value['text'] === 'string';

const isTyping = (value: Json): value is Json & { readonly sid: SessionId; readonly at: number } =>
  typeof value['sid'] === 'string' && typeof value['at'] === 'number';

const isMe = (value: Json): value is Json & Me =>
  typeof value['id'] === 'string' && typeof value['presence'] === 'object' && value['presence'] !== null;
