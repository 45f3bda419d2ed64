import {
  adaptiveCard,
  escapeForCard,
  labelRun,
  momentInCard,
  richText,
  textBlock,
  textInput,
  textRun,
  type Element,
} from './card.ts';
import { customerCalled, fill, type Wording } from './fill.ts';
import { saidRuns } from './said-runs.ts';
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
  readonly lastLine?: { readonly by: 'customer' | 'agent' | 'bot'; readonly text: string };
}

/** Files that are kept beside a line until somebody is chosen. */
interface FilesWaiting {
  readonly until: number;
  readonly places: readonly number[];
}

/** What the buttons of such a card carry; the text lies in the card once, and may still be changed. */
export interface LineData {
  readonly sid: string;
  readonly epoch: number;
  /** The line's own id: it is sent once, to the first who is chosen. */
  readonly line: string;
  /** Which of its files wait with it, and until when. */
  readonly files?: FilesWaiting;
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
    readonly waiting?: FilesWaiting | undefined;
    /** What the files are called. */
    readonly names?: readonly string[];
    readonly now: number;
  },
  words: Wording,
): unknown {
  const { sentences } = words;
  const { waiting, names = [], now } = given;
  const body = [
    textBlock(sentences['line.whom'], { size: 'Medium', weight: 'Bolder', style: 'heading' }),
    ...(given.said === undefined ? [] : [textBlock(escapeForCard(given.said, 800), { color: 'Warning' })]),
    textInput('text', sentences['card.reply'], { isMultiline: true, maxLength: 8_000, value: given.text }),
    ...fileNames(names, words),
    ...(waiting === undefined
      ? []
      : [
          textBlock(fill(words, 'line.filesUntil', { time: momentInCard(waiting.until, now) }), {
            ...{ size: 'Small', isSubtle: true, spacing: 'None' },
          }),
        ]),
    ...given.chats.flatMap((chat) =>
      row(chat, { line: given.line, ...(waiting && { files: waiting }) }, words),
    ),
    ...(given.more ? [textBlock(sentences['line.more'], { isSubtle: true })] : []),
  ];
  return adaptiveCard('1.5', words, { body, fallbackText: sentences['line.whom'] });
}

function row(chat: LineFor, about: Pick<LineData, 'line' | 'files'>, words: Wording): readonly Element[] {
  const { sid, epoch, name, status, lastLine } = chat;
  const title = fill(words, 'act.sendTo', { customer: customerCalled(name, words) });
  const data: LineData = { sid, epoch, ...about };
  const stands = statusText(status, words, { audience: 'agent' });
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
    richText(
      lastLine === undefined
        ? [textRun(stands, 140, quiet)]
        : [labelRun(`${stands} · `, quiet), ...saidRuns(lastLine, 120, quiet)],
      { spacing: 'Small' },
    ),
  ];
}

const quiet = { size: 'Small', isSubtle: true } as const;

/** Files by their names, one a line. */
const fileNames = (names: readonly string[], { sentences }: Wording): readonly Element[] =>
  names.map((name) =>
    richText([labelRun(`${sentences['line.file']} `, { weight: 'Bolder' }), textRun(name, 120)], {
      spacing: 'Small',
    }),
  );

/** What became of such a line, in place of the question; `but`: what of it was not sent, and why. */
export const lineSentCard = (
  given: {
    readonly said: string;
    readonly text: string;
    readonly names?: readonly string[];
    readonly but?: string | undefined;
  },
  words: Wording,
): unknown =>
  adaptiveCard('1.5', words, {
    body: [
      textBlock(escapeForCard(given.said, 400), { weight: 'Bolder' }),
      ...(given.text === '' ? [] : [richText([textRun(given.text, 2_000)], { spacing: 'Small' })]),
      ...fileNames(given.names ?? [], words),
      ...(given.but === undefined ? [] : [textBlock(escapeForCard(given.but, 800), { color: 'Warning' })]),
    ],
    fallbackText: given.said,
  });
