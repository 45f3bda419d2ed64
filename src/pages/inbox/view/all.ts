import type { PageClock } from '../../clock.ts';
import { allRows, owesSince, type All, type Supervising } from '../state/all.ts';
import type { State } from '../state/state.ts';
import { ago, elapsed, exact, moment } from '../state/time.ts';
import type { RosterAgent, Row, SessionId } from '../wire/wire.ts';
import { askCapacity } from './ask-capacity.ts';
import { askHandOver } from './ask-hand-over.ts';
import { avatar } from './avatar.ts';
import { button, h, keyed, setAttributes, setText } from './dom.ts';
import { emptyState } from './empty.ts';
import { rowList } from './row-list.ts';
import { rowElement } from './row.ts';

const STATUS: Readonly<Record<Row['status'], string>> = {
  bot: 'with the bot',
  queued: 'in the queue',
  active: 'active',
  disconnected: 'disconnected',
  suspended: 'suspended',
  resuming: 'offered',
  closed: 'closed',
  expired: 'expired',
};
const PRESENCE: Readonly<Record<RosterAgent['presence']['status'], string>> = {
  available: 'Available',
  busy: 'Busy',
  away: 'Away',
  offline: 'Offline',
};

export interface AllView {
  readonly element: HTMLElement;
  readonly render: (state: State) => void;
}

/** The list *All* of a supervisor: who is on, and every chat of a stream and day, whoever has it. */
export function allView(clock: PageClock, supervising: Supervising, rerender: () => void): AllView {
  const stream = h('select', { class: 'input', 'aria-label': 'Work stream' });
  const day = h('input', { class: 'input', type: 'date', 'aria-label': 'Day opened', required: true });
  const choose = () => void supervising.show(stream.value, day.value === '' ? undefined : day.value);
  stream.addEventListener('change', choose);
  day.addEventListener('change', choose);
  const count = h('summary', {});
  const body = h('tbody');
  const heads = ['Agent', 'Presence', 'Load', 'Held', 'Seen'];
  const table = h(
    'table',
    { class: 'roster' },
    h('thead', {}, h('tr', {}, ...heads.map((name) => h('th', { scope: 'col' }, name)))),
    body,
  );
  const empty = h('div', { class: 'empty-slot' }, emptyState('chat', 'No chats', 'Nobody wrote that day.'));
  const element = h('div', {
    ...{ class: 'rows all', role: 'tabpanel', id: 'all', 'aria-labelledby': 'tab-all', hidden: true },
  });
  const list = rowList(element, () => rowElement((sid) => open(sid)), {
    rerender,
    more: () => void supervising.more(),
  });
  setAttributes(list.element, { 'aria-label': 'All' });
  element.append(
    h('div', { class: 'all-of' }, stream, day),
    h('details', { class: 'roster-fold' }, count, table),
    list.element,
    empty,
  );
  const lines = new Map<string, ReturnType<typeof agentLine>>();
  const change = async (agent: RosterAgent) => {
    const capacity = await askCapacity(agent);
    if (capacity !== undefined) await supervising.setCapacity(agent, capacity);
  };
  let shown: All | undefined;
  let me: State['me'];
  const handOver = (agent: RosterAgent) =>
    void askHandOver(
      clock,
      { ...supervising.handOver, watch: supervising.watch, open: supervising.open, me: () => me },
      agent,
    );
  const open = (sid: SessionId) => {
    const row = shown?.rows.get(sid);
    if (row !== undefined) void supervising.open(row);
  };
  return {
    element,
    render: ({ all, open: opened, me: viewer }) => {
      me = viewer;
      setAttributes(element, { hidden: all === undefined });
      shown = all;
      if (all === undefined) return;
      const now = clock.now();
      if (stream.options.length !== all.streams.length)
        stream.replaceChildren(...all.streams.map((one) => h('option', { value: one }, one)));
      stream.value = all.stream;
      if (document.activeElement !== day) day.value = all.day;
      const here = all.agents.filter(({ presence }) => isOn(presence.status)).length;
      const counted = `Agents · ${here} of ${all.agents.length} on`;
      if (count.textContent !== counted) count.textContent = counted;
      keyed(
        body,
        all.agents,
        ({ id }) => id,
        ({ id }) => {
          const line = agentLine((agent) => void change(agent), handOver);
          lines.set(id, line);
          return line.element;
        },
        (_, agent) => lines.get(agent.id)?.render(agent, now),
      );
      const rows = allRows(all, now);
      list.render(
        rows.map(({ sid }) => sid),
        opened?.sid,
        (item, sid) => {
          const row = all.rows.get(sid);
          if (row !== undefined) renderRow(item, row, now, opened?.sid === sid);
        },
        all.next,
      );
      setAttributes(empty, { hidden: rows.length > 0 });
    },
  };
}

