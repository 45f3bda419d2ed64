import type { Answer, Asking, Customer, Shown, TestHouse } from './house.ts';
import { openChat, until } from './house.ts';

let acts = 0;

/** A customer who talks to Jonas, and what either of them can do about links. */
export interface Talk {
  readonly chat: Customer;
  readonly sid: string;
  readonly act: (act: string, more?: object) => Promise<Answer>;
  /** The agent gives a link. */
  readonly give: () => Promise<Way>;
  /** What the customer's page asks of the chat. */
  readonly page: (act: string) => Promise<Answer>;
  /** The agent's transcript. */
  readonly told: () => Promise<readonly { readonly code?: string; readonly text: string }[]>;
}

/** A link and its code. */
export interface Way {
  readonly url: string;
  readonly token: string;
  readonly code: string;
  readonly codeUntil: number;
}

export const tokenIn = (url: string): string => new URL(url).hash.slice(1);
export const wayIn = (answer: Answer): Way => {
  const link = answer.body['link'] as Omit<Way, 'token'> | undefined;
  if (link === undefined) throw new Error(`No way back in ${answer.status} ${answer.text}`);
  return { ...link, token: tokenIn(link.url) };
};

export async function talking(house: TestHouse, asking: Asking = {}): Promise<Talk> {
  const chat = await openChat(house, asking);
  await chat.say('agent');
  const bearer = await house.tabToken();
  await house.ask('GET', '/api/agent/me', undefined, { bearer });
  const sid = await until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, { bearer });
    const rows = body['rows'] as readonly { readonly sid: string }[];
    return rows.find((row) => row.sid.startsWith(`${chat.userId}.`))?.sid;
  }, 'the customer is in line');
  const act = (name: string, more: object = {}): Promise<Answer> => {
    acts += 1;
    return house.ask(
      'POST',
      `/api/sessions/${sid}/acts`,
      { id: `act-${acts}`, act: name, ...more },
      { bearer },
    );
  };
  const accepted = await act('accept');
  if (accepted.status !== 200) throw new Error(`Not accepted: ${accepted.text}`);
  return {
    chat,
    sid,
    act,
    give: async () => wayIn(await act('link')),
    page: (name) =>
      house.ask('POST', '/api/act', { conversation: chat.conversation, act: name }, chat.asking),
    told: async () => {
      const { body } = await house.ask('GET', `/api/sessions/${sid}`, undefined, { bearer });
      return body['lines'] as readonly { readonly code?: string; readonly text: string }[];
    },
  };
}

/** Uses a link or a code. */
export const redeem = (
  house: Pick<TestHouse, 'ask'>,
  brought: { readonly token?: unknown; readonly code?: unknown },
  asking: Asking & { readonly key?: string } = {},
): Promise<Answer> =>
  house.ask('POST', '/api/reconnect', brought, {
    ...asking,
    headers: { ...asking.headers, ...(asking.key !== undefined && { 'idempotency-key': asking.key }) },
  });

export const look = (house: TestHouse, token: unknown, asking: Asking = {}): Promise<Answer> =>
  house.ask('POST', '/api/reconnect/look', { token }, asking);

export const cookieOf = (answer: Answer): string => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

/** A browser that has come back by a link: its cookie, its conversation, and what it can say there. */
export async function browserOf(
  house: TestHouse,
  back: Answer,
): Promise<{
  readonly say: (text: string) => Promise<Answer>;
  readonly shown: () => Promise<readonly Shown[]>;
}> {
  const { token: bearer, conversationId, userId } = back.body as Record<string, string>;
  const activities = `/v3/directline/conversations/${conversationId}/activities`;
  await house.ask('POST', '/v3/directline/conversations', {}, { bearer: bearer ?? '' });
  return {
    say: (text) =>
      house.ask(
        'POST',
        activities,
        { type: 'message', text, from: { id: userId } },
        { bearer: bearer ?? '' },
      ),
    shown: async () =>
      (await house.ask('GET', activities, undefined, { bearer: bearer ?? '' })).body[
        'activities'
      ] as readonly Shown[],
  };
}

export const textsOf = (answer: Answer): readonly string[] =>
  (answer.body['transcript'] as readonly { readonly text: string }[]).map(({ text }) => text);
export const statusOf = (answer: Answer): unknown =>
  (answer.body['state'] as { status?: unknown } | undefined)?.status;
export const codeOf = (answer: Answer): unknown =>
  (answer.body['error'] as { code?: unknown } | undefined)?.code;
/** All but the moment. */
export const headersOf = ({ headers }: Answer): readonly (readonly [string, string])[] =>
  [...headers].filter(([name]) => name !== 'date');
