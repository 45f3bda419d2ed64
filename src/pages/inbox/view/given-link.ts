import type { PageClock } from '../../clock.ts';
import type { Extras } from '../state/acting.ts';
import { givenText } from '../state/link.ts';
import type { Open } from '../state/state.ts';
import type { Talk } from '../state/talk.ts';
import { exact, moment, span } from '../state/time.ts';
import type { SessionId } from '../wire/wire.ts';
import { button, h, setAttributes, setText } from './dom.ts';
import { icon } from './icons.ts';
import { keepForm } from './keep-form.ts';

/** How long a button says that it has copied. */
const COPIED_MS = 2_000;

export interface GivenLinkView {
  readonly element: HTMLElement;
  /** Copies the link that is shown, and goes on from there. */
  readonly copy: () => void;
  /** `open: undefined` shows nothing. */
  readonly render: (open: Open | undefined, busy: boolean) => void;
}

/** The link that was given, to be copied, and its three words, to be read out: above the chat, which goes on below. */
export function givenLinkView(clock: PageClock, talk: Talk): GivenLinkView {
  const said = h('p', { class: 'given-said', role: 'status' });
  const url = h('input', {
    class: 'input given-url',
    type: 'text',
    readonly: true,
    dir: 'ltr',
    'aria-label': 'Reconnect link',
    spellcheck: 'false',
  });
  const copied = h('span', { class: 'unseen', role: 'status' });
  const copy = button('Copy', () => void copyLink());
  const words = h('strong', { class: 'given-code', translate: 'no' });
  const ends = h('span', { class: 'given-ends' });
  const fresh = button('New code', () => void talk.freshLink());
  const keep = button('Keep until…', () => (keeping === undefined ? openKeep() : closeKeep()));
  const withdraw = button('Withdraw links', () => void talk.act('revokeLinks'), { look: 'subtle' });
  const dismiss = button('', talk.hideLink, {
    look: 'subtle',
    icon: icon('dismiss'),
    name: 'Hide the link',
  });
  dismiss.classList.add('given-dismiss');
  const face = h(
    'div',
    { class: 'given-face' },
    h('div', { class: 'given-row' }, url, copy),
    h('div', { class: 'given-row' }, h('span', { class: 'given-label' }, 'Code to read out'), words, ends),
    h('div', { class: 'given-row' }, fresh, keep, withdraw),
    dismiss,
  );
  const element = h('section', { class: 'given', 'aria-label': 'Reconnect link' }, said, copied, face);
  let open: Open | undefined;
  let keeping: { readonly sid: SessionId; readonly form: HTMLFormElement } | undefined;

  const copyLink = async () => {
    // Some hosts of the tab keep the clipboard to themselves: then it is selected, and the agent's own keys copy it.
    const done = await navigator.clipboard.writeText(url.value).then(
      () => true,
      () => false,
    );
    if (!done) {
      url.focus();
      url.select();
    }
    setText(copied, done ? 'Copied' : 'Press Ctrl and C to copy');
    setText(copy, done ? 'Copied' : 'Press Ctrl+C');
    clock.after(COPIED_MS, () => {
      setText(copy, 'Copy');
      setText(copied, '');
    });
  };
  const openKeep = () => {
    if (open?.row === undefined || open.terms === undefined) return;
    const { sid, row, terms } = open;
    const form = keepForm(
      clock,
      { row, terms },
      { send: (extras) => void sendAndKeep(sid, extras), cancel: closeKeep },
    );
    keeping = { sid, form };
    face.append(form);
    setAttributes(keep, { 'aria-expanded': 'true' });
    form.querySelector('input')?.focus();
  };
  const closeKeep = () => {
    const hadFocus = keeping?.form.contains(document.activeElement) === true;
    keeping?.form.remove();
    keeping = undefined;
    setAttributes(keep, { 'aria-expanded': 'false' });
    if (hadFocus) keep.focus();
  };
  const sendAndKeep = async (sid: SessionId, extras: Extras) => {
    if ((await talk.act('suspend', extras)) && keeping?.sid === sid) closeKeep();
  };
  setAttributes(keep, { 'aria-expanded': 'false' });

  return {
    element,
    copy: () => {
      if (open?.given === undefined) return;
      copy.focus();
      void copyLink();
    },
    render: (shownOpen, busy) => {
      open = shownOpen;
      const given = open?.given;
      const row = open?.row;
      const shown = given !== undefined && row !== undefined;
      if (keeping !== undefined && (!shown || open?.sid !== keeping.sid)) closeKeep();
      setAttributes(face, { hidden: !shown });
      element.classList.toggle('shown', shown);
      if (!shown) {
        setText(said, '');
        url.value = '';
        setText(words, '');
        return;
      }
      const now = clock.now();
      const { link } = given;
      setText(said, givenText(row, given, now));
      if (url.value !== link.url) url.value = link.url;
      setText(words, link.code);
      const isOver = link.codeUntil <= now;
      words.classList.toggle('over', isOver);
      setText(
        ends,
        isOver ? 'has ended' : `until ${moment(link.codeUntil, now)} · ${span(link.codeUntil - now)} left`,
      );
      setAttributes(ends, { title: exact(link.codeUntil) });
      for (const one of [fresh, withdraw]) setAttributes(one, { 'aria-disabled': busy ? 'true' : undefined });
    },
  };
}
