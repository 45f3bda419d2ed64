import { matching } from '../state/canned.ts';
import type { CannedShelf } from '../state/canned.ts';
import { sentenceOf } from '../state/sentences.ts';
import type { Canned, CannedHere, SessionId } from '../wire/wire.ts';
import { shown } from './ask.ts';
import { cannedForm } from './canned-form.ts';
import { button, h, setText } from './dom.ts';
import { icon } from './icons.ts';

/** Shows all that can be said here, to choose one or to keep them in order; resolves to the one that was chosen. */
export function askCanned(shelf: CannedShelf, sid: SessionId): Promise<Canned | undefined> {
  const search = h('input', {
    type: 'search',
    class: 'input',
    'aria-label': 'Find a response',
    placeholder: 'Find a response',
    dir: 'auto',
  });
  const rows = h('ul', { class: 'canned-rows' });
  const empty = h('p', { class: 'canned-none' });
  const problem = h('p', { class: 'field-problem', role: 'alert' });
  const told = h('div', { class: 'canned-told', role: 'status' });
  const add = button('New response', () => edit(undefined), { look: 'primary' });
  const place = h('div', { class: 'canned-dialog' });
  const dialog = h('dialog', { class: 'dialog wide', 'aria-labelledby': 'ask-title' }, place);
  const face = [
    h('h2', { id: 'ask-title' }, 'Canned responses'),
    h('div', { class: 'dialog-body' }, search, rows, empty, problem, told),
    h(
      'div',
      { class: 'dialog-buttons' },
      button('Done', () => dialog.close()),
      add,
    ),
  ];
  let here: CannedHere = { responses: [], stream: '', mayShare: false };
  let choose = (_: Canned) => {};

  const mayEdit = ({ of }: Canned) => of === 'own' || (of === 'shared' && here.mayShare);
  const trying = async (run: () => Promise<void>) => {
    setText(problem, '');
    try {
      await run();
    } catch (error) {
      setText(problem, sentenceOf(error));
    }
  };
  const load = () =>
    trying(async () => {
      here = await shelf.here(sid);
      list();
    });
  const list = () => {
    const found = matching(here.responses, search.value.trim().toLowerCase());
    rows.replaceChildren(...found.map(rowElement));
    const nothing =
      here.responses.length === 0
        ? 'Nothing is kept yet. Write down what you say often.'
        : 'Nothing like that.';
    setText(empty, found.length === 0 ? nothing : '');
  };
  const rowElement = (one: Canned): HTMLElement => {
    const pick = h(
      'button',
      { type: 'button', class: 'canned-pick' },
      h('span', { class: 'canned-title', dir: 'auto' }, one.title),
      h('kbd', {}, `/${one.shortcut}`),
      h('span', { class: 'badge' }, WHOSE[one.of]),
      h('span', { class: 'canned-text', dir: 'auto' }, one.filled),
    );
    pick.addEventListener('click', () => choose(one));
    if (!mayEdit(one)) return h('li', {}, pick);
    const change = button('', () => edit(one), {
      look: 'subtle',
      icon: icon('edit'),
      name: `Edit ${one.title}`,
    });
    const remove = button('', () => void removed(one), {
      ...{ look: 'subtle', icon: icon('remove'), name: `Remove ${one.title}` },
    });
    return h('li', {}, pick, change, remove);
  };
  const removed = (one: Canned) =>
    trying(async () => {
      await shelf.remove(one, here.stream);
      const { of, title, shortcut, text, language } = one;
      const undo = button('Undo', () => void putBack(), { look: 'subtle' });
      const putBack = () =>
        trying(async () => {
          const draft = {
            of: of === 'shared' ? of : ('own' as const),
            stream: here.stream,
            title,
            shortcut,
            text,
          };
          await shelf.save({ ...draft, ...(language !== undefined && { language }) });
          told.replaceChildren();
          await load();
          search.focus();
        });
      told.replaceChildren(h('span', {}, `${title} is removed. `), undo);
      await load();
      undo.focus();
    });
  const edit = (one: Canned | undefined) => {
    told.replaceChildren();
    const back = () => {
      place.replaceChildren(...face);
      void load();
      search.focus();
    };
    const form = cannedForm(one, here, { save: (draft) => shelf.save(draft, one?.id), done: back });
    place.replaceChildren(form.element);
    form.focus();
  };

  search.addEventListener('input', list);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    rows.querySelector('button')?.focus();
  });
  place.replaceChildren(...face);
  void load();
  return shown<Canned>(dialog, (close) => (choose = close));
}

const WHOSE = { own: 'Yours', shared: 'Shared', settings: 'From the settings' } as const;
