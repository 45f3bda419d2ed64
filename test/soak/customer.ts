import { promptIn, until, type Answer } from '../server/house.ts';
import type { Shown } from './post.ts';
import type { Street } from './street.ts';

/** A browser with a chat open in it. */
export interface Customer {
  /** `id` is the channel's own for it; sent again under one, it is the same line. */
  readonly say: (text: string, id?: string) => Promise<void>;
  /** Asks for a link to come back by, and gives the token in it. */
  readonly link: () => Promise<string>;
  /** The page tells that it is there; `leaving`, that it goes. */
  readonly beat: (leaving?: boolean) => Promise<void>;
  /** The session that what was shown belongs to. */
  readonly session: () => Promise<string>;
  /** Settles when this text has been shown. */
  readonly reads: (text: string) => Promise<void>;
  /** The same browser with a new page, which comes back by the prompt it is shown. */
  readonly returns: () => Promise<Customer>;
  /** Another browser, which comes back by a link. */
  readonly opens: (token: string) => Promise<Customer>;
  /** Nobody looks at it any more. */
  readonly ends: () => void;
}

/** The token in a link that was given. */
export const tokenIn = (link: unknown): string => /rt1_[\w.-]+/u.exec(JSON.stringify(link))?.[0] ?? '';

const PATIENCE_MS = 60_000;
let homes = 0;

/** Opens a new browser; each has an address of its own. */
export async function openCustomer(street: Street): Promise<Customer> {
  homes += 1;
  const address = `10.${(homes >> 16) & 255}.${(homes >> 8) & 255}.${homes & 255}`;
  const opened = await street.ask('POST', '/api/directline/token', {}, headersOf(address));
  return arrive(street, address, opened, cookieIn(opened));
}

const headersOf = (address: string, cookie?: string) => ({
  headers: { 'x-forwarded-for': address },
  ...(cookie !== undefined && { cookie }),
});
const cookieIn = ({ headers }: Answer): string | undefined => headers.get('set-cookie')?.split(';')[0];

async function arrive(
  street: Street,
  address: string,
  opened: Answer,
  cookie: string | undefined,
): Promise<Customer> {
  const { conversationId, userId } = opened.body as { conversationId: string; userId: string };
  const shown: Shown[] = [];
  const ends = street.post.listen(conversationId, (one) => void shown.push(one));
  const send = (activity: object) =>
    street.from('directline', { from: { id: userId }, conversation: { id: conversationId }, ...activity });
  const asking = headersOf(address, cookie);
  const waitFor = <T>(look: () => T | undefined, what: string): Promise<T> => until(look, what, PATIENCE_MS);
  await send({ type: 'conversationUpdate', membersAdded: [{ id: userId }] });
  await send({ type: 'event', name: 'webchat/join' });

  const beat = async (leaving = false): Promise<void> => {
    const body = { conversation: conversationId, ...(leaving && { leaving }) };
    await street.ask('POST', '/api/presence', body, asking);
  };
  return {
    beat,
    say: async (text, id) => {
      await send({ type: 'message', text, ...(id !== undefined && { id }) });
    },
    link: async () => {
      const body = { conversation: conversationId, act: 'link' };
      return tokenIn((await street.ask('POST', '/api/act', body, asking)).body['link']);
    },
    session: () => waitFor(() => shown.map(sessionIn).find((sid) => sid !== undefined), 'a session’s line'),
    reads: async (text) => {
      await waitFor(() => shown.some((one) => one['text'] === text) || undefined, 'a line is shown');
    },
    returns: async () => {
      ends();
      const again = await street.ask('POST', '/api/directline/token', {}, asking);
      const page = await arriveAsked(street, again);
      const prompt = { ...page.prompt, choice: 'agent', conversation: page.conversation };
      await street.ask('POST', '/api/reconnect', { prompt }, asking);
      return arrive(street, address, again, cookie);
    },
    opens: async (token) => {
      ends();
      const back = await street.ask('POST', '/api/reconnect', { token }, headersOf(address));
      return arrive(street, address, back, cookieIn(back));
    },
    ends,
  };
}

/** A page that has just been opened by somebody who is known, up to the prompt. */
async function arriveAsked(street: Street, opened: Answer) {
  const { conversationId: conversation, userId } = opened.body as { conversationId: string; userId: string };
  let prompt: ReturnType<typeof promptIn>;
  const ends = street.post.listen(conversation, (one) => {
    prompt ??= promptIn([one]);
  });
  const send = (activity: object) =>
    street.from('directline', { from: { id: userId }, conversation: { id: conversation }, ...activity });
  await send({ type: 'conversationUpdate', membersAdded: [{ id: userId }] });
  await send({ type: 'event', name: 'webchat/join' });
  const found = await until(() => prompt, 'they are asked whether they want to go on', PATIENCE_MS);
  ends();
  return { conversation, prompt: found };
}

function sessionIn({ channelData }: Shown): string | undefined {
  const ours: unknown =
    typeof channelData === 'object' && channelData !== null
      ? Reflect.get(channelData, 'reconnect')
      : undefined;
  const sid: unknown = typeof ours === 'object' && ours !== null ? Reflect.get(ours, 'sid') : undefined;
  return typeof sid === 'string' ? sid : undefined;
}
