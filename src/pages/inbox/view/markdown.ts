import type { Inline } from '../../../cards/markdown.ts';
import { blocksOf, type Block } from '../../../cards/markdown-blocks.ts';
import { h } from './dom.ts';

/**
 * Shows Markdown. Every element is made here by name and every word is a text node: nothing anybody wrote is ever read as
 * HTML, so there is nothing to sanitise.
 */
export const markdown = (text: string): readonly Node[] => blocksOf(text).map(blockElement);

function blockElement(block: Block): HTMLElement {
  switch (block.is) {
    case 'paragraph':
      return h('p', { dir: 'auto' }, ...inlineNodes(block.of));
    // The page has headings of its own, which a message must not join.
    case 'heading':
      return h('p', { dir: 'auto' }, h('strong', {}, ...inlineNodes(block.of)));
    case 'code':
      return h('pre', { dir: 'ltr', tabindex: 0 }, h('code', {}, block.text));
    case 'quote':
      return h('blockquote', {}, ...block.of.map(blockElement));
    case 'list': {
      const items = block.of.map((item) => h('li', { dir: 'auto' }, ...item.flatMap(itemNodes)));
      return block.start === undefined ? h('ul', {}, ...items) : h('ol', { start: block.start }, ...items);
    }
    case 'rule':
      return h('hr');
  }
}

/** A single line of an item needs no paragraph of its own. */
const itemNodes = (block: Block): readonly (Node | string)[] =>
  block.is === 'paragraph' ? inlineNodes(block.of) : [blockElement(block)];

const inlineNodes = (of: readonly Inline[]): readonly (Node | string)[] => of.map(inlineNode);

function inlineNode(one: Inline): Node | string {
  if (typeof one === 'string') return one;
  switch (one.is) {
    case 'strong':
    case 'em':
    case 'del':
      return h(one.is, {}, ...inlineNodes(one.of));
    case 'code':
      return h('code', { dir: 'ltr' }, one.text);
    case 'link':
      return h(
        'a',
        { href: one.url, title: one.url, target: '_blank', rel: 'noopener noreferrer' },
        ...inlineNodes(one.of),
      );
    case 'break':
      return h('br');
  }
}
