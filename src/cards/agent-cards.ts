import type { AgentCardView } from './agent-view.ts';
import { buttonsOf } from './card-buttons.ts';
import {
  adaptiveCard,
  escapeForCard,
  labelRun,
  momentInCard,
  previewLabel,
  richText,
  textBlock,
  textRun,
  type Element,
} from './card.ts';
import { called, customerCalled, fill, type Wording } from './fill.ts';
import { saidRuns } from './said-runs.ts';
import { durationText } from './time.ts';

/**
 * Renders an agent's card of one session as an Adaptive Card 1.5 for Teams. Buttons are `Action.Execute` with a
 * `CardVerb` and `CardData`, falling back to `Action.Submit` where a client knows no Execute. Foreign text is inert and
 * cut, so the card stays far below the 28 KB that Teams accepts.
 */
export function agentCard(view: AgentCardView, words: Wording): unknown {
  const { reply, actions } = buttonsOf(view, words);
  const body = [
    ...answered(view),
    ...(view.preview === true ? [previewLabel(words)] : []),
    textBlock(title(view, words, escapeForCard), { size: 'Medium', weight: 'Bolder', style: 'heading' }),
    textBlock(words.sentences[view.customer.verified ? 'card.verified' : 'card.notVerified'], {
      size: 'Small',
      isSubtle: true,
      spacing: 'None',
    }),
    ...labelled('card.reason', view.reason, words),
    ...details(view, words),
    ...linkSent(view, words),
    ...story(view, words),
    ...lastLine(view, words),
    ...reply,
  ];
  const fallbackText = agentCardSummary(view, words);
  return adaptiveCard('1.5', words, { body, ...(actions.length === 0 ? {} : { actions }), fallbackText });
}

/** Says the card in one line, for notifications and lists: never what the customer wrote. */
export const agentCardSummary = (view: AgentCardView, words: Wording): string =>
  title(view, words, (text) => text);

function title(view: AgentCardView, words: Wording, shown: (text: string) => string): string {
  const by = 'by' in view ? view.by : undefined;
  return fill(words, titleKey(view), {
    customer: shown(customerCalled(view.customer.name, words)),
    agent: shown(called(by, words.sentences.someone)),
  });
}

function titleKey(view: AgentCardView) {
  if (view.kind === 'suspended' && view.customerBackAt !== undefined) return 'card.suspended.customerBackAt';
  if (view.kind === 'request' && view.messageUntil !== undefined) return 'card.request.message';
  if (view.kind === 'offered' && view.by !== undefined) return 'card.offered.by';
  if (view.kind === 'guest' && view.joined) return 'card.guest.joined';
  return `card.${view.kind}` as const;
}

/** What came of the press that this card answers, above everything else. */
const answered = ({ said }: AgentCardView): readonly Element[] =>
  said === undefined
    ? []
    : [
        {
          type: 'Container',
          style: 'warning',
          bleed: true,
          items: [richText([textRun(said, 400)])],
        },
      ];

function details(view: AgentCardView, words: Wording): readonly Element[] {
  const moment = (key: MomentKey, at: number | undefined) =>
    at === undefined
      ? []
      : [textBlock(fill(words, key, { time: momentInCard(at, view.now) }), { spacing: 'Small' })];
  const sentence = (key: SentenceKey) => [textBlock(words.sentences[key], { spacing: 'Small' })];
  switch (view.kind) {
    case 'request':
      return [
        ...(view.from === undefined
          ? []
          : [textBlock(fill(words, 'card.from', { agent: called(view.from, words.sentences.someone) }))]),
        ...(view.yours === true ? sentence('card.yours') : []),
        ...moment('card.since', view.queuedAt),
        ...moment('card.messageUntil', view.messageUntil),
      ];
    case 'active':
      return [
        ...moment('card.owedSince', view.owedSince),
        ...(view.silent === undefined ? [] : sentence(`card.silent.${view.silent}`)),
      ];
    case 'offered':
      return [
        ...labelled('card.handedNote', view.note, words),
        ...moment('card.answerBy', view.offeredUntil),
      ];
    case 'back':
      if (view.awayMs === undefined) return [];
      return [
        textBlock(fill(words, 'card.awayFor', { duration: durationText(view.awayMs, words.language) })),
      ];
    case 'gone':
      return [
        ...sentence(`card.cause.${view.cause}`),
        ...(view.keeps === 'slot' ? moment('card.heldUntil', view.heldUntil) : []),
        ...(view.keeps === 'first' ? sentence('card.askedFirst') : []),
        ...(view.keeps === 'line' ? sentence('card.placeKept') : []),
        ...moment('card.returnUntil', view.returnUntil),
      ];
    case 'suspended':
      return [
        ...labelled('card.note', view.note, words),
        ...moment('card.backBy', view.backBy),
        ...moment('card.keptUntil', view.suspendedUntil),
      ];
    case 'ended':
      return [
        ...moment('card.endedAt', view.endedAt),
        ...moment('card.takeBackUntil', view.takeBackUntil),
        ...moment('card.heldUntil', view.heldUntil),
      ];
    case 'taken':
    case 'asked':
    case 'passed':
    case 'withdrawn':
    case 'guest':
      return [];
  }
}

