import {
  adaptiveCard,
  escapeForCard,
  linesOf,
  momentInCard,
  richText,
  textBlock,
  textRun,
  type Element,
} from './card.ts';
import type { Wording } from './fill.ts';
import type { Line, PromptAnswer } from './views.ts';

/** Lines shown: more is slow to render in a chat bubble. */
const MOST_LINES = 50;

/**
 * Renders a transcript as an Adaptive Card 1.6, for a stock Web Chat without our kit: the newest 50 lines in order, each
 * with who said it and when. `lines` are a customer's, as `lineOf` gives them. `now` decides which times carry a date;
 * without it the time of the newest line does. `fresh` is what *Start fresh* answers, for one who came back unasked.
 */
export function transcriptCard(
  lines: readonly Line[],
  words: Wording,
  now = lines.at(-1)?.at ?? 0,
  fresh?: PromptAnswer,
): unknown {
  const shown = lines.slice(-MOST_LINES);
  const title = words.sentences['transcript.title'];
  return adaptiveCard('1.6', words, {
    fallbackText: title,
    body: [
      textBlock(title, { weight: 'Bolder', style: 'heading' }),
      ...(shown.length < lines.length ? [quiet(words.sentences['transcript.earlier'])] : []),
      ...shown.flatMap((line) => lineInCard(line, now, words)),
    ],
    ...(fresh !== undefined && {
      actions: [
        { type: 'Action.Submit', title: words.sentences['button.fresh'], data: { reconnect: fresh } },
      ],
    }),
  });
}

function lineInCard(line: Line, now: number, words: Wording): readonly Element[] {
  const when = momentInCard(line.at, now);
  if (line.side === 'house') return [quiet(`${escapeForCard(line.text, 400)} · ${when}`)];
  return [
    textBlock(`${escapeForCard(whoSaid(line, words), 60)} · ${when}`, {
      size: 'Small',
      isSubtle: true,
      spacing: 'Medium',
    }),
    ...textOf(line),
    ...(line.attachments ?? []).map((file) =>
      textBlock(fileText(file, words), { isSubtle: true, spacing: 'Small' }),
    ),
  ];
}

/** A file by its name, leading to it where the house keeps it. */
function fileText(file: unknown, words: Wording): string {
  const { name, contentUrl } = (typeof file === 'object' && file !== null ? file : {}) as Readonly<
    Record<'name' | 'contentUrl', unknown>
  >;
  if (typeof name !== 'string' || name === '') return words.sentences['transcript.attachment'];
  const shown = escapeForCard(name, 120);
  const isOurs =
    typeof contentUrl === 'string' && /^https?:\/\/[^\s()]+\/api\/files\/[^\s()]+$/u.test(contentUrl);
  return isOurs ? `[${shown}](${contentUrl})` : shown;
}

// Only the bot's author writes Markdown on purpose; what people typed is shown as typed.
function textOf(line: Line): readonly Element[] {
  if (line.side === 'bot' && line.format === 'markdown') {
    return line.text.trim() === ''
      ? []
      : [textBlock(linesOf(line.text, MOST_TEXT).join('\n\n'), { spacing: 'Small' })];
  }
  return linesOf(line.text, MOST_TEXT).map((text) =>
    richText([textRun(text, MOST_TEXT)], { spacing: 'Small' }),
  );
}
const MOST_TEXT = 1500;

function whoSaid({ side, name }: Line, words: Wording): string {
  if (side === 'customer') return words.sentences['side.you'];
  if (side === 'agent') return name ?? words.sentences['side.agent'];
  return words.sentences[side === 'bot' ? 'side.bot' : 'side.house'];
}

const quiet = (text: string): Element => textBlock(text, { size: 'Small', isSubtle: true, spacing: 'Small' });
