import type { PageClock } from '../../clock.ts';
import type { Open, State } from '../state/state.ts';
import { exact, hourMinute, hourMinuteSecond, moment } from '../state/time.ts';
import { mayWrite } from '../state/acts.ts';
import { whyNoLink } from '../state/link.ts';
import { markersOf } from '../state/transcript.ts';
import type { Line, Previous, SessionId, TimelineStep } from '../wire/wire.ts';
import { button, h, setAttributes, setText } from './dom.ts';
import { icon } from './icons.ts';

export interface DetailsView {
  readonly element: HTMLElement;
  readonly render: (state: State) => void;
}

/** The right side: who the customer is, and how the session came to this agent. */
export function detailsView(
  clock: PageClock,
  close: () => void,
  show: (sid: SessionId) => void,
  copyLink: () => void,
): DetailsView {
  const dismiss = button('', close, { look: 'subtle', icon: icon('dismiss'), name: 'Hide details' });
  dismiss.classList.add('details-dismiss');
  const facts = h('dl', { class: 'facts' });
  const history = h('ol', { class: 'timeline' });
  const why = h('section', {}, h('h3', {}, 'Why this agent'), history);
  const before = h('ul', { class: 'previous' });
  const earlierChat = button('Earlier chat', () => follows !== undefined && show(follows));
  const earlier = h('section', {}, h('h3', {}, 'Previous chats'), earlierChat, before);
  const copy = button('Copy reconnect link', () => mayCopy && copyLink());
  const noLink = h('p', { class: 'no-link', id: 'no-link-to-copy' });
  const wayBack = h('section', {}, h('h3', {}, 'Way back'), copy, noLink);
  const element = h(
    'aside',
    { class: 'details', id: 'details', 'aria-label': 'Details', tabindex: 0 },
    dismiss,
    h('section', {}, h('h3', {}, 'Customer'), facts),
    wayBack,
    earlier,
    why,
  );
  let shown = '';
  let follows: SessionId | undefined;
  let mayCopy = false;
  return {
    element,
    render: ({ open, me, busy, detailsOpen }) => {
      const row = open?.via === undefined ? open?.row : undefined;
      setAttributes(wayBack, { hidden: row === undefined || me === undefined || !mayWrite(row, me) });
      mayCopy = !busy && open?.terms?.canLink === true;
      const whyNot = whyNoLink(open?.terms);
      setText(noLink, whyNot ?? '');
      setAttributes(copy, {
        'aria-disabled': mayCopy ? undefined : 'true',
        'aria-describedby': whyNot && noLink.id,
      });
      setAttributes(element, { hidden: open === undefined });
      element.classList.toggle('shown', detailsOpen);
      const markers = markersOf(open?.lines ?? []);
      const { story = [], previous = [] } = open ?? {};
      const signature = JSON.stringify([
        ...[open?.row, open?.customer, markers.length, open?.sid, open?.terms],
        ...[story.length, previous],
      ]);
      if (signature === shown || open === undefined) return;
      shown = signature;
      facts.replaceChildren(...factsOf(open, clock.now()));
      // What an earlier chat went on from is not this agent's to read.
      follows = open.via === undefined ? open.row?.follows : undefined;
      const others = open.via === undefined ? previous : [];
      // It stays when the list has come, which may have it too: nothing is taken away from under the pointer.
      setAttributes(earlierChat, { hidden: follows === undefined });
      setAttributes(earlier, { hidden: follows === undefined && others.length === 0 });
      before.replaceChildren(...others.map((one) => previousChat(one, clock.now(), show)));
      setAttributes(why, { hidden: story.length + markers.length === 0 });
      // Newest first; until the story was read, the notices tell what they can.
      const steps = story.length > 0 ? story.map(storyStep).toReversed() : markers.map(marker);
      history.replaceChildren(...steps);
    },
  };
}

function factsOf({ row, customer, terms }: Open, now: number): readonly Node[] {
  if (row === undefined) return [];
  // The row is told of at once when its customer signs in; what was read of the customer may be older.
  const { verified } = row;
  const badge = h(
    'span',
    { class: verified ? 'badge verified' : 'badge' },
    verified ? 'verified' : 'not verified',
  );
  const facts: (readonly [string, string | Node | undefined])[] = [
    ['Name', h('span', {}, h('bdi', { dir: 'auto' }, row.name), ' ', badge)],
    ['Reason', row.reason],
    ['Stream', row.stream],
    [
      'Widget',
      terms?.preview === true
        ? h('span', {}, h('bdi', {}, row.widget), ' ', h('span', { class: 'badge preview' }, 'Preview'))
        : row.widget,
    ],
    ['Opened', customer && h('time', { title: exact(customer.openedAt) }, moment(customer.openedAt, now))],
    ['Outcome', terms?.wrapUp?.disposition ?? row.disposition],
    ['Notes', terms?.wrapUp?.notes],
    ['Device', customer?.device],
    ['Language', customer?.language && languageName(customer.language)],
  ];
  return facts.flatMap(([term, fact]) =>
    fact === undefined || fact === ''
      ? []
      : [h('dt', {}, term), h('dd', {}, typeof fact === 'string' ? h('bdi', {}, fact) : fact)],
  );
}

function previousChat(
  { sid, reference, endedAt, agent, disposition, mayOpen }: Previous,
  now: number,
  show: (sid: SessionId) => void,
): HTMLElement {
  const about = [moment(endedAt, now), agent, disposition].filter(Boolean).join(' · ');
  const name = mayOpen
    ? button(reference, () => show(sid), { look: 'subtle', name: `Read the chat ${reference}` })
    : h('span', { class: 'reference', title: 'Its customer has not let you read it' }, reference);
  return h('li', {}, name, h('small', { title: exact(endedAt) }, h('bdi', {}, about)));
}

const GOOD: ReadonlySet<string> = new Set(['accepted', 'returned', 'agentBack', 'resumed']);
const WARN: ReadonlySet<string> = new Set(['disconnected', 'holdEnded', 'agentSilent', 'waitedInVain']);

const storyStep = ({ code, text, at }: TimelineStep): HTMLElement =>
  h(
    'li',
    { class: WARN.has(code) ? 'warn' : GOOD.has(code) ? 'good' : code.startsWith('place') ? 'small' : '' },
    h('span', { dir: 'auto' }, text),
    h('time', { title: exact(at), datetime: new Date(at).toISOString() }, hourMinuteSecond(at)),
  );

/** A language by its name; a tag that nobody can name is shown as it is. */
function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function marker(line: Line): HTMLElement {
  const tone =
    line.code === 'customerGone' || line.code === 'holdEnded'
      ? 'warn'
      : line.code === 'joined' || line.code === 'customerBack'
        ? 'good'
        : '';
  return h(
    'li',
    { class: tone },
    h('span', { dir: 'auto' }, line.text),
    h('time', { title: exact(line.at), datetime: new Date(line.at).toISOString() }, hourMinute(line.at)),
  );
}