type MomentKey =
  `card.${'since' | 'owedSince' | 'messageUntil' | 'answerBy' | 'heldUntil' | 'returnUntil' | 'backBy' | 'keptUntil' | 'endedAt' | 'takeBackUntil'}`;
type SentenceKey =
  | 'card.yours'
  | `card.silent.${'told' | 'offeredOn'}`
  | 'card.askedFirst'
  | 'card.placeKept'
  | `card.cause.${'closedWindow' | 'silent' | 'phone' | 'leftMessage'}`;

/** That a link was given, and how long it works, while it does: never the link, which is the customer's alone. */
function linkSent(view: AgentCardView, words: Wording): readonly Element[] {
  const { kind, linkSent: sent, now } = view;
  if (sent === undefined || (kind !== 'active' && kind !== 'back' && kind !== 'gone' && kind !== 'suspended'))
    return [];
  const text =
    'until' in sent
      ? fill(words, 'card.linkSent.until', { time: momentInCard(sent.until, now) })
      : fill(words, 'card.linkSent.lasts', { duration: durationText(sent.lastsMs, words.language) });
  return [textBlock(text, { spacing: 'Small' })];
}

/** More of them would push the buttons out of sight; all of them are in the inbox. */
const STEPS = 12;

/** How the session came to where it is, newest first, on the card that answers the question. */
function story({ story: steps, now }: AgentCardView, words: Wording): readonly Element[] {
  if (steps === undefined) return [];
  const { sentences } = words;
  const told = steps.toReversed().slice(0, STEPS);
  return [
    textBlock(sentences['act.why'], { weight: 'Bolder', separator: true }),
    ...told.map(({ at, text }) =>
      textBlock(`${momentInCard(at, now)} · ${escapeForCard(text, 300)}`, {
        size: 'Small',
        spacing: 'Small',
      }),
    ),
    ...(steps.length > STEPS
      ? [textBlock(sentences['card.story.more'], { size: 'Small', isSubtle: true, spacing: 'Small' })]
      : []),
  ];
}

const labelled = (
  label: 'card.reason' | 'card.note' | 'card.handedNote',
  text: string | undefined,
  words: Wording,
): readonly Element[] =>
  text === undefined || text.trim() === ''
    ? []
    : [
        richText([labelRun(`${words.sentences[label]} `, { weight: 'Bolder' }), textRun(text, 280)], {
          spacing: 'Small',
        }),
      ];

function lastLine({ lastLine, now }: AgentCardView, words: Wording): readonly Element[] {
  if (lastLine === undefined || lastLine.text.trim() === '') return [];
  const who = `${words.sentences[`card.lastBy.${lastLine.by}`]} · ${momentInCard(lastLine.at, now)}`;
  return [
    {
      type: 'Container',
      style: 'emphasis',
      items: [
        textBlock(who, { size: 'Small', isSubtle: true }),
        richText(saidRuns(lastLine, 280), { spacing: 'Small' }),
      ],
    },
  ];
}
