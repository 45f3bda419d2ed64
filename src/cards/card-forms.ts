// What a button of a card asks before it acts: one form for each, by the names that `card-input` reads.
import type { AgentCardView } from './agent-view.ts';
import {
  choices,
  dateInput,
  escapeForCard,
  textBlock,
  textInput,
  timeInput,
  type Choice,
  type Element,
} from './card.ts';
import { customerCalled, fill, type Wording } from './fill.ts';
import { oneLine } from './names.ts';

export function suspension({ suspendReasons }: AgentCardView, words: Wording): readonly Element[] {
  return suspensionForm('suspend', words, { ...(suspendReasons && { suspendReasons }) });
}

export function suspensionAnew(view: AgentCardView, words: Wording): readonly Element[] {
  const { suspendReasons } = view;
  return suspensionForm('editSuspension', words, {
    ...(suspendReasons && { suspendReasons }),
    ...(view.kind === 'suspended' && { note: view.note }),
  });
}

export function cannedForm({ canned = [] }: AgentCardView, { sentences }: Wording): readonly Element[] {
  const among = canned.map(({ id, title }) => ({ title: oneLine(title, 60), value: id }));
  return [choices('canned.response', sentences['card.canned'], among, among[0]?.value)];
}

export function pageForm(_: AgentCardView, { sentences }: Wording): readonly Element[] {
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

export function closing(view: AgentCardView, words: Wording): readonly Element[] {
  const customer = customerCalled(view.customer.name, words);
  return [
    textBlock(fill(words, 'card.close.what', { customer: escapeForCard(customer) })),
    ...outcome('close', view, words),
  ];
}

export function recording(view: AgentCardView, words: Wording): readonly Element[] {
  return outcome('record', view, words);
}

/** What came of it, as the tab asks: either may be left out, and nothing of it reaches the customer. */
function outcome(
  act: 'close' | 'record',
  { dispositions = [], wrapUp = {} }: AgentCardView,
  { sentences }: Wording,
): readonly Element[] {
  const { disposition, notes } = wrapUp;
  // One that the settings have dropped since stays what it was.
  const known = [...new Set([...dispositions, ...(disposition === undefined ? [] : [disposition])])];
  // A choice needs a value; this one is trimmed away.
  const unsaid: Choice = { title: sentences['outcome.unsaid'], value: ' ' };
  return [
    ...(known.length === 0
      ? []
      : [
          choices(
            `${act}.disposition`,
            sentences['outcome.disposition'],
            [unsaid, ...known],
            disposition ?? unsaid.value,
          ),
        ]),
    textInput(`${act}.notes`, sentences['outcome.notes'], {
      ...{ isMultiline: true, maxLength: 4_000 },
      ...(notes === undefined ? {} : { value: notes }),
    }),
  ];
}

/** As many as a list on a card stays readable with; everybody is found in the tab. */
const MOST = 40;

const agentChoices = ({ others }: AgentCardView, prefix = ''): readonly Choice[] =>
  (others?.agents ?? [])
    .slice(0, MOST)
    .map(({ id, name }) => ({ title: oneLine(name, 60), value: `${prefix}${id}` }));

export function handingOver(view: AgentCardView, words: Wording): readonly Element[] {
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

export function askingIn(view: AgentCardView, words: Wording): readonly Element[] {
  return [choices('invite.guest', words.sentences['invite.guest'], agentChoices(view))];
}

export function sendingOut({ guests = [] }: AgentCardView, { sentences }: Wording): readonly Element[] {
  const among = guests.map(({ id, name }): Choice => ({ title: oneLine(name, 60), value: id }));
  return [choices('removeGuest.guest', sentences['invite.guest'], among, among[0]?.value)];
}
