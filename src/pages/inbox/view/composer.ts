import { calledBy } from '../state/banner.ts';
import { whyNoLink } from '../state/link.ts';
import { drafts } from '../state/memory.ts';
import type { State } from '../state/state.ts';
import type { Talk } from '../state/talk.ts';
import type { Canned, SessionId } from '../wire/wire.ts';
import { askCanned } from './ask-canned.ts';
import { askPage, whyNoPage } from './ask-page.ts';
import { cannedListView } from './canned-list.ts';
import { button, h, setAttributes, setText, tool } from './dom.ts';
import { icon } from './icons.ts';
import { sendFile } from './send-file.ts';

const LONGEST = 8_000;
/** Typed in place of a message, it gives a reconnect link. Any other word with a slash is text. */
const LINK = '/link';

/** About so wide is a letter. */
const LETTER_PX = 7.5;

export interface ComposerView {
  readonly element: HTMLElement;
  readonly render: (state: State, mayWrite: boolean) => void;
  /** Files dropped on this place are sent. */
  readonly dropOn: (place: HTMLElement) => void;
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
  const comment = tool('Add comment', icon('note'), () => setComment(!commenting));
  comment.setAttribute('aria-pressed', 'false');
  const canned = tool('Canned responses', icon('list'), () => void pickCanned());
  const page = tool('Send page', icon('page'), () => void showPage());
  const file = sendFile((chosen) => talk.sendFiles(chosen));
  const noPage = h('span', { class: 'unseen', id: 'no-page' });
  const send = button('Send', () => submit(), { look: 'primary', icon: icon('send') });
  const refused = h('p', { class: 'refused', role: 'alert' });
  const hint = h('span', { class: 'hint' });
  const tools = h('div', { class: 'tools' }, canned, ...file.elements, page, noPage, comment, hint, send);
  // Before the box's own keys, which must wait while the list is open.
  const suggestions = cannedListView(box, {
    load: async () => (sid === undefined || commenting ? [] : (await talk.canned.here(sid)).responses),
    insert: (one) => insert(one),
  });
  const element = h(
    'div',
    { class: 'compose' },
    refused,
    h('div', { class: 'compose-box' }, suggestions.element, box, tools),
  );
  file.pasteInto(box);
  let sid: SessionId | undefined;
  let commenting = false;
  let name = '';
  let resumes = false;
  let canLink = false;
  let hosts: readonly string[] | undefined;
  /** The canned response that stands in the box, as it is or as the agent has made it. */
  let inserted: string | undefined;

  const setComment = (on: boolean) => {
    commenting = on;
    comment.setAttribute('aria-pressed', String(on));
    element.classList.toggle('commenting', on);
    words();
    box.focus();
  };
  const words = () => {
    const whole = `Message ${name} · / for responses${canLink ? ` · ${LINK} for a link` : ''}`;
    // Cut off, it would tell less than in fewer words.
    const message = whole.length * LETTER_PX < box.clientWidth ? whole : `Message ${name}, or /`;
    setAttributes(box, { placeholder: commenting ? 'A comment only your team sees' : message });
    const typed = box.value.trim();
    setText(hint, commenting && typed !== '' ? 'Only your team sees this' : hintOf(typed));
  };
  const hintOf = (text: string) => {
    if (commenting) return '';
    if (canLink && text !== '' && LINK.startsWith(text)) return `${LINK} sends a reconnect link`;
    return resumes ? 'Writing resumes the chat' : '';
  };
  const submit = () => {
    const text = box.value.trim();
    if (text === '' || sid === undefined) return;
    const made = inserted;
    write('');
    if (!commenting && text === LINK) void giveLink(sid);
    else if (commenting) talk.say('comment', text);
    else talk.say('message', text, made);
    if (commenting) setComment(false);
    box.focus();
  };
  const giveLink = async (of: SessionId) => {
    if (!(await talk.giveLink())) giveBack(of, LINK);
  };
  /** In the place of what was typed to find it, to be read over before it is sent. */
  const insert = (one: Canned) => {
    if (commenting) setComment(false);
    const typed = box.value.startsWith('/') ? '' : box.value;
    write([typed, one.filled].filter((part) => part.trim() !== '').join('\n'));
    inserted = one.id;
    words();
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  };
  const pickCanned = async () => {
    const of = sid;
    const one = of === undefined ? undefined : await askCanned(talk.canned, of);
    if (one !== undefined && of === sid) insert(one);
  };
  const showPage = async () => {
    if (hosts === undefined || whyNoPage(hosts) !== undefined) return;
    const chosen = await askPage(name, hosts);
    if (chosen !== undefined) await talk.act('page', chosen);
  };
  const giveBack: ComposerView['giveBack'] = (of, text) => {
    const kept = of === sid ? box.value : drafts.of(of);
    const both = kept === '' ? text : `${text}\n${kept}`;
    if (of === sid) write(both);
    else drafts.keep(of, both);
  };
  const write = (text: string) => {
    box.value = text;
    if (text === '') inserted = undefined;
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
    if (box.value.trim() === '') inserted = undefined;
    if (box.value !== LINK || !canLink) suggestions.follow();
    else suggestions.close();
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
    dropOn: file.dropOn,
    focus: () => box.focus(),
    giveBack,
    render: ({ open, refused: why }, mayWrite) => {
      setAttributes(element, { hidden: !mayWrite && why === undefined && box.value === '' });
      element.classList.toggle('closed', !mayWrite);
      setAttributes(box, { readonly: !mayWrite });
      setAttributes(tools, { hidden: !mayWrite });
      file.render(mayWrite, open?.terms?.files?.endings);
      setText(refused, why ?? '');
      const row = open?.row;
      name = row === undefined ? '' : calledBy(row);
      resumes = row?.status === 'suspended';
      hosts = open?.terms?.pageHosts;
      const whyNot = whyNoPage(hosts);
      setText(noPage, whyNot ?? '');
      setAttributes(page, {
        ...{ title: whyNot ?? 'Send page', 'aria-describedby': whyNot && noPage.id },
        'aria-disabled': hosts === undefined || whyNot !== undefined ? 'true' : undefined,
      });
      canLink = open?.terms !== undefined && whyNoLink(open.terms) === undefined;
      if (open !== undefined && open.sid !== sid) {
        sid = open.sid;
        commenting = false;
        inserted = undefined;
        suggestions.close();
        comment.setAttribute('aria-pressed', 'false');
        element.classList.remove('commenting');
        box.value = drafts.of(sid);
        fit();
      }
      words();
    },
  };
}
