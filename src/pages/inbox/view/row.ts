import { plainOf } from '../../../cards/markdown-runs.ts';
import { guestIn, hasPassed, isTheirs } from '../state/acts.ts';
import { isAwayFrom, unreadIn } from '../state/reading.ts';
import type { State } from '../state/state.ts';
import { ladderText } from '../state/banner.ts';
import { ago, elapsed, exact, span } from '../state/time.ts';
import type { Row, SessionId } from '../wire/wire.ts';
import { avatar } from './avatar.ts';
import { h, setAttributes } from './dom.ts';

/** An empty row; a press opens the session it shows by then. */
export function rowElement(open: (sid: SessionId) => void): HTMLElement {
  const face = h('button', { type: 'button', class: 'row' });
  const item = h('li', { class: 'row-item' }, face);
  face.addEventListener('click', () => open(item.dataset['key'] as SessionId));
  return item;
}

/** Shows a session in its row; `left` = it is no longer in the list, and only stays until the pointer rests. */
export function renderRow(item: HTMLElement, row: Row, state: State, now: number, left: boolean): void {
  const face = item.firstElementChild;
  if (face === null) return;
  const chosen = state.open?.sid === row.sid;
  setAttributes(face, { 'aria-current': chosen ? 'true' : undefined, disabled: left });
  const unread = unreadOf(row, state);
  const time = timeOf(row, now);
  const signature = JSON.stringify([row, unread, time.text]);
  if (item.dataset['signature'] === signature) return;
  item.dataset['signature'] = signature;
  face.classList.toggle('unread', unread !== undefined);
  face.replaceChildren(
    avatar(row),
    h(
      'span',
      { class: 'row-top' },
      h('bdi', { class: 'row-name', dir: 'auto', title: row.name }, row.name),
      isYours(row, state.me) && h('span', { class: 'badge yours', title: 'You had this chat last' }, 'yours'),
      row.messageUntil !== undefined && h('span', { class: 'badge' }, 'message'),
      !row.verified && h('span', { class: 'badge' }, 'not verified'),
    ),
    h('span', { class: `row-time ${time.tone}`, title: time.exact }, time.text),
    h('span', { class: 'row-line' }, h('bdi', {}, lineOf(row, state.me))),
    ...(unread === undefined ? [] : [badge(unread)]),
  );
}

function badge(unread: number | 'some'): HTMLElement {
  if (unread === 'some') return h('span', { class: 'dot', role: 'img', 'aria-label': 'unread' });
  const text = unread > MOST_UNREAD ? `${MOST_UNREAD}+` : String(unread);
  return h('span', { class: 'unread-count', role: 'img', 'aria-label': `${text} unread` }, text);
}
const MOST_UNREAD = 99;

// One time per row: the one that runs out, else the one that counts, else when it was last heard of.
interface RowTime {
  readonly text: string;
  readonly exact: string;
  readonly tone: 'plain' | 'warn' | 'info';
}

function timeOf(row: Row, now: number): RowTime {
  if (row.status === 'resuming' && row.offeredUntil !== undefined) {
    return { text: `offered ${span(row.offeredUntil - now)}`, exact: exact(row.offeredUntil), tone: 'info' };
  }
  if (row.status === 'disconnected' && row.agentHeldUntil !== undefined && row.agentHeldUntil > now) {
    return {
      text: `held ${span(row.agentHeldUntil - now)}`,
      exact: `until ${exact(row.agentHeldUntil)}`,
      tone: 'warn',
    };
  }
  if (row.status === 'disconnected') {
    const since = row.goneAt ?? row.at;
    return { text: `gone ${elapsed(now - since)}`, exact: `since ${exact(since)}`, tone: 'warn' };
  }
  if (row.list === 'queue' && row.status === 'active' && row.agentSilentAt !== undefined) {
    const since = row.agentSilentAt;
    return { text: elapsed(now - since), exact: `not answered since ${exact(since)}`, tone: 'warn' };
  }
  if (row.status === 'queued') {
    const since = row.queuedAt ?? row.at;
    return { text: elapsed(now - since), exact: `waiting since ${exact(since)}`, tone: 'plain' };
  }
  if (row.status === 'suspended' && row.overdueAt !== undefined) {
    return {
      text: `late ${elapsed(now - row.overdueAt)}`,
      exact: `promised by ${exact(row.overdueAt)}`,
      tone: 'warn',
    };
  }
  if (row.status === 'suspended' && row.customerBackAt !== undefined) {
    return {
      text: `waits ${elapsed(now - row.customerBackAt)}`,
      exact: `since ${exact(row.customerBackAt)}`,
      tone: 'info',
    };
  }
  if (row.status === 'suspended' && row.backBy !== undefined && row.backBy > now) {
    return { text: `due ${span(row.backBy - now)}`, exact: `back by ${exact(row.backBy)}`, tone: 'plain' };
  }
  if (row.status === 'suspended' && row.suspendedUntil !== undefined) {
    const until = row.suspendedUntil;
    return { text: `kept ${span(until - now)}`, exact: `until ${exact(until)}`, tone: 'plain' };
  }
  if (row.owedSince !== undefined) {
    return {
      text: `owes ${elapsed(now - row.owedSince)}`,
      exact: `the customer has waited for an answer since ${exact(row.owedSince)}`,
      tone: 'warn',
    };
  }
  const at = row.endedAt ?? row.lastLine?.at ?? row.at;
  return { text: ago(at, now), exact: exact(at), tone: 'plain' };
}

function lineOf(row: Row, me: State['me']): string {
  if (row.list === 'queue' && row.status === 'active')
    return `${row.owner?.name ?? 'Its agent'} is not answering`;
  if (row.status === 'queued') {
    const passed = me !== undefined && hasPassed(row, me) ? 'You passed · ' : '';
    const ladder = ladderText(row);
    return passed + (ladder === '' ? '' : `${ladder} · `) + (row.reason ?? row.lastLine?.text ?? row.stream);
  }
  const { lastLine } = row;
  const guest = me === undefined ? undefined : guestIn(row, me);
  if (guest?.joined === false)
    return `${row.owner?.name.split(' ')[0] ?? 'A colleague'} asks you into this chat`;
  if (row.status === 'resuming' && row.from !== undefined) {
    const note = row.note ?? row.reason ?? lastLine?.text ?? row.stream;
    return `${row.from.name.split(' ')[0] ?? row.from.name} hands over: ${note}`;
  }
  const why = row.status === 'suspended' ? row.suspendReason : undefined;
  if (lastLine === undefined) return why ?? row.reason ?? row.stream;
  const isMine = me !== undefined && isTheirs(row, me);
  const who = { customer: '', bot: 'Bot: ', agent: isMine ? 'You: ' : 'Agent: ' }[lastLine.by];
  const said = lastLine.by === 'customer' ? lastLine.text : plainOf(lastLine.text);
  return `${why === undefined ? '' : `${why} · `}${who}${said}`;
}

/** Who had it last is asked first, and may take it though they are full. */
const isYours = (row: Row, me: State['me']): boolean =>
  row.status === 'queued' && me !== undefined && row.previous?.id === me.id;

function unreadOf(row: Row, { open, me, read }: State): ReturnType<typeof unreadIn> {
  const isLooking = open?.sid === row.sid && !document.hidden && !isAwayFrom(me);
  return isLooking ? undefined : unreadIn(row, read);
}
