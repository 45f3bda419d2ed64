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
import { called, fill, momentText, moreText, placeText, type Wording } from './fill.ts';
import { oneLine } from './names.ts';
import { saidRuns } from './said-runs.ts';
import { distanceText, durationText } from './time.ts';
import type { Prompt, PromptAnswer } from './views.ts';
import type { Key } from './wording.en.ts';

/** One of the prompt's buttons: what it says, and the answer it gives. */
export interface PromptButton {
  readonly title: string;
  readonly answer: PromptAnswer;
}

/**
 * Renders the reconnect prompt as an Adaptive Card 1.6 for Web Chat: who and how present the agent is, the last line
 * (where `prompt` carries one), the choices, and what time is left. Its buttons are `Action.Submit`, the only kind Web
 * Chat sends, with data `{ reconnect: PromptAnswer }`.
 *
 * Times of day are written by the customer's own browser, in its zone.
 */
export function promptCard(prompt: Prompt, words: Wording): unknown {
  const spoken = promptText(prompt, words);
  return adaptiveCard('1.6', words, {
    fallbackText: spoken,
    speak: spoken,
    body: [
      ...(prompt.preview === true ? [previewLabel(words)] : []),
      textBlock(greeting(prompt, words, escapeForCard), {
        size: 'Large',
        weight: 'Bolder',
        style: 'heading',
      }),
      withWhom(prompt, words),
      ...lastLine(prompt, words),
      ...small(waiting(prompt, words, escapeForCard), {}),
      ...small(waitForAnyone(prompt, words), {}),
      { type: 'ActionSet', actions: [...promptButtons(prompt, words).map(submit), ...others(prompt, words)] },
      ...small(timeLeft(prompt, words, escapeForCard), { horizontalAlignment: 'Center' }),
      { type: 'ActionSet', spacing: 'Small', actions: [submit(notMe(prompt, words))] },
    ],
  });
}

/**
 * The prompt's ways to go on, in order: back, anyone (only where there was an agent to come back to), fresh. Beside them
 * the card has *Other chats* and *This isn't me*.
 */
export function promptButtons(prompt: Prompt, words: Wording): readonly PromptButton[] {
  const { sid, epoch, nonce } = prompt;
  const choices: readonly (readonly [PromptAnswer['choice'], string])[] = [
    ['agent', backTitle(prompt, words)],
    ...(hasAgent(prompt) ? [['anyone', words.sentences['button.anyone']] as const] : []),
    ['fresh', words.sentences['button.fresh']],
  ];
  return choices.map(([choice, title]) => ({ title, answer: { sid, epoch, nonce, choice } }));
}

/** Each of the other chats by agent, standing and time, the first of them first; nothing of what was said there. */
export function otherButtons({ others, now }: Prompt, words: Wording): readonly PromptButton[] {
  return others.map(({ sid, epoch, nonce, status, agent, at }) => {
    const said = {
      agent: oneLine(agent ?? '', 40),
      status: words.sentences[OTHER_STATUS[status] ?? 'prompt.other.open'],
      when: distanceText(at, now, words.language),
    };
    const title = fill(words, said.agent === '' ? 'prompt.other.alone' : 'prompt.other', said);
    return { title, answer: { sid, epoch, nonce, choice: 'agent' } };
  });
}

const OTHER_STATUS: Partial<Record<Prompt['status'], Key>> = {
  suspended: 'prompt.other.suspended',
  queued: 'prompt.other.queued',
};

/** Somebody else's chat, on a computer that is shared; the last button, for everybody. */
function notMe({ sid, epoch, nonce }: Prompt, words: Wording): PromptButton {
  return { title: words.sentences['button.notMe'], answer: { sid, epoch, nonce, choice: 'notMe' } };
}

/**
 * Says the prompt in plain text: for `speak`, and for channels that show no cards. In Web Chat do not send it as the
 * activity's `text` beside the card: both would show.
 */
