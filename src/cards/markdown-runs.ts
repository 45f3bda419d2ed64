import { blocksOf, type Block } from './markdown-blocks.ts';
import type { Inline } from './markdown.ts';

/** Words on one line that look alike. */
export interface Run {
  readonly text: string;
  readonly strong?: true;
  readonly em?: true;
  readonly del?: true;
  readonly code?: true;
}

type Look = Omit<Run, 'text'>;

/** A message in Markdown as one line: marks become looks, items get a bullet or their number, links keep their words. */
export function runsOf(text: string): readonly Run[] {
  return blocksOf(text)
    .map((block) => ofBlock(block, {}))
    .filter((runs) => runs.length > 0)
    .flatMap((runs, i) => (i === 0 ? runs : [{ text: ' ' }, ...runs]));
}

/** The same without any look, for places that know none. */
export const plainOf = (text: string): string =>
  runsOf(text)
    .map((run) => run.text)
    .join('');

function ofBlock(block: Block, look: Look): readonly Run[] {
  switch (block.is) {
    case 'paragraph':
      return ofInlines(block.of, look);
    case 'heading':
      return ofInlines(block.of, { ...look, strong: true });
    case 'code':
      return [{ ...look, text: block.text, code: true }];
    case 'quote':
      return spaced(block.of.map((one) => ofBlock(one, look)));
    case 'list':
      return spaced(
        block.of.map((item, i) => [
          { text: block.start === undefined ? '• ' : `${block.start + i}. ` },
          ...spaced(item.map((one) => ofBlock(one, look))),
        ]),
      );
    case 'rule':
      return [];
  }
}

const spaced = (all: readonly (readonly Run[])[]): readonly Run[] =>
  all.flatMap((runs, i) => (i === 0 ? runs : [{ text: ' ' }, ...runs]));

const ofInlines = (inlines: readonly Inline[], look: Look): readonly Run[] =>
  inlines.flatMap((one): readonly Run[] => {
    if (typeof one === 'string') return [{ ...look, text: one }];
    switch (one.is) {
      case 'break':
        return [{ text: ' ' }];
      case 'code':
        return [{ ...look, text: one.text, code: true }];
      case 'link':
        return ofInlines(one.of, look);
      default:
        return ofInlines(one.of, { ...look, [one.is]: true });
    }
  });