const isOn = (status: RosterAgent['presence']['status']) => status === 'available' || status === 'busy';

/** What stands in an agent's line stays, so that the focus does: only its words change. */
function agentLine(change: (agent: RosterAgent) => void, handOver: (agent: RosterAgent) => void) {
  const name = h('bdi');
  const chats = button('', () => shown !== undefined && handOver(shown), { look: 'subtle' });
  chats.append(name);
  const [presence, load, held, seen] = [h('td'), h('td'), h('td'), h('td')];
  let shown: RosterAgent | undefined;
  const limit = button('', () => shown !== undefined && change(shown), { look: 'subtle' });
  load.append(limit);
  const element = h('tr', {}, h('th', { scope: 'row' }, chats), presence, load, held, seen);
  return {
    element,
    render: (agent: RosterAgent, now: number) => {
      shown = agent;
      const { used, capacity, seenAt } = agent;
      const taken = `${used} of ${capacity}`;
      setText(name, agent.name);
      setAttributes(chats, { 'aria-label': `Chats of ${agent.name}`, title: 'Chats in hand' });
      const { status, backAt } = agent.presence;
      setText(presence, agent.permitted ? PRESENCE[status] : 'No permission');
      const isBack = backAt === undefined || isOn(status);
      setAttributes(presence, { title: isBack ? undefined : `until ${moment(backAt, now)}` });
      setText(limit, taken);
      setAttributes(limit, {
        'aria-label': `${taken} chats, change how many ${agent.name} is offered`,
        title: 'Change',
      });
      load.classList.toggle('over', used > capacity);
      setText(held, String(agent.held));
      setText(seen, ago(seenAt, now));
      setAttributes(seen, { title: exact(seenAt) });
    },
  };
}

function renderRow(item: HTMLElement, row: Row, now: number, chosen: boolean): void {
  const face = item.firstElementChild;
  if (face === null) return;
  setAttributes(face, { 'aria-current': chosen ? 'true' : undefined });
  const owes = owesSince(row, now);
  const at = row.endedAt ?? row.lastLine?.at ?? row.at;
  const what = row.status === 'suspended' ? 'late' : 'owes an answer';
  const mark = owes === undefined ? undefined : `${what} for ${elapsed(now - owes)}`;
  const time = ago(at, now);
  const signature = JSON.stringify([row, mark, time]);
  if (item.dataset['signature'] === signature) return;
  item.dataset['signature'] = signature;
  const about = [STATUS[row.status], (row.owner ?? row.previous)?.name, row.reason].filter(Boolean);
  face.replaceChildren(
    avatar(row),
    h('span', { class: 'row-top' }, h('bdi', { class: 'row-name', dir: 'auto', title: row.name }, row.name)),
    h('span', { class: 'row-time', title: exact(at) }, time),
    h(
      'span',
      { class: 'row-line' },
      mark !== undefined && h('span', { class: 'owes' }, `${mark} · `),
      h('bdi', {}, about.join(' · ')),
    ),
  );
}
