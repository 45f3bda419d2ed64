import type { PageClock } from '../../clock.ts';
import type { HandOver, InHand } from '../state/hand-over.ts';
import { sentenceOf } from '../state/sentences.ts';
import { moment } from '../state/time.ts';
import type { RosterAgent, Row } from '../wire/wire.ts';
import { shown } from './ask.ts';
import { destinations } from './ask-colleague.ts';
import { button, h, setAttributes, setText } from './dom.ts';
import { emptyState, skeletonRows } from './empty.ts';
import { handRow, type HandRow } from './hand-row.ts';

/** What the dialog needs of the list it was opened from. */
export interface Hands extends HandOver {
  /** Hears of every session that changes, until the function given back is called. */
  readonly watch: (heard: (row: Row) => void) => () => void;
  /** Opens the chat, to be read. */
  readonly open: (row: Row) => Promise<void>;
  /** The supervisor who looks: they may take a chat themselves. */
  readonly me: () => { readonly id: string; readonly name: string } | undefined;
}

const WORDS = { available: 'Available', busy: 'Busy', away: 'Away', offline: 'Offline' } as const;

/** Shows a supervisor what an agent has in hand, to hand on to somebody else: a day off must not leave anybody alone. */
export async function askHandOver(clock: PageClock, hands: Hands, agent: RosterAgent): Promise<void> {
  const first = agent.name.split(' ')[0] ?? agent.name;
  let rows: readonly HandRow[] = [];
  let leave = () => {};
  const place = h('div', { class: 'hands-place' }, skeletonRows());
  const problem = h('p', { class: 'field-problem', role: 'alert' });
  const told = h('p', { class: 'unseen', role: 'status' });
  const give = button('Hand over', () => void giveChosen(), { look: 'primary' });
  const all = h('input', { type: 'checkbox' });
  const to = h('select', { class: 'input', 'aria-label': 'Hand over to' });
  const note = h('textarea', { class: 'input', id: 'hands-note', rows: 2, maxlength: 1000, dir: 'auto' });
  const dialog = h(
    'dialog',
    { class: 'dialog wide', 'aria-labelledby': 'ask-title' },
    h('h2', { id: 'ask-title' }, 'Chats of ', h('bdi', {}, agent.name)),
    h(
      'div',
      { class: 'dialog-body' },
      h('p', { class: 'pick-note' }, standsAs(agent, clock.now())),
      place,
      problem,
      told,
    ),
    h(
      'div',
      { class: 'dialog-buttons' },
      button('Done', () => dialog.close()),
      give,
    ),
  );
  setAttributes(give, { hidden: true });

  const chosen = () => rows.filter((row) => row.isChosen());
  const show = () => {
    const count = chosen().length;
    const open = rows.filter((row) => row.isOpen()).length;
    all.checked = count > 0 && count === open;
    all.indeterminate = count > 0 && count < open;
    all.disabled = open === 0;
    setText(give, count < 2 ? 'Hand over' : `Hand over ${count} chats`);
    setAttributes(give, { hidden: rows.length === 0 });
  };
  const tick = () => {
    for (const row of rows) row.render(clock.now());
    stop = clock.after(1_000, tick);
  };
  let stop = clock.after(1_000, tick);

  const giveChosen = async () => {
    const wanted = chosen();
    const missing =
      wanted.length === 0 ? 'Choose a chat first.' : to.value === '' ? 'Choose whom to hand it over to.' : '';
    setText(problem, missing);
    if (missing !== '') return;
    let done = 0;
    for (const row of wanted)
      done += (await row.act((now) => hands.give(now, to.value, note.value.trim()))) ? 1 : 0;
    setText(told, `${done} of ${wanted.length} handed over.`);
    show();
  };
  const fill = ({ rows: inHand, directory }: InHand) => {
    if (inHand.length === 0) {
      place.replaceChildren(
        emptyState('done', 'Nothing in hand', `${first} has no chat that waits for them.`),
      );
      return;
    }
    rows = inHand.map((row) =>
      handRow(row, agent.id, {
        changed: show,
        release: hands.release,
        read: (now) => {
          leave();
          void hands.open(now);
        },
      }),
    );
    const me = hands.me();
    const others = destinations(directory).filter(
      ({ value, disabled }) => disabled !== true && value !== `agent:${agent.id}`,
    );
    to.replaceChildren(
      h('option', { value: '' }, 'Choose…'),
      ...(me === undefined || me.id === agent.id ? [] : [h('option', { value: `agent:${me.id}` }, 'Me')]),
      ...others.map(({ value, name, hint }) => h('option', { value }, `${name} (${hint})`)),
    );
    place.replaceChildren(
      h(
        'label',
        { class: 'radio hands-all', hidden: inHand.length === 1 },
        all,
        `All ${inHand.length} chats`,
      ),
      h(
        'ul',
        { class: 'picker hands', 'aria-label': `Chats of ${agent.name}` },
        ...rows.map(({ element }) => element),
      ),
      h('label', { class: 'field hands-to' }, h('span', { class: 'field-name' }, 'Hand over to'), to),
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'hands-note' }, 'Note'),
        note,
        h('small', {}, 'For your colleagues; customers never see it.'),
      ),
    );
    for (const row of rows) row.render(clock.now());
    // Of one there is nothing to choose.
    if (rows.length === 1) rows[0]?.choose(true);
    show();
    (rows.length === 1 ? to : all).focus();
  };
  const load = async () => {
    place.replaceChildren(skeletonRows());
    try {
      fill(await hands.read(agent.id));
    } catch (error) {
      place.replaceChildren(
        h(
          'div',
          { class: 'hands-failed' },
          h('p', { role: 'alert' }, sentenceOf(error)),
          button('Try again', () => void load()),
        ),
      );
    }
  };
  all.addEventListener('change', () => {
    for (const row of rows) row.choose(all.checked);
    show();
  });
  const unwatch = hands.watch((row) => {
    for (const one of rows) one.heard(row, clock.now());
    show();
  });
  const closed = shown<'left'>(dialog, (close) => (leave = () => close('left')));
  await load();
  await closed;
  unwatch();
  stop();
}

function standsAs(
  { permitted, presence: { status, backAt }, used, capacity }: RosterAgent,
  now: number,
): string {
  const until = backAt === undefined || status === 'available' ? '' : ` until ${moment(backAt, now)}`;
  const word = permitted ? `${WORDS[status]}${until}` : 'Has no permission for chats now';
  return `${word} · ${used} of ${capacity} places in use`;
}
