import type { PageClock } from '../../clock.ts';
import { buttonsFor, isTheirs, mayWrite, type Button } from '../state/acts.ts';
import { bannerOf, calledBy, earlierBanner } from '../state/banner.ts';
import { whyNoLink } from '../state/link.ts';
import type { State } from '../state/state.ts';
import type { Talk } from '../state/talk.ts';
import { backSince } from '../state/transcript.ts';
import type { Extras } from '../state/acting.ts';
import type { Row, Terms } from '../wire/wire.ts';
import { askConference, askTransfer } from './ask-colleague.ts';
import { askDecline } from './ask-decline.ts';
import { askClose } from './ask-close.ts';
import { askEdit, askSuspend } from './ask-suspend.ts';
import { askOutcome } from './ask-outcome.ts';
import { avatar } from './avatar.ts';
import { bannerView } from './banner.ts';
import { composerView, type ComposerView } from './composer.ts';
import { button, h, keyed, setAttributes, setText } from './dom.ts';
import { emptyState } from './empty.ts';
import { givenLinkView } from './given-link.ts';
import { icon } from './icons.ts';
import { transcriptView } from './transcript.ts';

const LABELS: Readonly<Record<Button, string>> = {
  accept: 'Accept',
  decline: 'Decline',
  link: 'Send reconnect link',
  suspend: 'Suspend',
  editSuspension: 'Edit',
  resume: 'Resume',
  close: 'Close',
  record: 'Outcome',
  takeBack: 'Take back',
  transfer: 'Transfer',
  invite: 'Conference',
  join: 'Join',
  leave: 'Leave',
};
const STATUS_WORDS = {
  bot: 'with the bot',
  queued: 'in the queue',
  active: 'active',
  disconnected: 'disconnected',
  suspended: 'suspended',
  resuming: 'offered',
  closed: 'closed',
  expired: 'expired',
} as const;

export interface ConversationView {
  readonly element: HTMLElement;
  readonly composer: ComposerView;
  readonly focusLog: () => void;
  readonly focusDetails: () => void;
  /** Copies the link that is shown, and moves the focus there. */
  readonly copyLink: () => void;
  readonly render: (state: State) => void;
}

