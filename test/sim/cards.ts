import type { Channel } from './channel.ts';
import { field } from './evidence.ts';

/** A button of a card, with what travels with it. */
export interface CardButton {
  /** Without the prefix that makes it ours. */
  readonly act: string;
  readonly sid: string;
  readonly epoch: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether what is filled in travels too. */
  readonly hasInputs: boolean;
}

/** A card as an agent's Teams shows it. */
export interface ShownCard {
  readonly buttons: readonly CardButton[];
  /** Fields by their id, with what stands in them, or may be chosen there. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** What it says in one line. */
  readonly title: string;
  /** What it says of the press that it answers. */
  readonly said: string | undefined;
}

/** The states a card went through in a chat, oldest first. */
export type CardStates = readonly ShownCard[];

/** An answer's card, in the place of the one that was pressed. */
export interface Replaced {
  readonly chat: string;
  readonly id: string;
  readonly at: number;
  readonly card: ShownCard;
}

/** Every card of a chat, by the channel's id of it; those that changed last come first. */
export function cardsIn(
  { arrived }: Channel,
  chat: string,
  replaced: readonly Replaced[],
): readonly (readonly [id: string, states: CardStates])[] {
  const came = arrived.flatMap(({ conversation, id, at, activity }) => {
    const card = conversation === chat ? readCard(contentOf(activity)) : undefined;
    return card === undefined ? [] : [{ chat, id, at, card }];
  });
  const all = [...came, ...replaced.filter((one) => one.chat === chat)].sort((a, b) => a.at - b.at);
  const found = new Map<string, ShownCard[]>();
  for (const { id, card } of all) {
    const states = found.get(id) ?? [];
    found.delete(id);
    found.set(id, [...states, card]);
  }
  return [...found].reverse();
}

/** Reads a card of ours; `undefined` when it is none. */
export function readCard(content: unknown): ShownCard | undefined {
  if (field(content, 'type') !== 'AdaptiveCard') return undefined;
  const buttons: CardButton[] = [];
  const fields = new Map<string, readonly string[]>();
  for (const element of elementsOf(content)) {
    const type = field(element, 'type');
    if (type === 'Action.Execute') buttons.push(...buttonIn(element));
    if (typeof type === 'string' && type.startsWith('Input.'))
      fields.set(String(field(element, 'id')), valuesOf(element));
  }
  const title = field(content, 'fallbackText');
  return { buttons, fields, title: typeof title === 'string' ? title : '', said: saidIn(content) };
}

function contentOf(activity: Readonly<Record<string, unknown>>): unknown {
  const { attachments } = activity;
  return Array.isArray(attachments) ? field(attachments[0], 'content') : undefined;
}

function buttonIn(element: unknown): readonly CardButton[] {
  const [, act] = /^reconnect\/(.+)$/u.exec(String(field(element, 'verb'))) ?? [];
  const data = field(element, 'data');
  const [sid, epoch] = [field(data, 'sid'), field(data, 'epoch')];
  if (act === undefined || typeof sid !== 'string' || typeof epoch !== 'number') return [];
  const hasInputs = field(element, 'associatedInputs') !== 'none';
  return [{ act, sid, epoch, data: { ...(data as object) }, hasInputs }];
}

function valuesOf(element: unknown): readonly string[] {
  const [value, choices] = [field(element, 'value'), field(element, 'choices')];
  if (typeof value === 'string') return [value];
  return Array.isArray(choices) ? choices.map((one) => String(field(one, 'value'))) : [''];
}

/** What stands above everything else, as a warning. */
function saidIn(content: unknown): string | undefined {
  const body = field(content, 'body');
  const first: unknown = Array.isArray(body) ? body[0] : undefined;
  if (field(first, 'style') !== 'warning') return undefined;
  return [...elementsOf(first)]
    .flatMap((one) => (field(one, 'type') === 'TextRun' ? [field(one, 'text')] : []))
    .join('');
}

function* elementsOf(of: unknown): Generator {
  if (typeof of !== 'object' || of === null) return;
  yield of;
  for (const [name, part] of Object.entries(of)) if (name !== 'fallback') yield* elementsOf(part);
}
