import { oneLine, shorten } from '../cards/names.ts';

const LONGEST = 120;

/**
 * What is left of a file's name as somebody sent it: no folders, no control or direction characters (`cod.‮fdp.exe`
 * would read as a PDF), none of the characters that file systems refuse, at most 120 characters with its ending kept.
 */
export function fileName(sent: unknown): string {
  const [last = ''] = (typeof sent === 'string' ? sent : '').normalize('NFC').split(/[\\/]/u).slice(-1);
  const clean = oneLine(last, 1_000)
    .replace(/[<>:"|?*]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '');
  if (clean === '') return 'file';
  const ending = endingOf(clean);
  if (clean.length <= LONGEST || ending === '') return shorten(clean, LONGEST);
  return `${shorten(clean.slice(0, -ending.length - 1), LONGEST - ending.length - 1)}.${ending}`;
}

/** How a name ends, lower case, without the dot; empty where it has no ending. */
export function endingOf(name: string): string {
  const [, ending = ''] = /[^.]\.([A-Za-z0-9]{1,10})$/u.exec(name) ?? [];
  return ending.toLowerCase();
}
