import type { InboxList } from '../wire/wire.ts';
import { h } from './dom.ts';
import { icon, type IconName } from './icons.ts';

const WORDS: Readonly<
  Record<InboxList, { readonly icon: IconName; readonly title: string; readonly text: string }>
> = {
  queue: {
    icon: 'people',
    title: 'Nobody is waiting',
    text: 'Customers who ask for a person appear here. Stay Available to be asked.',
  },
  mine: { icon: 'chat', title: 'No chats yet', text: 'Accept somebody in the Queue to start.' },
  suspended: {
    icon: 'pause',
    title: 'Nothing set aside',
    text: 'Suspend a chat to look something up; it waits here for you.',
  },
  closed: { icon: 'done', title: 'Nothing closed today', text: 'Chats you close stay here for you to read.' },
};

/** What an empty list says: why, and what to do. */
export function emptyList(list: InboxList): HTMLElement {
  const { icon: name, title, text } = WORDS[list];
  return emptyState(name, title, text);
}

/** An empty place: an icon, a line, and what to do about it. */
export const emptyState = (name: IconName, title: string, text: string): HTMLElement =>
  h(
    'div',
    { class: 'empty' },
    h('span', { class: 'empty-icon' }, icon(name)),
    h('strong', {}, title),
    h('p', {}, text),
  );

/** Rows to come, of the size they will have. */
export const skeletonRows = (): HTMLElement =>
  h(
    'div',
    { 'aria-hidden': 'true' },
    ...[1, 2, 3].map(() => h('div', { class: 'skeleton-row' }, h('i'), h('b'), h('u'))),
  );

/** Lines to come. */
export const skeletonLines = (): HTMLElement =>
  h('div', { class: 'skeleton-lines', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
