import type { PageClock } from '../../clock.ts';
import { mayWrite } from '../state/acts.ts';
import { calledBy } from '../state/banner.ts';
import { lastMarked, markText } from '../state/marks.ts';
import { digestOf } from '../state/reading.ts';
import type { Open, State } from '../state/state.ts';
import type { Talk } from '../state/talk.ts';
import { heldFor, itemsOf, type Item } from '../state/transcript.ts';
import { isWriting } from '../state/typing.ts';
import type { Marks, SessionId } from '../wire/wire.ts';
import { button, h, keyed, setAttributes, setText } from './dom.ts';
import { skeletonLines } from './empty.ts';
import { itemElement, type ItemContext } from './line.ts';

/** This near the end counts as reading along, in px. */
const NEAR_END = 48;

export interface TranscriptView {
  readonly element: HTMLElement;
  readonly focus: () => void;
  readonly render: (state: State) => void;
}

/** What was said, as a log. New lines follow whoever reads along; whoever reads further up is left there. */
export function transcriptView(clock: PageClock, talk: Talk): TranscriptView {
  const earlier = button('Show earlier lines', () => void talk.earlier(), { look: 'subtle' });
  const log = h('div', { class: 'log-lines', role: 'log', 'aria-label': 'Transcript', tabindex: 0 });
  const held = h('p', { class: 'held' });
  const writing = h('p', { class: 'writing' });
  const nothing = h('p', { class: 'nothing-said' }, 'Nothing was said yet.');
  const loading = skeletonLines();
  const scroller = h('div', { class: 'log' }, earlier, loading, log, nothing, held, writing);
  const fresh = button('New messages', () => toEnd(), { look: 'primary' });
  fresh.classList.add('fresh');
  const element = h('div', { class: 'log-frame' }, scroller, fresh);
  let shownSid: SessionId | undefined;
  let lastKey = '';
  let firstKey = '';

  const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  const show = (seq: number) => {
    const line = log.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    line?.scrollIntoView({ block: 'center' });
    if (line !== null) wasAtEnd = false;
  };
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
    setAttributes(fresh, { hidden: true });
  };
  scroller.addEventListener('scroll', () => {
    if (isAtEnd()) setAttributes(fresh, { hidden: true });
    if (scroller.scrollTop < 80 && !earlier.hidden) void talk.earlier();
  });
  setAttributes(fresh, { hidden: true });
  // A smaller frame, as when the composer grows, must not hide the last line.
  let wasAtEnd = true;
  scroller.addEventListener('scroll', () => (wasAtEnd = isAtEnd()));
  new ResizeObserver(() => wasAtEnd && toEnd()).observe(scroller);

  return {
    element,
    focus: () => log.focus({ preventScroll: true }),
    render: (state) => {
      const { open, me } = state;
      if (open === undefined) {
        shownSid = undefined;
        return;
      }
      if (open.sid !== shownSid) log.replaceChildren();
      // Only what comes from now on is read out, not the whole session that was opened.
      setAttributes(log, { 'aria-live': open.loading || open.sid !== shownSid ? 'off' : 'polite' });
      const pending = state.pending.filter((one) => one.sid === open.sid);
      const mine = me?.id ?? '';
      const items = [...earlierItems(open, mine), ...itemsOf(open.lines, pending, mine, newsIn(open))];
      const follow = open.sid !== shownSid || isAtEnd() || items.at(-1)?.type === 'pending';
      const bottom = scroller.scrollHeight - scroller.scrollTop;
      const mayGiveCode =
        open.via === undefined &&
        open.terms?.canLink === true &&
        open.row !== undefined &&
        me !== undefined &&
        mayWrite(open.row, me);
      const context: ItemContext = { clock, talk, row: open.row, mayGiveCode, show };
      setAttributes(nothing, { hidden: open.loading || items.length > 0 });
      setAttributes(loading, { hidden: !open.loading || open.lines.length > 0 });
      setAttributes(earlier, { hidden: open.earlier === 'none' });
      const last = lastMarked(open);
      keyed(
        log,
        items,
        (item) => item.key,
        () => h('div'),
        (slot, item) => {
          renderItem(slot, item, context);
          renderMark(slot, item, open, last);
        },
      );
      renderHeld(held, state);
      const isWritten = isWriting(state, clock.now());
      setAttributes(writing, { hidden: !isWritten });
      if (isWritten && open.row !== undefined) setText(writing, `${calledBy(open.row)} is writing…`);
      const nowFirst = open.lines[0]?.id ?? '';
      const nowLast = lastOf(items);
      if (follow) toEnd();
      else if (nowFirst !== firstKey && firstKey !== '') scroller.scrollTop = scroller.scrollHeight - bottom;
      else if (nowLast !== lastKey) setAttributes(fresh, { hidden: false });
      firstKey = nowFirst;
      lastKey = nowLast;
      shownSid = open.sid;
    },
  };
}

/** The chat that was taken back into this one, above it, in one view. */
const earlierItems = ({ before = [] }: Open, me: string): readonly Item[] =>
  itemsOf(before, [], me).map((item): Item => ({ ...item, key: `before-${item.key}` }));

function newsIn({ lines, since, row }: Open): Parameters<typeof itemsOf>[3] {
  const text = since === undefined || row === undefined ? undefined : digestOf(lines, since, row);
  return since === undefined || text === undefined ? undefined : { after: since.seq, text };
}

const lastOf = (items: readonly Item[]) => items.at(-1)?.key ?? '';

function renderItem(slot: HTMLElement, item: Item, context: ItemContext): void {
  const offers = item.type === 'notice' && item.line.code === 'linkReused' && context.mayGiveCode;
  const name = item.type === 'flapping' && context.row !== undefined ? calledBy(context.row) : '';
  const signature = JSON.stringify([item, offers, name]);
  if (slot.dataset['signature'] === signature) return;
  slot.dataset['signature'] = signature;
  const before = slot.querySelector('details');
  const isOpen = before?.open === true;
  const hadFocus = before?.contains(document.activeElement) === true;
  const { element, kind } = itemElement(item, context);
  slot.className = `item ${kind}`;
  slot.replaceChildren(...element);
  // What somebody has unfolded stays so while more is added to it.
  const after = slot.querySelector('details');
  if (after === null) return;
  after.open = isOpen;
  if (hadFocus) after.querySelector('summary')?.focus({ preventScroll: true });
}

function renderMark(slot: HTMLElement, item: Item, open: Open, last: Marks): void {
  if (item.type !== 'said') return;
  slot.dataset['seq'] = String(item.line.seq);
  const mark = slot.querySelector('.mark');
  const text = markText(item.line, open, last);
  if (mark instanceof HTMLElement) setText(mark, text === undefined ? '' : ` · ${text}`);
}

function renderHeld(held: HTMLElement, { open }: State): void {
  const row = open?.row;
  const count =
    row?.status === 'disconnected' && row.goneAt !== undefined ? heldFor(open?.lines ?? [], row.goneAt) : 0;
  setAttributes(held, { hidden: count === 0 });
  if (row === undefined) return;
  setText(held, `${count} ${count === 1 ? 'message' : 'messages'} held until ${calledBy(row)} is back`);
}
