import type { PageClock } from '../../clock.ts';
import { calledBy, causeText } from '../state/banner.ts';
import { dayName, elapsed, exact, hourMinute, hourMinuteSecond } from '../state/time.ts';
import type { Talk } from '../state/talk.ts';
import { flappingOf, type Item, type Pending } from '../state/transcript.ts';
import type { Line, Row } from '../wire/wire.ts';
import { attachmentView } from './attachment.ts';
import { button, h } from './dom.ts';
import { icon } from './icons.ts';
import { linked } from './linked.ts';
import { markdown } from './markdown.ts';

export interface ItemContext {
  readonly clock: PageClock;
  readonly talk: Talk;
  readonly row: Row | undefined;
  /** Brings the line of that number into sight. */
  readonly show: (seq: number) => void;
  /** Whether this agent can give this customer a code now. */
  readonly mayGiveCode: boolean;
}

/** What one item of the transcript looks like; `kind` is its class. */
export function itemElement(
  item: Item,
  context: ItemContext,
): { readonly kind: string; readonly element: readonly Node[] } {
  switch (item.type) {
    case 'day':
      return { kind: 'day', element: [h('span', {}, dayName(item.at, context.clock.now()))] };
    case 'bot':
      return { kind: 'bot-part', element: [botPart(item.lines, context)] };
    case 'notice':
      return {
        kind: `notice ${toneOf(item.line)}`,
        element: [h('span', {}, item.line.text, ' ', time(item.line.at), ...offers(item.line, context))],
      };
    case 'digest':
      return { kind: 'notice digest', element: [h('span', {}, item.text)] };
    case 'flapping': {
      const { is } = flappingOf(item.lines);
      return {
        kind: `notice flapping ${is === 'here' ? 'good' : 'warn'}`,
        element: [flapping(item.lines, context)],
      };
    }
    case 'comment': {
      const who = h(
        'div',
        { class: 'who' },
        icon('note'),
        `Comment · ${item.mine ? 'You' : (item.line.name ?? '')} · `,
      );
      who.append(time(item.line.at), ' · only your team sees this');
      return { kind: 'comment', element: [who, body(item.line.text)] };
    }
    case 'said': {
      const side = item.line.side === 'customer' ? 'theirs' : item.line.side === 'bot' ? 'bots' : 'ours';
      return {
        kind: `said ${side}${item.follows ? ' follows' : ''}`,
        element: [bubble(item.line, item.mine, context)],
      };
    }
    case 'pending':
      return {
        kind: `said ours pending ${item.pending.kind}`,
        element: pendingBubble(item.pending, context.talk),
      };
  }
}

function bubble(line: Line, mine: boolean, context: ItemContext): HTMLElement {
  return h(
    'div',
    { class: 'bubble' },
    h('div', { class: 'who' }, h('bdi', {}, speaker(line, mine, context)), ' · ', time(line.at), mark()),
    line.text !== '' && (line.format === 'markdown' ? formatted(line.text) : body(line.text)),
    ...(line.attachments ?? []).map((one) => attachmentView(one, context.talk)),
  );
}

// Filled in and changed in place: what became of a line is not read out with all of the line again.
const mark = () => h('span', { class: 'mark', 'aria-live': 'off' });

function pendingBubble(pending: Pending, talk: Talk): readonly Node[] {
  const how = pending.failed ? 'not sent' : 'sending…';
  const what = pending.kind === 'comment' ? 'Comment · ' : 'You · ';
  const face = h('div', { class: 'bubble' }, h('div', { class: 'who' }, what, how), said(pending));
  if (!pending.failed) return [face];
  const retry = button('Retry', () => talk.retry(), { look: 'subtle' });
  const discard = button('Discard', () => talk.discard(pending.id), { look: 'subtle' });
  const kept = pending.kind === 'file' ? 'The file is kept here.' : 'Your words are kept here.';
  const why = h('span', {}, `No connection. ${kept}`);
  return [face, h('div', { class: 'failed', role: 'group', 'aria-label': 'Not sent' }, why, retry, discard)];
}

