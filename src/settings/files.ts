import { z } from 'zod';
import type { FileRules, FileType } from '../session/files.ts';

const KB = 1024;
const MB = 1024 * KB;
const UNITS: Readonly<Record<string, number>> = { B: 1, KB, MB };
const [LOWEST, HIGHEST] = ['1 KB', '25 MB'];

/** A size as people write it: a number and `B`, `KB` or `MB`, such as `10 MB`. */
const size = z
  .string({ error: 'must be a size such as "10 MB"' })
  .meta({ kind: 'size', lowest: LOWEST, highest: HIGHEST })
  .transform((text, context) => {
    const bytes = readSize(text);
    const message =
      bytes === undefined
        ? `"${text}" is no size; write a number and B, KB or MB`
        : bytes < (readSize(LOWEST) ?? 0) || bytes > (readSize(HIGHEST) ?? Infinity)
          ? `is "${text}"; it must lie between ${LOWEST} and ${HIGHEST}`
          : undefined;
    if (message !== undefined) context.addIssue({ code: 'custom', message });
    return bytes ?? z.NEVER;
  });

/** The bytes of a size as people write it; `undefined` where it is none. */
export function readSize(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(B|KB|MB)\s*$/u.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN = 'application/vnd.oasis.opendocument';

/** Types a setting names by their usual ending; their bytes are looked at too. */
const KNOWN: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  pptx: `${OFFICE}.presentationml.presentation`,
  odt: `${OPEN}.text`,
  ods: `${OPEN}.spreadsheet`,
  odp: `${OPEN}.presentation`,
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  zip: 'application/zip',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
};

/** What a browser or a computer would run: never, whatever a setting says. */
const NEVER =
  /^(?:exe|com|bat|cmd|msi|msix|scr|pif|cpl|hta|lnk|url|reg|jar|jse?|mjs|cjs|vb[se]?|ws[fh]?|ps1|psm1|sh|bash|app|dmg|pkg|deb|rpm|apk|iso|img|dll|sys|html?|xhtml|shtml|mht(?:ml)?|svgz?|xml|xsl|xslt|swf|php|aspx?|jsp)$/u;

const ending = z
  .string()
  .regex(/^[a-z0-9]{1,10}$/u, 'must be 1 to 10 of a-z and 0-9, without the dot')
  .refine((one) => !NEVER.test(one), {
    error: 'can be run by whoever opens it, and is never taken',
    abort: true,
  });

const known = ending.refine(
  (one) => Object.hasOwn(KNOWN, one),
  `is none we know; known are ${Object.keys(KNOWN).join(', ')}, and any other can stand in moreTypes`,
);

const own = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z]+\/[a-z0-9.+-]{1,100}$/u, 'must be a MIME type such as "application/acad"')
    .refine((type) => !/html|xml|script|svg/u.test(type), 'is a type that browsers run, and is never taken'),
  extensions: z.array(ending),
});

const USUAL = [
  'png',
  'jpg',
  'jpeg',
  'gif',
  'webp',
  'pdf',
  'txt',
  'csv',
  'docx',
  'xlsx',
  'pptx',
  'odt',
  'ods',
];

/** Files in a widget's chats: whether, how large, and which. */
export const files = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether either side may send files in the widget's chats."),
    maxSize: size
      .prefault('10 MB')
      .describe('The largest file that is taken; Direct Line itself takes 4 MB in one upload.'),
    types: z
      .array(known, { error: 'must be a list of endings such as ["png", "pdf"]' })
      .meta({
        takes: `a list of endings of ${Object.keys(KNOWN)
          .map((one) => `\`${one}\``)
          .join(', ')}`,
      })
      .default(USUAL)
      .describe('Which files are taken, by their usual endings; their bytes must agree.'),
    moreTypes: z
      .array(own, { error: 'must be a list of { "type", "extensions" }' })
      .meta({
        takes:
          'a list of `{ "type": "image/vnd.dwg", "extensions": ["dwg"] }`; never what a browser or a computer runs (HTML, SVG, XML, scripts, programs)',
      })
      .default([])
      .describe('Further types of your own.'),
  })
  .transform(({ enabled, maxSize, types, moreTypes }): FileRules => ({
    enabled,
    maxBytes: maxSize,
    types: byType([...types, ...moreTypes]),
  }));

/** One entry a type, with all the endings it may have. */
function byType(given: readonly (string | FileType)[]): readonly FileType[] {
  const endings = new Map<string, readonly string[]>();
  for (const one of given) {
    const { type, extensions } =
      typeof one === 'string' ? { type: KNOWN[one] ?? '', extensions: [one] } : one;
    endings.set(type, [...new Set([...(endings.get(type) ?? []), ...extensions])]);
  }
  return [...endings].map(([type, extensions]) => ({ type, extensions }));
}
