import type { Line } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import type { Words } from './wording.ts';

/** Writes a chat as plain text for its customer to keep: who said what when, in their own time zone. */
export function transcriptText(
  lines: readonly Line[],
  given: {
    readonly company: string;
    readonly words: Words;
    readonly now: number;
    readonly timeZone?: string;
  },
): string {
  const { company, words, now } = given;
  const timeZone = given.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const moment = new Intl.DateTimeFormat(words.language, {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  const who = (line: Line): string => {
    if (line.side === 'customer') return words.say('page.transcript.you');
    return line.side === 'house' ? '*' : (line.name ?? company);
  };
  const written = lines
    .filter(({ kind }) => kind !== 'comment')
    .map((line) => {
      const files = filesOf(line).map((name) => words.say('page.transcript.file', { name }));
      const said = [withoutKeys(line), ...files].filter((text) => text !== '').join('\n    ');
      return `[${moment.format(line.at)}] ${who(line)}${line.side === 'house' ? '' : ':'} ${said}`;
    });
  const head = [
    words.say('page.transcript.title', { company }),
    words.say('page.transcript.made', { time: moment.format(now), zone: timeZone }),
  ];
  return [...head, '', ...written, ''].join('\n');
}

/** The browser reads a file after the click has returned. */
const KEPT_MS = 60_000;

/** Hands the browser a text as a file to keep. */
export function download(name: string, text: string, clock: PageClock): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  clock.after(KEPT_MS, () => URL.revokeObjectURL(url));
}

// A file lies around for years: what opens the chat does not belong into it.
const withoutKeys = ({ text, link }: Line): string =>
  [link?.url, link?.code].reduce<string>(
    (left, key) => (key === undefined ? left : left.replaceAll(key, '…')),
    text,
  );

const filesOf = ({ attachments = [] }: Line): readonly string[] =>
  attachments.flatMap((one) =>
    typeof one === 'object' && one !== null && 'name' in one && typeof one.name === 'string'
      ? [one.name]
      : [],
  );
