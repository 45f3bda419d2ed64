import type { FileFault, FileRules, FileType } from '../session/files.ts';
import { endingOf, fileName } from './file-name.ts';

/** What the first bytes of a file show it to be. */
export type Content =
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'webp'
  | 'pdf'
  | 'zip'
  | 'ole'
  | 'mp3'
  | 'wav'
  | 'isoMedia'
  /** Runs on a computer. */
  | 'program'
  /** A browser may run it: HTML, SVG, XML. */
  | 'markup'
  | 'text'
  | 'unknown';

/** A file that is taken, under the name and type it is kept with. */
export interface Taken {
  readonly name: string;
  readonly type: string;
}

/**
 * Judges a file by its bytes and by how its name ends; what its sender says of its type counts for nothing. One without
 * an ending gets that of what it shows itself to be, as pictures that are pasted have none.
 */
export function judgeFile(
  sentName: unknown,
  bytes: Uint8Array,
  rules: FileRules,
): Taken | { readonly fault: FileFault; readonly name: string } {
  const name = fileName(sentName);
  const no = (fault: FileFault) => ({ fault, name });
  if (!rules.enabled) return no('off');
  if (bytes.length === 0) return no('empty');
  if (bytes.length > rules.maxBytes) return no('tooLarge');
  const content = contentOf(bytes);
  const ending = endingOf(name);
  if (ending === '') {
    const shown = rules.types.find(({ type }) => BARE.has(type) && isFit(type, content));
    return shown === undefined
      ? no('type')
      : { name: `${name}.${shown.extensions[0] ?? ''}`, type: shown.type };
  }
  const meant = typeFor(ending, rules);
  if (meant === undefined) return no('type');
  return isFit(meant.type, content) ? { name, type: meant.type } : no('disguised');
}

/** The type that may be sent under this ending. */
export const typeFor = (ending: string, { types }: FileRules): FileType | undefined =>
  types.find(({ extensions }) => extensions.includes(ending));

const OFFICE = /^application\/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\./u;
const OLD_OFFICE = /^application\/(?:msword|vnd\.ms-(?:excel|powerpoint))$/u;
const BARE: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
]);

const CONTENT: Readonly<Record<string, readonly Content[]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpeg'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/heic': ['isoMedia'],
  'application/pdf': ['pdf'],
  'application/zip': ['zip'],
  'audio/mpeg': ['mp3'],
  'audio/wav': ['wav'],
  'video/mp4': ['isoMedia'],
  'video/quicktime': ['isoMedia', 'unknown'],
  // It is never shown as a page, so that markup in it is what it says: text.
  'text/plain': ['text', 'markup'],
  'text/csv': ['text'],
};

function isFit(type: string, content: Content): boolean {
  if (OFFICE.test(type)) return content === 'zip';
  if (OLD_OFFICE.test(type)) return content === 'ole';
  const fit = CONTENT[type];
  // A type of the company's own: what it looks like is not known, but what it must not be is.
  return fit === undefined ? content !== 'program' && content !== 'markup' : fit.includes(content);
}

const SIGNATURES: readonly (readonly [Content, at: number, bytes: string])[] = [
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['jpeg', 0, '\xff\xd8\xff'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
  ['webp', 8, 'WEBP'],
  ['wav', 8, 'WAVE'],
  ['pdf', 0, '%PDF-'],
  ['zip', 0, 'PK\x03\x04'],
  ['zip', 0, 'PK\x05\x06'],
  ['ole', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['isoMedia', 4, 'ftyp'],
  ['mp3', 0, 'ID3'],
  ['mp3', 0, '\xff\xfb'],
  ['mp3', 0, '\xff\xf3'],
  ['program', 0, '\x7fELF'],
  ['program', 0, '\xca\xfe\xba\xbe'],
  ['program', 0, '\xfe\xed\xfa\xce'],
  ['program', 0, '\xfe\xed\xfa\xcf'],
  ['program', 0, '\xce\xfa\xed\xfe'],
  ['program', 0, '\xcf\xfa\xed\xfe'],
];

/** Enough to tell by, and little enough to look at every byte of. */
const LOOKED_AT = 4_096;

/** Says what bytes are by how they begin. */
export function contentOf(bytes: Uint8Array): Content {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOKED_AT)).toString(
    'latin1',
  );
  const signed = SIGNATURES.find(([, at, begins]) => head.startsWith(begins, at));
  if (signed !== undefined) return signed[0];
  // Tabs, line ends and the page break are the control characters that text has.
  const isText = !/[\0-\x08\x0b\x0e-\x1f]/u.test(head) || /^(?:\xff\xfe|\xfe\xff)/u.test(head);
  if (!isText) return head.startsWith('MZ') ? 'program' : 'unknown';
  if (head.startsWith('#!')) return 'program';
  return /^(?:\xef\xbb\xbf)?\s*<[!?a-z]/iu.test(head) ? 'markup' : 'text';
}
