import type { AgentCardView } from './agent-view.ts';
import { choices, dateInput, textInput, timeInput, type Choice, type Element } from './card.ts';
import { fill, isKey, type Wording } from './fill.ts';
import { oneLine } from './names.ts';
import type { Key } from './wording.en.ts';

/** Acts which a card's buttons ask for: the desk's, by the same names. */
export type CardAct =
  | 'accept'
  | 'decline'
  | 'message'
  | 'comment'
  | 'canned'
  | 'page'
  | 'link'
  | 'resume'
  | 'suspend'
  | 'editSuspension'
  | 'releaseHold'
  | 'transfer'
  | 'invite'
  | 'join'
  | 'leave'
  | 'close'
  | 'takeBack';
/** The verb of an `Action.Execute`, ours by its prefix. */
export type CardVerb = `reconnect/${CardAct}`;
/** What a button carries; the `Action.Submit` fallback carries its verb here too. */
export interface CardData {
  readonly sid: string;
  readonly epoch: number;
  readonly verb?: CardVerb;
  /** Of what is said from the reply box: the last entry the card knew. Pressed twice it says it once. */
  readonly after?: number;
  /** The customer is given a link in the same act. */
  readonly link?: true;
}

/** How a card's session stands, as far as its buttons care. */
export type Footing =
  'asked' | 'offeredOn' | 'here' | 'held' | 'first' | 'aside' | 'over' | 'invited' | 'guest' | 'wrapUp';

/** One button: where it stands, and what it asks before it acts. */
interface Button {
  readonly act: CardAct;
  readonly on: readonly Footing[];
  readonly style?: 'positive' | 'destructive';
  /** Only where a link can be given, a page shown, something canned said, or somebody, or some queue, chosen. */
  readonly needs?: 'link' | 'pages' | 'canned' | 'colleague' | 'destination';
  /**
   * `reply`: it takes what stands in the reply box, and stands below it. A function: a form that opens under the
   * buttons; an input's id is `<act>.<field>`, for ids are the whole card's, and the desk is given `<field>`.
   */
  readonly asks?: 'reply' | ((view: AgentCardView, words: Wording) => readonly Element[]);
  /** A second button of that form. */
  readonly also?: 'andLink';
}

const THEIRS = ['here', 'held', 'first', 'aside'] as const;

/** Every button of a card, in the order they stand. One more verb is one more line. */
export const BUTTONS: readonly Button[] = [
  { act: 'accept', on: ['asked', 'offeredOn'], style: 'positive' },
  { act: 'decline', on: ['asked'] },
  { act: 'resume', on: ['aside'], style: 'positive' },
  { act: 'join', on: ['invited'], style: 'positive' },
  { act: 'message', on: [...THEIRS, 'guest'], asks: 'reply' },
  { act: 'comment', on: [...THEIRS, 'guest'], asks: 'reply' },
  { act: 'link', on: THEIRS, needs: 'link' },
  { act: 'suspend', on: ['here', 'held', 'first'], asks: suspension, also: 'andLink' },
  { act: 'editSuspension', on: ['aside'], asks: suspensionAnew },
  { act: 'releaseHold', on: ['held', 'wrapUp'] },
  { act: 'close', on: THEIRS, style: 'destructive' },
  { act: 'canned', on: THEIRS, needs: 'canned', asks: cannedForm },
  { act: 'page', on: THEIRS, needs: 'pages', asks: pageForm },
  { act: 'transfer', on: THEIRS, needs: 'destination', asks: handingOver },
  { act: 'invite', on: THEIRS, needs: 'colleague', asks: askingIn },
  { act: 'leave', on: ['invited', 'guest'] },
  { act: 'takeBack', on: ['over', 'wrapUp'] },
];

/** As many buttons as Teams shows in a row; what is over stands behind its "…". */
const SHOWN = 6;

