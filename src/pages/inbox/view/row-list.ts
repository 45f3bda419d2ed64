import { piecesOf } from '../state/window.ts';
import type { SessionId } from '../wire/wire.ts';
import { h, keyed, setAttributes } from './dom.ts';

/** Before the first row tells. */
const ROW_HEIGHT = 60;
/** So near to its end a list loads on. */
const NEAR_PX = 200;

/** Rows of sessions of which only those in sight are made, however many there are; one is in the tab order, arrows move. */
export interface RowList {
  readonly element: HTMLUListElement;
  /**
   * Shows these, and keeps the open one there; `update` brings the item of one up to date, `next` is where what is not
   * there yet begins.
   */
  readonly render: (
    shown: readonly SessionId[],
    open: SessionId | undefined,
    update: (item: HTMLElement, sid: SessionId) => void,
    next: string | undefined,
  ) => void;
}

/**
 * Makes it, to stand within `scroller`; `make` builds an item with its `.row`, `more` loads on: wherever the end of what
 * is there comes near, be it by scrolling or because what came last was not enough.
 */
export function rowList(
  scroller: HTMLElement,
  make: () => HTMLElement,
  on: { readonly rerender: () => void; readonly more: () => void },
): RowList {
  const { rerender } = on;
  const list = h('ul', { class: 'row-list' });
  let next: string | undefined;
  /** From where it loaded on last: after a failure, only scrolling tries again. */
  let asked: string | undefined;
  const lookOn = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = scroller;
    if (clientHeight === 0 || scrollTop + clientHeight <= scrollHeight - NEAR_PX) return;
    asked = next;
    on.more();
  };
  let shown: readonly SessionId[] = [];
  /** Where the keyboard is to go: it may lie beyond what is in sight. */
  let wanted: SessionId | undefined;

  list.addEventListener('keydown', (event) => {
    const to = stepTo(shown, focused(list), event.key);
    if (to === undefined) return;
    event.preventDefault();
    wanted = to;
    rerender();
    queueMicrotask(() => faceOf(list, to)?.focus());
  });
  scroller.addEventListener('scroll', () => {
    if (shown.length > 0) rerender();
    lookOn();
  });

  return {
    element: list,
    render: (sids, open, update, from) => {
      shown = sids;
      next = from;
      setAttributes(list, { hidden: shown.length === 0 });
      const kept = [wanted, focused(list), open].flatMap((sid) =>
        sid === undefined ? [] : [shown.indexOf(sid)],
      );
      const rowHeight = list.querySelector('.row')?.clientHeight ?? ROW_HEIGHT;
      // What stands above the list scrolls with it.
      const top = Math.max(0, scroller.scrollTop - (list.offsetTop - scroller.offsetTop));
      keyed(
        list,
        piecesOf(shown.length, { top, height: scroller.clientHeight, rowHeight }, kept),
        (piece) => ('row' in piece ? (shown[piece.row] ?? '') : `gap ${piece.before}`),
        (piece) => ('row' in piece ? make() : h('li', { role: 'presentation' })),
        (item, piece) => {
          if ('gap' in piece) {
            item.style.setProperty('block-size', `${piece.gap * rowHeight}px`);
            return;
          }
          const sid = shown[piece.row];
          if (sid === undefined) return;
          setAttributes(item, { 'aria-posinset': piece.row + 1, 'aria-setsize': shown.length });
          update(item, sid);
        },
      );
      wanted = undefined;
      keepOneTabStop(list);
      // Whoever waits at the end scrolls no further.
      if (next !== undefined && next !== asked) queueMicrotask(lookOn);
    },
  };
}

/** The row a key leads to from the one that has the focus. */
function stepTo(
  shown: readonly SessionId[],
  from: SessionId | undefined,
  key: string,
): SessionId | undefined {
  const at = from === undefined ? -1 : shown.indexOf(from);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[key];
  return to === undefined || at < 0 ? undefined : shown[Math.min(Math.max(to, 0), shown.length - 1)];
}

const focused = (list: HTMLElement): SessionId | undefined => {
  const item = list.contains(document.activeElement) ? document.activeElement?.closest('li') : undefined;
  return item?.dataset['key'] as SessionId | undefined;
};

const faceOf = (list: HTMLElement, sid: SessionId): HTMLElement | undefined =>
  [...list.querySelectorAll<HTMLElement>('.row')].find((face) => face.closest('li')?.dataset['key'] === sid);

// One row is in the tab order: where the focus is, else the open one, else the first.
function keepOneTabStop(list: HTMLElement): void {
  const rows = [...list.querySelectorAll<HTMLElement>('.row')];
  const stop =
    rows.find((row) => row === document.activeElement) ??
    rows.find((row) => row.getAttribute('aria-current') === 'true') ??
    rows[0];
  for (const row of rows) row.tabIndex = row === stop ? 0 : -1;
}