export function promptText(prompt: Prompt, words: Wording): string {
  const titles = promptButtons(prompt, words).map(({ title }) => `“${title}”`);
  const choices = new Intl.ListFormat(words.language, { type: 'disjunction' }).format(titles);
  const whom = hasAgent(prompt)
    ? `${words.sentences['prompt.with']} ${nameOf(prompt, words)}.`
    : words.sentences[inLine(prompt) ? 'prompt.line' : 'prompt.bot'];
  const said = [
    prompt.preview === true ? `${words.sentences['card.preview']}.` : '',
    `${greeting(prompt, words, asIs)}.`,
    whom,
    spokenPresence(prompt, words),
    waiting(prompt, words, asIs),
    waitForAnyone(prompt, words),
    timeLeft(prompt, words, asIs),
    fill(words, 'prompt.choose', { choices }),
  ];
  return said.filter((sentence) => sentence !== '').join(' ');
}

type Shown = (text: string) => string;
const asIs: Shown = (text) => text;

/** Who stands in line is not asked to choose the agent who passed. */
const inLine = ({ status, place, agentIs }: Prompt): boolean =>
  status === 'queued' || (place !== undefined && agentIs === 'unknown');
const hasAgent = (prompt: Prompt): boolean => (prompt.agent ?? '') !== '' && !inLine(prompt);
const nameOf = (prompt: Prompt, words: Wording): string => called(prompt.agent, words.sentences.yourAgent);
/** Whether they go straight back: the session still runs, or the agent's slot is kept for them. */
const isHeld = ({ status, agentHeldUntil, now }: Prompt): boolean =>
  status === 'active' || (agentHeldUntil !== undefined && agentHeldUntil > now);
const knownBack = ({ backAt, now }: Prompt): number | undefined =>
  backAt !== undefined && backAt > now ? backAt : undefined;

function backTitle(prompt: Prompt, words: Wording): string {
  if (hasAgent(prompt)) return fill(words, 'button.continue.agent', { agent: nameOf(prompt, words) });
  if (!inLine(prompt)) return words.sentences['button.continue'];
  if (prompt.place === undefined) return words.sentences['button.inLine'];
  return fill(words, 'button.inLine.place', { place: placeText(prompt.place, words) });
}

function greeting(prompt: Prompt, words: Wording, shown: Shown): string {
  const name = oneLine(prompt.name ?? '', 40);
  return name === ''
    ? words.sentences['prompt.greeting']
    : fill(words, 'prompt.greeting.name', { name: shown(name) });
}

function withWhom(prompt: Prompt, words: Wording): Element {
  if (!hasAgent(prompt)) return textBlock(words.sentences[inLine(prompt) ? 'prompt.line' : 'prompt.bot']);
  const agent = nameOf(prompt, words);
  const [initial = ''] = agent;
  const said = [labelRun(`${words.sentences['prompt.with']} `), textRun(agent, 40, { weight: 'Bolder' })];
  return {
    type: 'ColumnSet',
    columns: [
      {
        type: 'Column',
        width: '44px',
        style: 'accent',
        minHeight: '44px',
        verticalContentAlignment: 'Center',
        items: [
          richText(
            [textRun(initial.toLocaleUpperCase(words.language), 4, { weight: 'Bolder', color: 'Accent' })],
            {
              horizontalAlignment: 'Center',
            },
          ),
        ],
      },
      {
        type: 'Column',
        width: 'stretch',
        verticalContentAlignment: 'Center',
        items: [richText(said), ...presence(prompt, words)],
      },
    ],
  };
}

function presence(prompt: Prompt, words: Wording): readonly Element[] {
  const look = { size: 'Small', spacing: 'Small' };
  if (prompt.agentIs === 'here') {
    const here = words.sentences[isHeld(prompt) ? 'prompt.here' : 'prompt.asked'];
    return [textBlock(`● ${here}`, { ...look, color: 'Good' })];
  }
  if (prompt.agentIs === 'busy')
    return [textBlock(`● ${words.sentences['prompt.busy']}`, { ...look, color: 'Good' })];
  if (prompt.agentIs === 'unknown') return [];
  const back = knownBack(prompt);
  const away =
    back === undefined
      ? words.sentences['prompt.away']
      : fill(words, 'prompt.away.backAt', { backAt: momentInCard(back, prompt.now) });
  return [textBlock(`○ ${away}`, { ...look, color: 'Warning' })];
}

