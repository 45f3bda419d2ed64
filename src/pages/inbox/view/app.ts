import type { PageClock } from '../../clock.ts';
import { finding } from '../state/finding.ts';
import type { Supervising } from '../state/all.ts';
import { LISTS } from '../state/lists.ts';
import type { Api } from '../wire/api.ts';
import type { Inbox } from '../state/inbox.ts';
import type { State, Store } from '../state/state.ts';
import type { Talk } from '../state/talk.ts';
import type { SessionId } from '../wire/wire.ts';
import { conversationView } from './conversation.ts';
import { detailsView } from './details.ts';
import { allView } from './all.ts';
import { barredView } from './barred.ts';
import { button, h, setAttributes, setText } from './dom.ts';
import { findView } from './find.ts';
import { icon } from './icons.ts';
import { listsView } from './lists.ts';
import { presenceView } from './presence.ts';
import { tellKeys } from './tell-keys.ts';

export interface App {
  readonly render: (state: State) => void;
  readonly giveBack: (sid: SessionId, text: string) => void;
}

/** Puts the tab together in `root`, and gives it its keys. */
export function app(
  root: HTMLElement,
  api: Api,
  clock: PageClock,
  store: Store,
  inbox: Inbox,
  talk: Talk,
  all: Supervising,
): App {
  const presence = presenceView(clock, inbox, talk.directory);
  const open = (sid: SessionId, via?: SessionId) => {
    void talk.open(sid, via);
  };
  const rerender = () => store.change({});
  const lists = listsView(
    clock,
    {
      choose: inbox.choose,
      open: (sid) => open(sid),
      more: () => void inbox.more(),
      all: () => void all.show(),
    },
    allView(clock, all, rerender),
    rerender,
  );
  const find = findView(finding(api, store, talk));
  const toggleDetails = () => store.change({ detailsOpen: !store.get().detailsOpen });
  const hideDetails = () => {
    store.change({ detailsOpen: false });
    conversation.focusDetails();
  };
  const conversation = conversationView(clock, talk, {
    details: toggleDetails,
    acted: (act) => {
      if (act === 'accept' || act === 'resume' || act === 'takeBack') {
        inbox.choose('mine');
        conversation.composer.focus();
      } else if (act === 'decline' || act === 'leave') talk.close();
      else if (act === 'join') conversation.composer.focus();
    },
    leaveEarlier: () => {
      const via = store.get().open?.via;
      if (via === undefined) return;
      open(via);
      conversation.focusLog();
    },
  });
  const showEarlier = (sid: SessionId) => {
    const via = store.get().open?.sid;
    store.change({ detailsOpen: false });
    open(sid, via);
    conversation.focusLog();
  };
  const copyLink = async () => {
    const copied = await talk.freshLink();
    if (store.get().detailsOpen) hideDetails();
    // Once the link is there to be copied.
    if (copied) queueMicrotask(conversation.copyLink);
  };
  const details = detailsView(clock, hideDetails, showEarlier, () => void copyLink());
  const sayingText = h('span', {});
  const dismiss = button('', () => store.change({ saying: undefined }), {
    look: 'subtle',
    icon: icon('dismiss'),
    name: 'Dismiss',
  });
  const saying = h(
    'div',
    { class: 'saying', hidden: true },
    h('span', { role: 'status' }, sayingText),
    dismiss,
  );
  const link = h('div', { class: 'link', role: 'status' });
  root.replaceChildren(
    h(
      'nav',
      { class: 'lists', 'aria-label': 'Inbox' },
      h('header', { class: 'lists-head' }, h('h1', {}, 'Inbox'), presence.element),
      find.element,
      lists.element,
    ),
    h(
      'main',
      { class: 'talk' },
      h('h1', { class: 'unseen narrow-title' }, 'Inbox'),
      link,
      saying,
      conversation.element,
    ),
    details.element,
  );
  document.addEventListener('keydown', (event) =>
    keys(event, { store, inbox, talk, hideDetails, write: () => conversation.composer.focus() }),
  );

  return {
    giveBack: conversation.composer.giveBack,
    render: (state) => {
      const before = root.contains(document.activeElement) ? document.activeElement : null;
      const acting = conversation.element.contains(before);
      if (state.barred) {
        if (!root.classList.contains('outside')) barredView(root);
        return;
      }
      setAttributes(root, {
        'data-step': state.open === undefined ? 'list' : 'talk',
        'aria-busy': state.me === undefined ? 'true' : undefined,
      });
      presence.render(state);
      lists.render(state);
      setAttributes(saying, { hidden: state.saying === undefined });
      saying.className = `saying ${state.saying?.tone ?? ''}`;
      setText(sayingText, state.saying?.text ?? '');
      const lost = state.link.is === 'lost';
      link.classList.toggle('lost', lost);
      if (lost !== link.hasChildNodes()) {
        const words = 'You are offline. What you write is kept here and sent when the connection is back.';
        link.replaceChildren(...(lost ? [icon('offline'), words] : []));
      }
      conversation.render(state);
      details.render(state);
      // What had the focus may be gone: the keyboard goes on from what is there now, unless something took its place.
      const { activeElement } = document;
      const isLost = activeElement === before || activeElement === document.body;
      if (isLost && before?.checkVisibility() === false) {
        if (acting && state.open !== undefined) conversation.focusLog();
        else document.getElementById(`tab-${state.list}`)?.focus();
      }
    },
  };
}

interface Keyed {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly talk: Talk;
  readonly hideDetails: () => void;
  readonly write: () => void;
}

function keys(event: KeyboardEvent, { store, inbox, talk, hideDetails, write }: Keyed): void {
  if (document.querySelector('dialog[open]') !== null) return;
  // The digit of the key, not of the layout: Alt types other characters on some.
  const digit = event.altKey && !event.ctrlKey ? /^Digit([1-4])$/.exec(event.code)?.[1] : undefined;
  const list = digit === undefined ? undefined : LISTS[Number(digit) - 1];
  const tabOfAll = event.altKey && event.code === 'Digit5' ? document.getElementById('tab-all') : null;
  if (tabOfAll?.checkVisibility() === true) {
    event.preventDefault();
    tabOfAll.click();
    tabOfAll.focus();
  } else if (list !== undefined) {
    event.preventDefault();
    inbox.choose(list);
    document.getElementById(`tab-${list}`)?.focus();
  } else if (event.altKey && event.code === 'KeyM' && store.get().open !== undefined) {
    event.preventDefault();
    write();
  } else if (event.key === 'Escape' && store.get().detailsOpen) {
    hideDetails();
  } else if (event.key === 'Escape') {
    leave(store, talk);
  } else if (event.key === '?' && !isTyping(event.target)) {
    event.preventDefault();
    void tellKeys();
  }
}

// Back to the row one came from; without a row, to the list's tab.
function leave(store: Store, talk: Talk): void {
  const { open, list } = store.get();
  if (open === undefined) return;
  const row = document.querySelector<HTMLElement>('.row[aria-current="true"]');
  talk.close();
  queueMicrotask(() => (row ?? document.getElementById(`tab-${list}`))?.focus());
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
