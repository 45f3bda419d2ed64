import type { PageClock } from '../../clock.ts';
import type { State } from '../state/state.ts';
import { exact, hourMinute, moment } from '../state/time.ts';
import { markersOf } from '../state/transcript.ts';
import type { Customer, Line, Row, SessionId } from '../wire/wire.ts';
import { button, h, setAttributes } from './dom.ts';
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
): DetailsView {
  const dismiss = button('', close, { look: 'subtle', icon: icon('dismiss'), name: 'Hide details' });
  dismiss.classList.add('details-dismiss');
  const facts = h('dl', { class: 'facts' });
  const history = h('ol', { class: 'timeline' });
  const why = h('section', {}, h('h3', {}, 'Why this agent'), history);
  const earlier = h(
    'section',
    {},
    h('h3', {}, 'Earlier'),
    button('Chat that was taken back', () => follows !== undefined && show(follows)),
  );
  const element = h(
    'aside',
    { class: 'details', id: 'details', 'aria-label': 'Details', tabindex: 0 },
    dismiss,
    h('section', {}, h('h3', {}, 'Customer'), facts),
    earlier,
    why,
  );
  let shown = '';
  let follows: SessionId | undefined;
  return {
    element,
    render: ({ open, detailsOpen }) => {
      setAttributes(element, { hidden: open === undefined });
      element.classList.toggle('shown', detailsOpen);
      const markers = markersOf(open?.lines ?? []);
      const signature = JSON.stringify([open?.row, open?.customer, markers.length, open?.sid]);
      if (signature === shown || open === undefined) return;
      shown = signature;
      facts.replaceChildren(...factsOf(open.row, open.customer, clock.now()));
      follows = open.row?.follows;
      setAttributes(earlier, { hidden: follows === undefined });
      setAttributes(why, { hidden: markers.length === 0 });
      history.replaceChildren(...markers.map(marker));
    },
  };
}

function factsOf(row: Row | undefined, customer: Customer | undefined, now: number): readonly Node[] {
  if (row === undefined) return [];
  const verified = customer?.verified ?? row.verified;
  const badge = h(
    'span',
    { class: verified ? 'badge verified' : 'badge' },
    verified ? 'verified' : 'not verified',
  );
  const facts: (readonly [string, string | Node | undefined])[] = [
    ['Name', h('span', {}, h('bdi', { dir: 'auto' }, customer?.name ?? row.name), ' ', badge)],
    ['Reason', row.reason],
    ['Stream', row.stream],
    ['Widget', row.widget],
    ['Opened', customer && h('time', { title: exact(customer.openedAt) }, moment(customer.openedAt, now))],
    ['Device', customer?.device],
    ['Language', customer?.language],
  ];
  return facts.flatMap(([term, fact]) =>
    fact === undefined || fact === ''
      ? []
      : [h('dt', {}, term), h('dd', {}, typeof fact === 'string' ? h('bdi', {}, fact) : fact)],
  );
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