function botPart(lines: readonly Line[], context: ItemContext): HTMLElement {
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  const about = context.row?.reason === undefined ? '' : ` · ${context.row.reason}`;
  const inner = lines.map((line) =>
    h(
      'div',
      { class: `item said ${line.side === 'customer' ? 'theirs' : 'bots'}` },
      bubble(line, false, context),
    ),
  );
  return h(
    'details',
    {},
    h('summary', {}, `With the bot, ${count}`, h('bdi', {}, about)),
    h('div', { class: 'bot-lines' }, ...inner),
  );
}

// One line for however often it was; every single time is a press away, and in the details.
function flapping(lines: readonly Line[], { row }: ItemContext): HTMLElement {
  const { is, times, cause, at, awayMs = 0, device } = flappingOf(lines);
  const name = row === undefined ? 'The customer' : calledBy(row);
  const why = causeText(cause);
  // Whoever was gone for less than a minute was hardly missed.
  const long = times > 1 || awayMs < 60_000 ? '' : ` for ${elapsed(awayMs)}`;
  const often = times > 1 ? `gone ${times} times` : is === 'here' ? 'was gone' : '';
  const now = device === undefined ? '' : `now on a ${device}`;
  const parts = [often + long, why, now, is === 'released' ? 'the place is free again' : ''].filter(Boolean);
  const said = [`${name} is ${is === 'here' ? 'back' : 'gone'}`, ...parts].join(' · ');
  const title = lines
    .map((line) => `${hourMinuteSecond(line.at)} ${STEPS[line.code ?? ''] ?? ''}`)
    .join('\n');
  return h(
    'details',
    {},
    h('summary', { title }, said, ' ', time(at)),
    h(
      'ol',
      { class: 'times' },
      ...lines.map((line) =>
        h('li', {}, h('time', { datetime: new Date(line.at).toISOString() }, exact(line.at)), ' ', line.text),
      ),
    ),
  );
}

const STEPS: Readonly<Record<string, string>> = {
  customerGone: 'gone',
  customerBack: 'back',
  holdEnded: 'place free',
};

// A link that was tried elsewhere may have been its customer: a code lets them in.
function offers({ code, unseen = [] }: Line, context: ItemContext): readonly (Node | string)[] {
  const { talk, mayGiveCode } = context;
  const [first] = unseen;
  if (first !== undefined)
    return [
      ' ',
      button('Show', () => context.show(first), { look: 'subtle', name: 'Show what was not seen' }),
    ];
  if (code !== 'linkReused' || !mayGiveCode) return [];
  return [' ', button('Give a code', () => void talk.freshLink(), { look: 'subtle' })];
}

function speaker(line: Line, mine: boolean, { row }: ItemContext): string {
  if (mine) return 'You';
  if (line.side === 'bot') return 'Bot';
  if (line.side === 'agent') return line.name ?? 'Agent';
  return line.name ?? (row === undefined ? 'Customer' : calledBy(row));
}

const time = (at: number) =>
  h('time', { datetime: new Date(at).toISOString(), title: exact(at) }, hourMinute(at));

const said = ({ kind, text }: Pending) => {
  if (kind === 'file') return h('div', { class: 'attachment' }, icon('attach'), h('bdi', {}, text));
  return kind === 'comment' ? body(text) : formatted(text);
};

const formatted = (text: string) => h('div', { class: 'text markdown' }, ...markdown(text));

const body = (text: string) => h('div', { class: 'text', dir: 'auto' }, ...linked(text));

function toneOf({ code }: Line): 'warn' | 'good' | 'plain' {
  if (
    code === 'endedUnseen' ||
    code === 'customerGone' ||
    code === 'holdEnded' ||
    code === 'endsSoon' ||
    code === 'linkReused'
  )
    return 'warn';
  return code === 'customerBack' || code === 'joined' || code === 'resumed' ? 'good' : 'plain';
}