/** The middle: who it is, what can be done, how things stand, what was said, and what to answer. */
export function conversationView(
  clock: PageClock,
  talk: Talk,
  on: {
    readonly details: () => void;
    readonly acted: (act: Button) => void;
    readonly leaveEarlier: () => void;
  },
): ConversationView {
  const face = h('span', { class: 'face' });
  const called = h('bdi');
  const name = h('h2', {}, called);
  const unverified = h('span', { class: 'badge' }, 'not verified');
  const preview = h(
    'span',
    { class: 'badge preview', title: 'Only listed agents are asked here' },
    'Preview',
  );
  const sub = h('p');
  const acts = h('div', { class: 'acts', role: 'group', 'aria-label': 'This chat' });
  const back = button('', () => talk.close(), {
    look: 'subtle',
    icon: icon('back'),
    name: 'Back to the list',
  });
  back.classList.add('back');
  const details = button('', on.details, { look: 'subtle', icon: icon('info'), name: 'Details' });
  details.classList.add('details-toggle');
  details.setAttribute('aria-controls', 'details');
  const header = h(
    'header',
    { class: 'talk-head' },
    back,
    face,
    h('div', { class: 'talk-who' }, name, h('div', { class: 'talk-sub' }, unverified, preview, sub)),
    acts,
    details,
  );
  const banner = bannerView({ act: (act) => void talk.act(act), leaveEarlier: on.leaveEarlier });
  const given = givenLinkView(clock, talk);
  const noLink = h('span', { class: 'unseen', id: 'no-link' });
  const transcript = transcriptView(clock, talk);
  const composer = composerView(talk);
  const open = h(
    'div',
    { class: 'talk-open' },
    ...[header, noLink, banner.element, given.element, transcript.element, composer.element],
  );
  const nothing = h(
    'div',
    { class: 'talk-nothing' },
    emptyState(
      'chat',
      'Choose a chat',
      'Take the next customer from the Queue, or go on with one of yours. Press ? for keys.',
    ),
  );
  composer.dropOn(open);
  const element = h('div', { class: 'talk-inner' }, open, nothing);

  /** What an act needs to be told first; `undefined`: the agent thought better of it. */
  const asked = async (act: Button, row: Row, terms: Terms | undefined): Promise<Extras | undefined> => {
    switch (act) {
      case 'suspend':
        return askSuspend(clock, { row, terms });
      case 'editSuspension':
        return askEdit(clock, { row, terms });
      case 'decline':
        return askDecline(calledBy(row));
      case 'transfer':
        return askTransfer(row, talk.directory);
      case 'close':
        return askClose(calledBy(row), terms?.dispositions ?? []);
      case 'record':
        return askOutcome(calledBy(row), terms?.dispositions ?? [], terms?.wrapUp);
      default:
        return {};
    }
  };
  const press = async (act: Button, state: State) => {
    const row = state.open?.row;
    if (row === undefined) return;
    if (act === 'link') {
      if (state.open?.terms?.canLink === true) await talk.giveLink();
      return;
    }
    if (act === 'invite') {
      const wanted = await askConference(row, talk.directory);
      if (wanted !== undefined) await talk.act(wanted.act, { guest: wanted.guest });
      return;
    }
    const extras = await asked(act, row, state.open?.terms);
    if (extras !== undefined && (await talk.act(act, extras))) on.acted(act);
  };

  return {
    element,
    composer,
    focusLog: transcript.focus,
    focusDetails: () => details.focus(),
    copyLink: given.copy,
    render: (state) => {
      const row = state.open?.row;
      const { me } = state;
      setAttributes(open, { hidden: state.open === undefined });
      setAttributes(nothing, { hidden: state.open !== undefined });
      if (state.open === undefined) return;
      const { terms } = state.open;
      const isEarlier = state.open.via !== undefined;
      const mayAct = !isEarlier && row !== undefined && me !== undefined && mayWrite(row, me);
      const whyNot = whyNoLink(terms);
      setText(noLink, whyNot ?? '');
      setText(called, row?.name ?? '\u00a0');
      setAttributes(name, { title: row?.name });
      if (row !== undefined && me !== undefined) {
        const signature = [row.sid, row.status, row.customerBackAt, row.name, row.verified].join(' ');
        if (face.dataset['signature'] !== signature) face.replaceChildren(avatar(row));
        face.dataset['signature'] = signature;
        const guests = guestsText(row);
        // What stands under the name may be cut: who else is in it comes first.
        const about = [guests, row.stream, row.reason, STATUS_WORDS[row.status]].filter(Boolean).join(' · ');
        setText(sub, about);
        setAttributes(sub, { title: about });
        keyed(
          acts,
          isEarlier ? [] : buttonsFor(row, me, clock.now()),
          (act) => act,
          (act) => actButton(act),
          (control, act) => {
            if (!(control instanceof HTMLElement)) return;
            control.onclick = () => void press(act, state);
            const canLink = act !== 'link' || terms?.canLink === true;
            setAttributes(control, { 'aria-disabled': state.busy || !canLink ? 'true' : undefined });
            const title = act === 'link' ? whyNot : act === 'editSuspension' ? 'Reason and time' : undefined;
            setAttributes(control, {
              title,
              'aria-describedby': act === 'link' ? title && noLink.id : undefined,
            });
          },
        );
        const now = clock.now();
        banner.render(
          isEarlier ? earlierBanner(row, now) : bannerOf(row, me, now, backSince(state.open.lines)),
        );
      }
      setAttributes(unverified, { hidden: row === undefined || row.verified });
      setAttributes(preview, { hidden: terms?.preview !== true });
      given.render(mayAct && isTheirs(row, me) ? state.open : undefined, state.busy);
      setAttributes(details, { 'aria-expanded': String(state.detailsOpen) });
      transcript.render(state);
      composer.render(state, mayAct);
    },
  };
}

/** Who else is in it, or was asked in. */
const guestsText = ({ guests = [] }: Row): string =>
  guests.length === 0
    ? ''
    : `with ${guests.map(({ name, joined }) => (joined ? name : `${name} (asked)`)).join(', ')}`;

function actButton(act: Button): HTMLElement {
  const look = act === 'accept' || act === 'resume' ? 'primary' : act === 'close' ? 'danger' : 'outline';
  return button(LABELS[act], undefined, { look });
}
