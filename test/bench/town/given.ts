/** What the compared ones are given when they are started. */
export interface Given {
  readonly store: { readonly endpoint: string; readonly key: string };
  /** The framework's settings of where tokens of channels come from. */
  readonly channels: Readonly<Record<string, string>>;
  readonly bot: string;
  readonly tenant: string;
  /** The chat their lines are relayed to. */
  readonly agent: { readonly serviceUrl: string; readonly conversation: string };
  readonly pepper: string;
  readonly settings: unknown;
}

/** Reads what the bench itself wrote. */
export function readGiven(text: string | undefined): Given {
  if (text === undefined) throw new Error('Nothing was given');
  return JSON.parse(text) as Given;
}