/** The reply box with its buttons, and the row of buttons below the card. */
export function buttonsOf(
  view: AgentCardView,
  words: Wording,
): { readonly reply: readonly Element[]; readonly actions: readonly Element[] } {
  const footing = footingOf(view);
  const stand = BUTTONS.filter(
    ({ on, needs }) =>
      footing !== undefined && on.includes(footing) && (needs === undefined || has(view, needs)),
  );
  const row = stand.filter(({ asks }) => asks !== 'reply').map((button) => ofRow(button, view, words));
  const open = openButton(view, words);
  const room = SHOWN - open.length;
  const overflowing = row.length > room;
  return {
    reply: replyBox(
      stand.filter(({ asks }) => asks === 'reply'),
      view,
      words,
    ),
    actions: [
      ...row.slice(0, room),
      ...open,
      ...(overflowing ? row.slice(room).map((one): Element => ({ ...one, mode: 'secondary' })) : []),
    ],
  };
}

function footingOf(view: AgentCardView): Footing | undefined {
  switch (view.kind) {
    case 'request':
      return view.from === undefined ? 'asked' : 'offeredOn';
    case 'offered':
      return 'asked';
    case 'active':
    case 'back':
      return 'here';
    case 'gone':
      if (view.keeps === 'slot') return 'held';
      return view.keeps === 'first' ? 'first' : undefined;
    case 'suspended':
      return 'aside';
    case 'guest':
      return view.joined ? 'guest' : 'invited';
    case 'ended':
      if (view.heldUntil !== undefined) return 'wrapUp';
      return view.takeBackUntil === undefined ? undefined : 'over';
    case 'taken':
    case 'asked':
    case 'passed':
    case 'withdrawn':
      return undefined;
  }
}

function has(
  { canLink, canShowPages, canned = [], others }: AgentCardView,
  needs: NonNullable<Button['needs']>,
): boolean {
  switch (needs) {
    case 'link':
      return canLink === true;
    case 'pages':
      return canShowPages === true;
    case 'canned':
      return canned.length > 0;
    case 'colleague':
      return (others?.agents ?? []).length > 0;
    case 'destination':
      return [...(others?.agents ?? []), ...(others?.streams ?? [])].length > 0;
  }
}

/** Said from here it reaches this customer and nobody else: the box is the session's own. */
function replyBox(buttons: readonly Button[], view: AgentCardView, words: Wording): readonly Element[] {
  if (buttons.length === 0) return [];
  const { draft, shows } = view;
  const after = shows === undefined ? {} : { after: shows };
  return [
    textInput('text', words.sentences[view.kind === 'suspended' ? 'card.reply.resumes' : 'card.reply'], {
      isMultiline: true,
      maxLength: REPLY_MAX,
      separator: true,
      ...(draft === undefined ? {} : { value: draft }),
    }),
    {
      type: 'ActionSet',
      spacing: 'Small',
      actions: buttons.map(({ act, style }) =>
        execute(view, { act, title: words.sentences[`act.${act}`], style, data: after, inputs: true }),
      ),
    },
  ];
}

/** As much as a message of the desk may hold. */
const REPLY_MAX = 8_000;

function ofRow(button: Button, view: AgentCardView, words: Wording): Element {
  const { act, style, asks, also } = button;
  const title = words.sentences[`act.${act}`];
  if (asks === undefined || asks === 'reply') return execute(view, { act, title, style });
  const actions = [
    execute(view, { act, title: words.sentences[doing(act, words)], style: 'positive', inputs: true }),
    ...(also !== undefined && view.canLink === true
      ? [
          execute(view, {
            act,
            title: words.sentences['act.suspendAndLink'],
            data: { link: true },
            inputs: true,
          }),
        ]
      : []),
  ];
  return {
    type: 'Action.ShowCard',
    title,
    card: { type: 'AdaptiveCard', body: asks(view, words), actions },
  };
}

/** What the button of a form says: its own word, or that the form is filled in. */
function doing(act: CardAct, words: Wording): Key {
  const own = `act.${act}.do`;
  return isKey(words, own) ? own : 'act.done';
}

function suspension({ suspendReasons }: AgentCardView, words: Wording): readonly Element[] {
  return suspensionForm('suspend', words, { ...(suspendReasons && { suspendReasons }) });
}

