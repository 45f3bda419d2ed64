import type { Came } from '../state/hand-over.ts';
import { isHeld, standing, whereNow } from '../state/in-hand.ts';
import type { Row } from '../wire/wire.ts';
import { button, h, setAttributes, setText } from './dom.ts';

/** A chat that somebody has in hand: to be chosen, to be read, its kept place to be given back; and what came of it. */
export interface HandRow {
  readonly element: HTMLElement;
  readonly isChosen: () => boolean;
  /** Whether its agent still has it. */
  readonly isOpen: () => boolean;
  readonly choose: (on: boolean) => void;
  /** Does it to the chat as it stands now; whether the house did. `done` says so where the chat does not by itself. */
  readonly act: (run: (row: Row) => Promise<Came>, done?: string) => Promise<boolean>;
  readonly heard: (row: Row, now: number) => void;
  readonly render: (now: number) => void;
}

/** Makes it, for a chat of `agent`. */
export function handRow(
  first: Row,
  agent: string,
  on: {
    readonly changed: () => void;
    readonly release: (row: Row) => Promise<Came>;
    readonly read: (row: Row) => void;
  },
): HandRow {
  let row = first;
  let came = '';
  let isKept = false;
  let now = 0;
  const box = h('input', { type: 'checkbox' });
  const hint = h('small', {});
  const result = h('small', { class: 'hand-result' });
  const words = h(
    'span',
    { class: 'pick-words' },
    h('bdi', { class: 'pick-name', dir: 'auto' }, row.name),
    hint,
    result,
  );
  const release = button('Release place', () => void act(on.release, 'Place released'), {
    look: 'subtle',
    name: `Release the place held for ${row.name}`,
  });
  const read = button('Read', () => on.read(row), { look: 'subtle', name: `Read the chat with ${row.name}` });
  const element = h('li', { class: 'hand' }, h('label', { class: 'pick' }, box, words), release, read);
  box.addEventListener('change', on.changed);

  const isOpen = () => whereNow(row, agent) === undefined;
  const take = (next: Row | undefined) => {
    if (next !== undefined && next.sid === row.sid && next.ver >= row.ver) row = next;
  };
  const render = () => {
    const where = whereNow(row, agent);
    const held = isHeld(row, now);
    setText(hint, where === undefined ? standing(row, now) : '');
    setText(result, where ?? came);
    element.classList.toggle('gone', where !== undefined);
    element.classList.toggle('stayed', where === undefined && isKept);
    if (where !== undefined) box.checked = false;
    setAttributes(box, { disabled: where !== undefined });
    setAttributes(release, { hidden: where !== undefined || !held });
  };
  const act: HandRow['act'] = async (run, done = '') => {
    const answer = await run(row);
    take(answer.row);
    came = 'why' in answer ? answer.why : done;
    isKept = 'why' in answer;
    render();
    on.changed();
    return !isKept;
  };
  return {
    element,
    isChosen: () => box.checked,
    isOpen,
    choose: (wanted) => {
      box.checked = wanted && isOpen();
    },
    act,
    heard: (next, at) => {
      if (next.sid !== row.sid) return;
      now = at;
      take(next);
      render();
    },
    render: (at) => {
      now = at;
      render();
    },
  };
}
