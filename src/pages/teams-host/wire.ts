/** A Bot Framework activity as JSON; only what the page looks into is named. */
export interface ActivityJson {
  readonly type: string;
  readonly text?: string | undefined;
  readonly attachments?:
    | readonly { readonly contentType: string; readonly name?: unknown; readonly content?: unknown }[]
    | null
    | undefined;
  readonly [field: string]: unknown;
}

/** One line of a chat; `id` is the time in ms it was said, as in Teams, and unique. */
export interface ChatLine {
  readonly id: string;
  readonly author: 'bot' | 'person';
  readonly activity: ActivityJson;
}

export interface PersonJson {
  readonly n: number;
  readonly oid: string;
  readonly name: string;
  readonly upn: string;
}

/** What the page asks for first: `POST /local/teams/chats/:n/open`. `problem` says in words why the bot did not answer. */
export interface OpenedJson {
  readonly person: PersonJson;
  readonly people: readonly PersonJson[];
  readonly tenantId: string;
  readonly botId: string;
  readonly tabUrl: string;
  readonly problem?: string | undefined;
}

/** What the live socket `/local/teams/chats/:n/live` brings; `all` comes first, after every connect. */
export type LiveJson =
  | { readonly kind: 'all'; readonly now: number; readonly lines: readonly ChatLine[] }
  | { readonly kind: 'put'; readonly line: ChatLine }
  | { readonly kind: 'gone'; readonly id: string }
  | { readonly kind: 'typing' };

/** A file that goes with a line; `inline` ones are pictures in the message itself. */
export interface AttachedJson {
  readonly name: string;
  readonly type: string;
  readonly base64: string;
  readonly inline: boolean;
}

/** What became of a pressed button or a sent line. A new card comes over the live socket. */
export type OutcomeJson =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'said'; readonly text: string }
  | { readonly outcome: 'failed'; readonly text: string }
  /** Nothing was taken, not even into the chat. */
  | { readonly outcome: 'unsent'; readonly text: string };
