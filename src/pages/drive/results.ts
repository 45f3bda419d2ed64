import type { Driven, Row, Said } from '../../admin/drive/rows.ts';
import { byId, h } from './element.ts';

/** Shows what a test drive came to. */
export function showDriven(driven: Driven): void {
  byId('faults').hidden = true;
  const { ends, use } = driven;
  byId('summary').textContent =
    `In the end: ${ends}. The agent’s place was at work for ${long(use.ownedMs)}, and kept for a customer who was away for ${long(use.heldMs)}.`;
  byId('rows').replaceChildren(...driven.rows.map(rowOf));
  byId('strip').replaceChildren(...segments(driven.rows));
}

/** Says why nothing can be shown; what was shown last stays. */
export function showFaults(faults: readonly string[]): void {
  const told = byId('faults');
  told.replaceChildren(
    h('p', {}, 'This cannot be driven. Below stands what was driven last.'),
    h('ul', {}, ...faults.map((fault) => h('li', {}, fault))),
  );
  told.hidden = false;
}

const rowOf = ({ at, customer, agent, capacity }: Row): HTMLElement =>
  h(
    'tr',
    // On a narrow page the table is laid out in blocks, and is one all the same.
    { role: 'row' },
    h('th', { scope: 'row', role: 'rowheader' }, `+${long(at)}`),
    h('td', { role: 'cell', 'data-of': 'Customer' }, ...customer.map(said)),
    h('td', { role: 'cell', 'data-of': 'Agent' }, ...agent.map(said)),
    h('td', { role: 'cell', 'data-of': 'Capacity' }, capacity),
  );

const WAITS = 'Waits for them: ';
const said = ({ kind, text }: Said): HTMLElement =>
  h('p', { class: kind, dir: 'auto' }, kind === 'waits' ? `${WAITS}${text}` : text);

/** How the agent's place stood, to scale; what follows the last moment is left out. */
function segments(rows: readonly Row[]): readonly HTMLElement[] {
  return rows.slice(0, -1).map(({ at, place }, i) => {
    const piece = h('span', { class: place });
    piece.style.flexGrow = String(Math.max(1, ((rows[i + 1]?.at ?? at) - at) / 1_000));
    return piece;
  });
}

/** `1 h 5 min`, `2 min 15 s`. */
function long(ms: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(ms / 3_600_000), 'h'],
    [Math.floor(ms / 60_000) % 60, 'min'],
    [Math.floor(ms / 1_000) % 60, 's'],
  ];
  const said = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`]));
  return said.length === 0 ? '0' : said.join(' ');
}
