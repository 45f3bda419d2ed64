import { matching, slashQuery } from '../state/canned.ts';
import type { Canned } from '../wire/wire.ts';
import { h, setAttributes, setText } from './dom.ts';

export interface CannedListView {
  readonly element: HTMLElement;
  /** Follows what was typed. */
  readonly follow: () => void;
  readonly close: () => void;
}

const SHOWN = 8;

/**
 * The list that a `/` at the start of a message opens. The message box keeps the focus and names the option that Enter
 * would insert: the combobox pattern of ARIA, but for the role, since a textarea may have no other than its own.
 */
export function cannedListView(
  box: HTMLTextAreaElement,
  given: {
    /** What can be said here; nothing where nothing can. */
    readonly load: () => Promise<readonly Canned[]>;
    readonly insert: (one: Canned) => void;
  },
): CannedListView {
  const list = h('ul', {
    class: 'canned-list',
    role: 'listbox',
    id: 'canned-list',
    'aria-label': 'Canned responses',
  });
  const told = h('p', { class: 'unseen', role: 'status' });
  const element = h('div', { class: 'canned-pop', hidden: true }, list);
  let options: readonly Canned[] = [];
  let active = 0;
  /** Put away until the message begins anew. */
  let dismissed = false;

  const close = () => {
    options = [];
    setAttributes(element, { hidden: true });
    setAttributes(box, { 'aria-controls': undefined, 'aria-activedescendant': undefined });
    list.replaceChildren();
    setText(told, '');
  };
  const insert = (one: Canned) => {
    close();
    given.insert(one);
  };
  const mark = (to: number) => {
    active = to;
    for (const [i, option] of [...list.children].entries()) {
      setAttributes(option, { 'aria-selected': String(i === active) });
      if (i === active) option.scrollIntoView({ block: 'nearest' });
    }
    setAttributes(box, { 'aria-activedescendant': `canned-option-${active}` });
  };
  const show = (found: readonly Canned[]) => {
    options = found.slice(0, SHOWN);
    if (options.length === 0) {
      close();
      return;
    }
    list.replaceChildren(...options.map((one, i) => optionElement(one, i, () => insert(one))));
    setAttributes(element, { hidden: false });
    setAttributes(box, { 'aria-controls': 'canned-list' });
    const count = options.length === 1 ? '1 canned response' : `${options.length} canned responses`;
    setText(told, `${count}. Arrow keys choose, Enter inserts.`);
    mark(0);
  };
  const follow = () => {
    const query = slashQuery(box.value);
    if (query === undefined) dismissed = false;
    if (query === undefined || dismissed) {
      close();
      return;
    }
    void given.load().then(
      (all) => {
        if (!dismissed && slashQuery(box.value) === query) show(matching(all, query));
      },
      // Without the list the slash is text, as ever.
      () => close(),
    );
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => mark((active + 1) % options.length),
    ArrowUp: () => mark((active + options.length - 1) % options.length),
    Enter: () => chosen(),
    Tab: () => chosen(),
    Escape: () => {
      dismissed = true;
      close();
    },
  };
  const chosen = () => {
    const one = options[active];
    if (one !== undefined) insert(one);
  };

  setAttributes(box, { 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox' });
  box.addEventListener('keydown', (event) => {
    const act = event.isComposing || event.shiftKey ? undefined : keys[event.key];
    if (element.hidden || act === undefined) return;
    event.preventDefault();
    // What else these keys do, they do when the list is closed.
    event.stopImmediatePropagation();
    act();
  });
  box.addEventListener('blur', close);
  return { element: h('div', {}, element, told), follow, close };
}

function optionElement({ title, shortcut, filled }: Canned, i: number, choose: () => void): HTMLElement {
  const option = h(
    'li',
    { role: 'option', id: `canned-option-${i}`, class: 'canned-option' },
    h('span', { class: 'canned-title', dir: 'auto' }, title),
    h('kbd', {}, `/${shortcut}`),
    h('span', { class: 'canned-text', dir: 'auto' }, filled),
  );
  // The box keeps the focus.
  option.addEventListener('pointerdown', (event) => event.preventDefault());
  option.addEventListener('click', choose);
  return option;
}
