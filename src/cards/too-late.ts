import { adaptiveCard, escapeForCard, momentInCard, textBlock, type Element } from './card.ts';
import { fill, type Wording } from './fill.ts';
import { distanceText } from './time.ts';
import type { Ended, Shareable } from './views.ts';

/**
 * Renders what a customer is told who comes back too late, as an Adaptive Card 1.6 for Web Chat: when and why their chat
 * ended, its reference, and the two ways on. Its buttons submit `{ reconnect: { share: ShareAnswer } }`.
 */
export function tooLateCard(ended: Ended, words: Wording, now: number): unknown {
  const spoken = tooLateText(ended, words, now);
  return adaptiveCard('1.6', words, {
    fallbackText: spoken,
    speak: spoken,
    body: [
      textBlock(said(ended, words, escapeForCard, momentInCard(ended.at, now)), { weight: 'Bolder' }),
      textBlock(fill(words, 'over.reference', { reference: ended.reference }), {
        isSubtle: true,
        spacing: 'Small',
      }),
    ],
    actions: [
      ...shareButtons({ earlier: ended.sid, nonce: ended.nonce }, 'button.new.history', 'button.new', words),
      ...(ended.redirect === undefined
        ? []
        : [{ type: 'Action.OpenUrl', title: words.sentences['over.redirect'], url: ended.redirect }]),
    ],
  });
}

/** The same in plain text. */
export function tooLateText(ended: Ended, words: Wording, now: number): string {
  const when = distanceText(ended.at, now, words.language);
  const reference = fill(words, 'over.reference', { reference: ended.reference });
  return `${said(ended, words, (text) => text, when, '.spoken')} ${reference}`;
}

/** Asks whoever started fresh whether the new agent may see what they left; *No* is what happens anyway. */
export function shareCard(share: Shareable, words: Wording): unknown {
  const ask = words.sentences['share.ask'];
  return adaptiveCard('1.6', words, {
    fallbackText: ask,
    speak: ask,
    body: [textBlock(ask)],
    actions: shareButtons(share, 'share.yes', 'share.no', words),
  });
}

/** Says that we cannot tell whether they have a chat, and offers both: to look again, and a new one. */
export function unsureCard(words: Wording): unknown {
  const text = words.sentences.unsure;
  const button = (title: string, again: boolean): Element => ({
    type: 'Action.Submit',
    title,
    data: { reconnect: { again } },
  });
  return adaptiveCard('1.6', words, {
    fallbackText: text,
    speak: text,
    body: [textBlock(text)],
    actions: [button(words.sentences['button.again'], true), button(words.sentences['button.new'], false)],
  });
}

function said(
  { agent, why }: Ended,
  words: Wording,
  shown: (text: string) => string,
  when: string,
  spoken: '' | '.spoken' = '',
): string {
  const values = { time: when, when, why: words.sentences[`over.why.${why}`] };
  return agent === undefined
    ? fill(words, `over.alone${spoken}`, values)
    : fill(words, `over.with${spoken}`, { ...values, agent: shown(agent) });
}

function shareButtons(
  { earlier, nonce }: Shareable,
  yes: 'button.new.history' | 'share.yes',
  no: 'button.new' | 'share.no',
  words: Wording,
): readonly Element[] {
  const button = (title: string, answer: boolean): Element => ({
    type: 'Action.Submit',
    title,
    data: { reconnect: { share: { earlier, nonce, yes: answer } } },
  });
  return [button(words.sentences[yes], true), button(words.sentences[no], false)];
}
