import type { PageClock } from '../../clock.ts';
import { countOf, LISTS, rowsOf, settled } from '../state/lists.ts';
import type { State } from '../state/state.ts';
import type { InboxList, Row, SessionId } from '../wire/wire.ts';
import { h, setAttributes } from './dom.ts';
import type { AllView } from './all.ts';
import { emptyList, skeletonRows } from './empty.ts';
import { rowList } from './row-list.ts';
import { renderRow, rowElement } from './row.ts';

export const LIST_NAMES: Readonly<Record<InboxList, string>> = {
  queue: 'Queue',
  mine: 'Mine',
  suspended: 'Suspended',
  closed: 'Closed',
};

/** How long after its last move a pointer still counts as aiming at a row. */
const AIM_MS = 1_500;

export interface ListsView {
  readonly element: HTMLElement;
  readonly render: (state: State) => void;
}

/** The four lists as tabs, and the rows of the chosen one. */
export function listsView(
  clock: PageClock,
  on: {
    readonly choose: (list: InboxList) => void;
    readonly open: (sid: SessionId) => void;
    readonly more: () => void;
    readonly all: () => void;
  },
  all: AllView,
  rerender: () => void,
): ListsView {
  const tabs = new Map(LISTS.map((list) => [list, tabOf(list, LIST_NAMES[list], () => on.choose(list))]));
  const allTab = tabOf('all', 'All', on.all);
  setAttributes(allTab, { 'aria-controls': 'all', hidden: true });
  const tablist = h(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': 'Lists' },
    ...tabs.values(),
    allTab,
  );
  const empty = h('div', { class: 'empty-slot' });
  const panel = h('div', { class: 'rows', role: 'tabpanel', id: 'rows' });
  const list = rowList(panel, () => rowElement((sid) => on.open(sid)), { rerender, more: on.more });
  panel.append(list.element, empty);
  const element = h('div', { class: 'lists-body' }, tablist, panel, all.element);
  let shown: readonly SessionId[] = [];
  let shownList: InboxList | undefined;
  // What left while the pointer aims keeps its last face until the pointer rests.
  const faces = new Map<SessionId, Row>();
  const hand = watchHand(panel, clock, rerender);

  tablist.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const all = [...tabs.values(), allTab].filter((tab) => !tab.hidden);
    const at = all.findIndex((tab) => tab === document.activeElement);
    const next = all[(at + step + all.length) % all.length];
    next?.click();
    next?.focus();
  });

  return {
    element,
    render: (state) => {
      for (const [each, tab] of tabs) renderTab(tab, each, state);
      const isAll = state.all !== undefined;
      setAttributes(allTab, {
        hidden: state.me?.supervisor !== true,
        'aria-selected': String(isAll),
        tabindex: isAll ? 0 : -1,
      });
      setAttributes(panel, { hidden: isAll });
      all.render(state);
      const rows = rowsOf(state.lists, state.list);
      const there = rows.map((row) => row.sid);
      for (const row of rows) faces.set(row.sid, row);
      shown = shownList === state.list ? settled(shown, there, hand()) : there;
      if (shownList !== state.list) panel.scrollTop = 0;
      shownList = state.list;
      setAttributes(panel, { 'aria-labelledby': `tab-${state.list}` });
      setAttributes(list.element, { 'aria-label': LIST_NAMES[state.list] });
      const stays = new Set(shown);
      for (const sid of faces.keys()) if (!stays.has(sid)) faces.delete(sid);
      const isThere = new Set(there);
      const now = clock.now();
      const renderItem = (item: HTMLElement, sid: SessionId): void => {
        const row = faces.get(sid);
        if (row !== undefined) renderRow(item, row, state, now, !isThere.has(sid));
      };
      list.render(shown, state.open?.sid, renderItem, state.lists.next[state.list]);
      renderEmpty(empty, state, shown.length);
    },
  };
}

function tabOf(list: InboxList | 'all', name: string, choose: () => void): HTMLButtonElement {
  const count = h('span', { class: 'count', 'aria-hidden': 'true' });
  const attributes = {
    role: 'tab',
    id: `tab-${list}`,
    'aria-controls': 'rows',
    type: 'button',
    class: 'tab',
  };
  const tab = h('button', attributes, h('span', { class: 'tab-name' }, name), count);
  tab.addEventListener('click', choose);
  return tab;
}

function renderTab(tab: HTMLElement, list: InboxList, state: State): void {
  const count = state.lists.loaded.has(list) ? countOf(state.lists, list) : '';
  const chosen = state.all === undefined && state.list === list;
  const description = count === '' ? undefined : `${count} ${count === '1' ? 'chat' : 'chats'}`;
  setAttributes(tab, {
    'aria-selected': String(chosen),
    tabindex: chosen ? 0 : -1,
    'aria-description': description,
  });
  const badge = tab.lastElementChild;
  if (badge !== null && badge.textContent !== count) badge.textContent = count;
  // What is over waits for nobody: its number is told, not shown.
  badge?.toggleAttribute('hidden', count === '' || count === '0' || list === 'closed');
}

function renderEmpty(slot: HTMLElement, state: State, count: number): void {
  const loaded = state.lists.loaded.has(state.list);
  const kind = count > 0 ? '' : loaded ? `empty-${state.list}` : 'loading';
  if (slot.dataset['kind'] === kind) return;
  slot.dataset['kind'] = kind;
  slot.replaceChildren(...(count > 0 ? [] : [loaded ? emptyList(state.list) : skeletonRows()]));
}

// Where the agent's hand is: rows hold still under it.
function watchHand(panel: HTMLElement, clock: PageClock, rested: () => void) {
  let inside = false;
  let movedAt = -Infinity;
  let stop = () => {};
  panel.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    inside = true;
    movedAt = clock.now();
    stop();
    stop = clock.after(AIM_MS, rested);
  });
  panel.addEventListener('pointerleave', () => {
    inside = false;
    rested();
  });
  return (): 'moving' | 'inside' | 'elsewhere' => {
    if (inside && clock.now() - movedAt < AIM_MS) return 'moving';
    return inside || panel.contains(document.activeElement) ? 'inside' : 'elsewhere';
  };
}
