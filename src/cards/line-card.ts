import {
  adaptiveCard,
  escapeForCard,
  richText,
  textBlock,
  textInput,
  textRun,
  type Element,
} from './card.ts';
import { customerCalled, fill, type Wording } from './fill.ts';
import type { Status } from '../session/session.ts';
import { statusText } from './wording.ts';

/** A chat that a written line may be meant for. */
export interface LineFor {
  readonly sid: string;
  readonly epoch: number;
  /** The customer's name, as lists show it. */
  readonly name: string;
  readonly status: Status;
  /** What was last said there. */
  readonly lastLine?: string;
}

/** What the buttons of such a card carry; the text lies in the card once, and may still be changed. */
export interface LineData {
  readonly sid: string;
  readonly epoch: number;
  /** The line's own id: it is sent once, to the first who is chosen. */
  readonly line: string;
  readonly verb?: typeof SEND_TO;
}

/** The verb of those buttons. */
export const SEND_TO = 'reconnect/sendTo';

/**
 * Asks whom a line is for that an agent wrote to the bot and that names nobody: the text, and *Send to …* for each of
 * their chats. `said` stands above: what came of the last press.
 */
export function lineCard(
  given: {
    readonly line: string;
    readonly text: string;
    readonly chats: readonly LineFor[];
    /** Whether some found no room. */
    readonly more: boolean;
    readonly said?: string | undefined;
  },
  words: Wording,
): unknown {
  const { sentences } = words;
  const body = [
    textBlock(sentences['line.whom'], { size: 'Medium', weight: 'Bolder', style: 'heading' }),
    ...(given.said === undefined ? [] : [textBlock(escapeForCard(given.said, 400), { color: 'Warning' })]),
    textInput('text', sentences['card.reply'], { isMultiline: true, maxLength: 8_000, value: given.text }),
    ...given.chats.flatMap((chat) => row(chat, given.line, words)),
    ...(given.more ? [textBlock(sentences['line.more'], { isSubtle: true })] : []),
  ];
  return adaptiveCard('1.5', words, { body, fallbackText: sentences['line.whom'] });
}

function row(chat: LineFor, line: string, words: Wording): readonly Element[] {
  const { sid, epoch, name, status, lastLine } = chat;
  const title = fill(words, 'act.sendTo', { customer: customerCalled(name, words) });
  const data: LineData = { sid, epoch, line };
  const about = statusText(status, words, { audience: 'agent' });
  return [
    {
      type: 'ActionSet',
      separator: true,
      actions: [
        {
          ...{ type: 'Action.Execute', title, verb: SEND_TO, data },
          fallback: { type: 'Action.Submit', title, data: { ...data, verb: SEND_TO } },
        },
      ],
    },
    // One run: each is trimmed, and two would stand without a space between them.
    richText(
      [
        textRun(lastLine === undefined ? about : `${about} · ${lastLine}`, 140, {
          size: 'Small',
          isSubtle: true,
        }),
      ],
      { spacing: 'Small' },
    ),
  ];
}

/** What became of such a line, in place of the question. */
export const lineSentCard = (said: string, text: string, words: Wording): unknown =>
  adaptiveCard('1.5', words, {
    body: [
      textBlock(escapeForCard(said, 400), { weight: 'Bolder' }),
      richText([textRun(text, 2_000)], { spacing: 'Small' }),
    ],
    fallbackText: said,
  });