function suspensionAnew(view: AgentCardView, words: Wording): readonly Element[] {
  const { suspendReasons } = view;
  return suspensionForm('editSuspension', words, {
    ...(suspendReasons && { suspendReasons }),
    ...(view.kind === 'suspended' && { note: view.note }),
  });
}

function cannedForm({ canned = [] }: AgentCardView, { sentences }: Wording): readonly Element[] {
  const among = canned.map(({ id, title }) => ({ title: oneLine(title, 60), value: id }));
  return [choices('canned.response', sentences['card.canned'], among, among[0]?.value)];
}

function pageForm(_: AgentCardView, { sentences }: Wording): readonly Element[] {
  return [
    textInput('page.url', sentences['card.page.url'], {
      placeholder: 'https://',
      maxLength: 2_000,
      style: 'Url',
    }),
    textInput('page.title', sentences['card.page.title'], { maxLength: 100 }),
  ];
}

function suspensionForm(
  act: 'suspend' | 'editSuspension',
  words: Wording,
  {
    note,
    suspendReasons: given = [],
  }: Pick<AgentCardView, 'suspendReasons'> & { readonly note?: string | undefined },
): readonly Element[] {
  const { sentences } = words;
  const chosen = act === 'suspend' ? given[0] : given.find((reason) => reason === note);
  const other = note === undefined || given.includes(note) ? undefined : note;
  return [
    ...(given.length > 0 ? [choices(`${act}.reason`, sentences['suspend.reason'], given, chosen)] : []),
    textInput(`${act}.other`, sentences['suspend.other'], {
      maxLength: 120,
      ...(other === undefined ? {} : { value: other }),
    }),
    dateInput(`${act}.day`, sentences['suspend.day']),
    timeInput(`${act}.time`, sentences['suspend.time']),
  ];
}

/** As many as a list on a card stays readable with; everybody is found in the tab. */
const MOST = 40;

const agentChoices = ({ others }: AgentCardView, prefix = ''): readonly Choice[] =>
  (others?.agents ?? [])
    .slice(0, MOST)
    .map(({ id, name }) => ({ title: oneLine(name, 60), value: `${prefix}${id}` }));

function handingOver(view: AgentCardView, words: Wording): readonly Element[] {
  const queues = (view.others?.streams ?? []).map((stream): Choice => ({
    title: fill(words, 'transfer.queue', { queue: oneLine(stream, 60) }),
    value: `queue:${stream}`,
  }));
  const { sentences } = words;
  return [
    choices('transfer.to', sentences['transfer.to'], [...agentChoices(view, 'agent:'), ...queues]),
    textInput('transfer.note', sentences['transfer.note'], { isMultiline: true, maxLength: 1_000 }),
  ];
}

function askingIn(view: AgentCardView, words: Wording): readonly Element[] {
  return [choices('invite.guest', words.sentences['invite.guest'], agentChoices(view))];
}

function execute(
  { sid, epoch }: AgentCardView,
  button: {
    readonly act: CardAct;
    readonly title: string;
    readonly style?: Button['style'];
    readonly data?: Pick<CardData, 'after' | 'link'>;
    /** Whether what is filled in travels with it. */
    readonly inputs?: true;
  },
): Element {
  const verb: CardVerb = `reconnect/${button.act}`;
  const data: CardData = { sid, epoch, ...button.data };
  const look = {
    title: button.title,
    ...(button.style === undefined ? {} : { style: button.style }),
    ...(button.inputs === true ? {} : { associatedInputs: 'none' }),
  };
  return {
    type: 'Action.Execute',
    ...look,
    verb,
    data,
    fallback: { type: 'Action.Submit', ...look, data: { ...data, verb } },
  };
}

const openButton = ({ openUrl }: AgentCardView, words: Wording): readonly Element[] =>
  openUrl === undefined
    ? []
    : [{ type: 'Action.OpenUrl', title: words.sentences['card.open'], url: openUrl }];
