import type { PageClock } from '../../clock.ts';
import { usedBy } from '../state/lists.ts';
import type { State } from '../state/state.ts';
import { moment } from '../state/time.ts';
import type { PresenceWord } from '../wire/wire.ts';
import type { Inbox } from '../state/inbox.ts';
import type { Talk } from '../state/talk.ts';
import { askLeaving } from './ask-leaving.ts';
import { askAway } from './ask-away.ts';
import { button, h, setAttributes } from './dom.ts';
import { icon } from './icons.ts';

const WORDS: Readonly<Record<PresenceWord, string>> = {
  available: 'Available',
  busy: 'Busy',
  away: 'Away',
  offline: 'Offline',
};
const PRESENCES: readonly PresenceWord[] = ['available', 'busy', 'away', 'offline'];

export interface PresenceView {
  readonly element: HTMLElement;
  readonly render: (state: State) => void;
}

/** The agent's own presence and how full they are, and the menu that changes it. */
export function presenceView(
  clock: PageClock,
  { setPresence: set, inHand, leave }: Pick<Inbox, 'setPresence' | 'inHand' | 'leave'>,
  look: Talk['directory'],
): PresenceView {
  const mark = h('span', { class: 'presence-mark', 'aria-hidden': 'true' });
  const words = h('span', { class: 'presence-words' });
  const chevron = icon('chevron');
  mark.slot = 'start';
  chevron.slot = 'end';
  const opener = button('', undefined, { look: 'subtle' });
  opener.classList.add('presence-button');
  setAttributes(opener, { 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
  opener.append(mark, words, chevron);
  const items = PRESENCES.map((word) => item(word, () => choose(word)));
  const menu = h(
    'div',
    { class: 'menu', role: 'menu', 'aria-label': 'Your presence', hidden: true },
    ...items,
  );
  const element = h('div', { class: 'presence-box' }, opener, menu);

  const show = (open: boolean) => {
    setAttributes(menu, { hidden: !open });
    setAttributes(opener, { 'aria-expanded': String(open) });
    if (open) (items.find((each) => each.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
  };
  const choose = (word: PresenceWord) => {
    show(false);
    opener.focus();
    if (word === 'away' || word === 'offline') void go(word);
    else void set(word);
  };
  /** Whoever goes with chats in hand says first what becomes of them; nobody waits for an empty chair. */
  const go = async (word: 'away' | 'offline') => {
    const rows = await inHand();
    const directory = rows.length === 0 ? undefined : await look();
    if (directory !== undefined) {
      const wanted = await askLeaving(clock, word, rows, directory);
      if (wanted === undefined) return;
      await leave(wanted.left, wanted.backAt);
      await set(word, wanted.backAt);
    } else if (word === 'offline') await set(word);
    else {
      const answer = await askAway(clock);
      if (answer !== undefined) await set(word, answer.backAt);
    }
  };
  opener.addEventListener('click', () => show(menu.hasAttribute('hidden')));
  element.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) show(false);
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      show(false);
      opener.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = items.findIndex((each) => each === document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  });

  return {
    element,
    render: ({ me, lists }) => {
      setAttributes(opener, { hidden: me === undefined });
      if (me === undefined) return;
      const { status, backAt } = me.presence;
      mark.className = `presence-mark ${status}`;
      const back = status === 'away' && backAt !== undefined ? ` until ${moment(backAt, clock.now())}` : '';
      const held = me.held === undefined || me.held === 0 ? '' : ` · ${me.held} held`;
      const used = usedBy(me, lists);
      const isOver = used > me.capacity;
      const text = `${WORDS[status]}${back} · ${used} of ${me.capacity}${held}${isOver ? ' · over your limit' : ''}`;
      words.classList.toggle('over', isOver);
      if (words.textContent !== text) words.textContent = text;
      const until =
        me.heldUntil === undefined ? '' : `, the first until ${moment(me.heldUntil, clock.now())}`;
      const kept =
        held === '' ? '' : `; ${me.held} of them held for customers who are away or a wrap-up${until}`;
      setAttributes(opener, { title: `You have ${used} of ${me.capacity} places in use${kept}` });
      items.forEach((each, i) => setAttributes(each, { 'aria-checked': String(PRESENCES[i] === status) }));
    },
  };
}

function item(word: PresenceWord, choose: () => void): HTMLElement {
  const face = h(
    'button',
    { type: 'button', role: 'menuitemradio', 'aria-checked': 'false', class: 'menu-item', tabindex: -1 },
    h('span', { class: `presence-mark ${word}`, 'aria-hidden': 'true' }),
    WORDS[word],
  );
  face.addEventListener('click', choose);
  return face;
}
