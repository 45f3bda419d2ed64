import { calledBy } from '../state/banner.ts';
import { whyNoLink } from '../state/link.ts';
import { drafts } from '../state/memory.ts';
import type { State } from '../state/state.ts';
import type { Talk } from '../state/talk.ts';
import type { SessionId } from '../wire/wire.ts';
import { button, h, setAttributes, setText } from './dom.ts';
import { icon } from './icons.ts';

const LONGEST = 8_000;
/** Typed in place of a message, it gives a reconnect link. Any other word with a slash is text. */
const LINK = '/link';

export interface ComposerView {
  readonly element: HTMLElement;
  readonly render: (state: State, mayWrite: boolean) => void;
  readonly focus: () => void;
  /** Puts refused words back, before what was written since. */
  readonly giveBack: (sid: SessionId, text: string) => void;
}

/** Where the agent writes: to the customer, or with *Add comment* pressed, to colleagues only. */
export function composerView(talk: Talk): ComposerView {
  const box = h('textarea', {
    class: 'box',
    'aria-label': 'Message',
    rows: 1,
    dir: 'auto',
    maxlength: LONGEST,
  });
  const comment = button('Add comment', () => setComment(!commenting), {
    look: 'subtle',
    icon: icon('note'),
  });
  comment.setAttribute('aria-pressed', 'false');
  const send = button('Send', () => submit(), { look: 'primary', icon: icon('send') });
  const refused = h('p', { class: 'refused', role: 'alert' });
  const hint = h('span', { class: 'hint' });
  const tools = h('div', { class: 'tools' }, comment, hint, send);
  const element = h('div', { class: 'compose' }, refused, h('div', { class: 'compose-box' }, box, tools));
  let sid: SessionId | undefined;
  let commenting = false;
  let name = '';
  let resumes = false;
  let canLink = false;

  const setComment = (on: boolean) => {
    commenting = on;
    comment.setAttribute('aria-pressed', String(on));
    element.classList.toggle('commenting', on);
    words();
    box.focus();
  };
  const words = () => {
    const message = canLink ? `Message ${name}, or ${LINK}` : `Message ${name}`;
    setAttributes(box, { placeholder: commenting ? 'A comment only your team sees' : message });
    setText(hint, commenting ? 'Only your team sees this' : hintOf(box.value.trim()));
  };
  const hintOf = (text: string) => {
    if (canLink && text !== '' && LINK.startsWith(text)) return `${LINK} sends a reconnect link`;
    return resumes ? 'Writing resumes the chat' : '';
  };
  const submit = () => {
    const text = box.value.trim();
    if (text === '' || sid === undefined) return;
    write('');
    if (!commenting && text === LINK) void giveLink(sid);
    else talk.say(commenting ? 'comment' : 'message', text);
    if (commenting) setComment(false);
    box.focus();
  };
  const giveLink = async (of: SessionId) => {
    if (!(await talk.giveLink())) giveBack(of, LINK);
  };
  const giveBack: ComposerView['giveBack'] = (of, text) => {
    const kept = of === sid ? box.value : drafts.of(of);
    const both = kept === '' ? text : `${text}\n${kept}`;
    if (of === sid) write(both);
    else drafts.keep(of, both);
  };
  const write = (text: string) => {
    box.value = text;
    if (sid !== undefined) drafts.keep(sid, text);
    fit();
  };
  // Grows with the text up to the height the style allows.
  const fit = () => {
    box.style.setProperty('block-size', 'auto');
    box.style.setProperty('block-size', `${box.scrollHeight}px`);
    setAttributes(send, { 'aria-disabled': box.value.trim() === '' ? 'true' : undefined });
  };
  box.addEventListener('input', () => {
    if (sid !== undefined) drafts.keep(sid, box.value);
    // A comment is nobody's but the team's, and so is what begins with a slash.
    if (!commenting && box.value.trim() !== '' && !box.value.startsWith('/')) talk.typing.mine();
    fit();
    words();
  });
  box.addEventListener('keydown', (event) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });

  return {
    element,
    focus: () => box.focus(),
    giveBack,
    render: ({ open, refused: why }, mayWrite) => {
      setAttributes(element, { hidden: !mayWrite && why === undefined && box.value === '' });
      element.classList.toggle('closed', !mayWrite);
      setAttributes(box, { readonly: !mayWrite });
      setAttributes(tools, { hidden: !mayWrite });
      setText(refused, why ?? '');
      const row = open?.row;
      name = row === undefined ? '' : calledBy(row);
      resumes = row?.status === 'suspended';
      canLink = open?.terms !== undefined && whyNoLink(open.terms) === undefined;
      if (open !== undefined && open.sid !== sid) {
        sid = open.sid;
        commenting = false;
        comment.setAttribute('aria-pressed', 'false');
        element.classList.remove('commenting');
        box.value = drafts.of(sid);
        fit();
      }
      words();
    },
  };
}