function spokenPresence(prompt: Prompt, words: Wording): string {
  if (!hasAgent(prompt) || prompt.agentIs === 'unknown') return '';
  const back = knownBack(prompt);
  const agent = nameOf(prompt, words);
  if (prompt.agentIs === 'here')
    return fill(words, isHeld(prompt) ? 'prompt.here.spoken' : 'prompt.asked.spoken', { agent });
  if (prompt.agentIs === 'busy') return fill(words, 'prompt.busy.spoken', { agent });
  if (back === undefined) return fill(words, 'prompt.away.spoken', { agent });
  return fill(words, 'prompt.away.spoken.backAt', { agent, backAt: momentText(back, words, prompt) });
}

function lastLine({ lastLine, now }: Prompt, words: Wording): readonly Element[] {
  if (lastLine === undefined || lastLine.text.trim() === '') return [];
  const key = lastLine.by === 'customer' ? 'prompt.last.you' : 'prompt.last';
  const said = fill(words, key, { time: momentInCard(lastLine.at, now) });
  return [
    {
      type: 'Container',
      style: 'emphasis',
      items: [
        textBlock(said, { size: 'Small', isSubtle: true }),
        richText(saidRuns(lastLine, 280), { spacing: 'Small' }),
      ],
    },
  ];
}

function waiting(prompt: Prompt, words: Wording, shown: Shown): string {
  if (!hasAgent(prompt) || prompt.agentIs !== 'away') return '';
  const key = knownBack(prompt) === undefined ? 'prompt.wait' : 'prompt.wait.backAt';
  return fill(words, key, { agent: shown(nameOf(prompt, words)) });
}

function timeLeft(prompt: Prompt, words: Wording, shown: Shown): string {
  const { now, agentHeldUntil, returnUntil } = prompt;
  if (inLine(prompt)) return words.sentences['prompt.place'];
  if (agentHeldUntil !== undefined && agentHeldUntil > now && hasAgent(prompt)) {
    const agent = shown(nameOf(prompt, words));
    return fill(words, 'prompt.held', { agent, more: moreText(agentHeldUntil - now, words) });
  }
  if (returnUntil === undefined || returnUntil <= now) return '';
  return fill(words, 'prompt.return', { more: moreText(returnUntil - now, words) });
}

/** The line as it stands, a fact and no guess. */
function waitForAnyone(prompt: Prompt, words: Wording): string {
  const { waiting: line, now } = prompt;
  if (line === undefined || !hasAgent(prompt)) return '';
  return fill(words, line.count === 1 ? 'prompt.waiting.one' : 'prompt.waiting', {
    count: number(line.count, words),
    duration: durationText(now - line.since, words.language),
  });
}

/** Behind one button, so that the chat they most likely mean stays the first to be seen. */
function others(prompt: Prompt, words: Wording): readonly Element[] {
  const buttons = otherButtons(prompt, words);
  if (buttons.length === 0) return [];
  const title = fill(words, 'prompt.others', { count: number(buttons.length, words) });
  const actions = buttons.map((button) => ({ ...submit(button), style: 'default' }));
  return [{ type: 'Action.ShowCard', title, card: { type: 'AdaptiveCard', body: [], actions } }];
}

const number = (count: number, words: Wording): string => new Intl.NumberFormat(words.language).format(count);

const small = (text: string, look: Readonly<Record<string, unknown>>): readonly Element[] =>
  text === '' ? [] : [textBlock(text, { size: 'Small', isSubtle: true, ...look })];

const submit = ({ title, answer }: PromptButton): Element => ({
  type: 'Action.Submit',
  title,
  data: { reconnect: answer },
  ...(answer.choice === 'agent' ? { style: 'positive' } : {}),
});
