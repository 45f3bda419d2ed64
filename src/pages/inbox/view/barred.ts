import { button, h } from './dom.ts';
import { emptyState } from './empty.ts';

/** Puts in the place of the inbox why somebody may not work in it, and who can change that. */
export function barredView(root: HTMLElement): void {
  const state = emptyState(
    'lock',
    'You may not take chats',
    'Chats need the role Chat.Agent of this app. Whoever administers Microsoft Entra for your company can give it to you.',
  );
  state.append(
    h('p', {}, 'What you wrote and did not send is kept in this tab.'),
    button('Try again', () => location.reload(), { look: 'primary' }),
  );
  root.className = 'outside';
  root.removeAttribute('aria-busy');
  root.replaceChildren(h('main', {}, h('h1', { class: 'unseen' }, 'Inbox'), state));
}
