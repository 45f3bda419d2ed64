import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocksOf, type Block } from '../../src/cards/markdown-blocks.ts';
import { inlinesOf, type Inline } from '../../src/cards/markdown.ts';
import { HOSTILE } from '../pages/hostile.ts';

const link = (url: string, ...of: readonly Inline[]): Inline => ({
  is: 'link',
  url,
  of: of.length > 0 ? of : [url],
});

describe('row 79: what an agent writes in a line reads as', () => {
  test.each<readonly [string, readonly Inline[]]>([
    ['plain', ['plain']],
    ['**bold** and *soft*', [{ is: 'strong', of: ['bold'] }, ' and ', { is: 'em', of: ['soft'] }]],
    [
      '__bold__ _soft_ ~~gone~~',
      [{ is: 'strong', of: ['bold'] }, ' ', { is: 'em', of: ['soft'] }, ' ', { is: 'del', of: ['gone'] }],
    ],
    ['**a *b* c**', [{ is: 'strong', of: ['a ', { is: 'em', of: ['b'] }, ' c'] }]],
    ['file_name_here', ['file_name_here']],
    ['2 * 3 * 4', ['2 * 3 * 4']],
    ['\\*not\\* soft', ['*not* soft']],
    ['**never ends', ['**never ends']],
    ['`a * b`', [{ is: 'code', text: 'a * b' }]],
    ['two\nlines', ['two', { is: 'break' }, 'lines']],
    ['see [here](https://a.example/x_(y))', ['see ', link('https://a.example/x_(y)', 'here')]],
    ['[mail](mailto:a@b.example)', [link('mailto:a@b.example', 'mail')]],
    ['at https://a.example/b?c=d#e.', ['at ', link('https://a.example/b?c=d#e'), '.']],
    ['<https://a.example/b>', [link('https://a.example/b')]],
    ['![a picture](https://a.example/p.png)', [link('https://a.example/p.png', 'a picture')]],
    ['<b>x</b>', ['<b>x</b>']],
    ['[x](javascript:alert(1))', ['[x](javascript:alert(1))']],
  ])('%s', (text, read) => {
    expect(inlinesOf(text)).toEqual(read);
  });
});

test('row 79: paragraphs, lists, quotes, code and headings are told apart', () => {
  const text =
    '# Steps\nFirst this:\n1. one\n2. two\n   - deep\n\n> said\n> twice\n\n```\na < b\n```\n---\nend';
  expect(blocksOf(text).map(({ is }) => is)).toEqual([
    ...['heading', 'paragraph', 'list', 'quote', 'code', 'rule', 'paragraph'],
  ]);
  expect(blocksOf('3. c\n4. d')).toMatchObject([
    { is: 'list', start: 3, of: [[{ of: ['c'] }], [{ of: ['d'] }]] },
  ]);
});

const urlsIn = (of: readonly Inline[]): readonly string[] =>
  of.flatMap((one) =>
    typeof one === 'string' || !('of' in one) ? [] : [...('url' in one ? [one.url] : []), ...urlsIn(one.of)],
  );
const inlinesIn = (blocks: readonly Block[]): readonly Inline[] =>
  blocks.flatMap((block): readonly Inline[] => {
    if (block.is === 'list') return block.of.flatMap(inlinesIn);
    if (block.is === 'quote') return inlinesIn(block.of);
    return block.is === 'paragraph' || block.is === 'heading' ? block.of : [];
  });

test('whatever is written is read, soon, and leads nowhere but to the web and to mail', () => {
  const piece = fc.constantFrom(
    ...HOSTILE,
    '*',
    '**',
    '_',
    '~~',
    '`',
    '```',
    '[',
    ']',
    '(',
    ')',
    '!',
    '<',
    '>',
    '\n',
    '- ',
    '1. ',
    '    ',
    '\\',
    'a',
    ' ',
    'https://a.example',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      for (const url of urlsIn(inlinesIn(blocksOf(pieces.join('')))))
        expect(url).toMatch(/^(?:https?:\/\/|mailto:)/iu);
    }),
  );
});

test.each(['*a ', '[', '**', '![', '> ', '- ', '`', '\\', '_a', '<https://', '[a](', 'http://a'])(
  'eight thousand characters of %j hold nobody up',
  (piece) => {
    const text = piece.repeat(8_000 / piece.length);
    expect(blocksOf(text).length).toBeGreaterThan(0);
  },
);
