import type { Ended, Line } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { codeForm } from './code-form.ts';
import { codeUse, type ComesBack } from './code-use.ts';
import { openDialog } from './dialog.ts';
import { make } from './element.ts';
import { endedText, sendAway } from './ended.ts';
import type { House } from './house.ts';
import { download, transcriptText } from './transcript-file.ts';
import { wayBackCard } from './way-back-card.ts';
import type { Words } from './wording.ts';

interface Given {
  readonly house: House;
  readonly clock: PageClock;
  readonly words: Words;
}

/** Gives the customer a link and a code of their own, to copy. */
export async function giveWayBack({ house, words }: Given, conversation: string): Promise<void> {
  const link = await house.wayBack(conversation);
  openDialog(words, words.say('page.link.title'), [wayBackCard(link)]);
}

/** Hands the customer what was said, as a file. */
export async function giveTranscript(
  { house, clock, words }: Given,
  chat: { readonly conversation: string; readonly company: string },
): Promise<void> {
  const { transcript } = await house.transcript(chat.conversation);
  giveFile(transcript, chat.company, { clock, words });
}

export function giveFile(
  lines: readonly Line[],
  company: string,
  { clock, words }: Pick<Given, 'clock' | 'words'>,
): void {
  const now = clock.now();
  const text = transcriptText(lines, { company, words, now });
  download(`chat-${new Date(now).toISOString().slice(0, 10)}.txt`, text, clock);
}

/** Asks for a code over the page, whatever chat is on it. */
export function askForCode(given: Omit<ComesBack, 'onOver'>): void {
  const { words, clock } = given;
  const over = (ended: Ended | undefined) => {
    const lines = ended === undefined ? [] : endedText(ended, words, clock.now());
    const away = sendAway(ended, words, clock);
    dialog.replace(words.say('page.over.title'), [
      ...lines.map((line) => make('p', {}, line)),
      ...(away === undefined ? [] : [away]),
    ]);
  };
  const closing =
    <T extends unknown[]>(then: (...values: T) => void) =>
    (...values: T) => {
      dialog.close();
      then(...values);
    };
  const use = codeUse({
    ...given,
    onOpened: closing(given.onOpened),
    onAsUsual: closing(given.onAsUsual),
    onOver: over,
  });
  const form = codeForm(words, use);
  const dialog = openDialog(words, words.say('page.code.title'), [form]);
  form.querySelector('input')?.focus();
}
