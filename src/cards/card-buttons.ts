import type { AgentCardView } from './agent-view.ts';
import { textInput, type Element } from './card.ts';
import {
  askingIn,
  cannedForm,
  closing,
  handingOver,
  pageForm,
  recording,
  sendingOut,
  suspension,
  suspensionAnew,
} from './card-forms.ts';
import { isKey, type Wording } from './fill.ts';
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
  | 'removeGuest'
  | 'revokeLinks'
  | 'close'
  | 'record'
  | 'takeBack'
  /** Not the desk's: it changes nothing, and tells how the session came to where it is. */
  | 'why';
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
  /** Only where a link can be given, or was, a page shown, something canned said, or somebody, or some queue, chosen. */
  readonly needs?: 'link' | 'linkSent' | 'pages' | 'canned' | 'colleague' | 'guest' | 'destination';
  /**
   * `reply`: it takes what stands in the reply box, and stands below it. A function: a form that opens under the
   * buttons; an input's id is `<act>.<field>`, for ids are the whole card's, and the desk is given `<field>`.
   */
  readonly asks?: 'reply' | ((view: AgentCardView, words: Wording) => readonly Element[]);
  /** A second button of that form. */
  readonly also?: 'andLink';
  /** What stands in the reply box comes along, and stands there again. */
  readonly keepsDraft?: true;
  /** Always behind the "…". */
  readonly isAside?: true;
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
  { act: 'close', on: THEIRS, style: 'destructive', asks: closing },
  { act: 'canned', on: THEIRS, needs: 'canned', asks: cannedForm },
  { act: 'page', on: THEIRS, needs: 'pages', asks: pageForm },
  { act: 'transfer', on: THEIRS, needs: 'destination', asks: handingOver },
  { act: 'invite', on: THEIRS, needs: 'colleague', asks: askingIn },
  { act: 'removeGuest', on: THEIRS, needs: 'guest', asks: sendingOut },
  { act: 'revokeLinks', on: THEIRS, needs: 'linkSent', keepsDraft: true, isAside: true },
  { act: 'leave', on: ['invited', 'guest'] },
  { act: 'takeBack', on: ['over', 'wrapUp'] },
  { act: 'record', on: ['over', 'wrapUp'], asks: recording },
  { act: 'why', on: [...THEIRS, 'guest', 'over', 'wrapUp'], keepsDraft: true, isAside: true },
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
  const below = stand.filter(({ asks }) => asks !== 'reply');
  const drawn = (buttons: readonly Button[]) => buttons.map((button) => ofRow(button, view, words));
  const row = drawn(below.filter(({ isAside }) => isAside !== true));
  const aside = drawn(below.filter(({ isAside }) => isAside === true));
  const open = openButton(view, words);
  const room = SHOWN - open.length;
  return {
    reply: replyBox(
      stand.filter(({ asks }) => asks === 'reply'),
      view,
      words,
    ),
    actions: [
      ...row.slice(0, room),
      ...open,
      ...[...row.slice(room), ...aside].map((one): Element => ({ ...one, mode: 'secondary' })),
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
  { canLink, linkSent, canShowPages, canned = [], others, guests = [] }: AgentCardView,
  needs: NonNullable<Button['needs']>,
): boolean {
  switch (needs) {
    case 'link':
      return canLink === true;
    case 'linkSent':
      return linkSent !== undefined;
    case 'guest':
      return guests.length > 0;
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
  const { act, style, asks, also, keepsDraft: inputs } = button;
  const title = words.sentences[`act.${act}`];
  if (asks === undefined || asks === 'reply') return execute(view, { act, title, style, inputs });
  const actions = [
    execute(view, {
      ...{ act, title: words.sentences[doing(act, words)], inputs: true },
      style: style ?? 'positive',
    }),
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
    ...(style === undefined ? {} : { style }),
    card: { type: 'AdaptiveCard', body: asks(view, words), actions },
  };
}

/** What the button of a form says: its own word, or that the form is filled in. */
function doing(act: CardAct, words: Wording): Key {
  const own = `act.${act}.do`;
  return isKey(words, own) ? own : 'act.done';
}

function execute(
  { sid, epoch }: AgentCardView,
  button: {
    readonly act: CardAct;
    readonly title: string;
    readonly style?: Button['style'] | undefined;
    readonly data?: Pick<CardData, 'after' | 'link'>;
    /** Whether what is filled in travels with it. */
    readonly inputs?: true | undefined;
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
