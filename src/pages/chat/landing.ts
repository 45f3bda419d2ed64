import { durationText } from '../../cards/time.ts';
import type { Ended } from '../../cards/views.ts';
import { codeForm } from './code-form.ts';
import { codeUse, type ComesBack } from './code-use.ts';
import { type Found, lookBehind, type No, returnBy } from './coming-back.ts';
import { button, make } from './element.ts';
import { endedText, sendAway } from './ended.ts';
import { giveFile } from './more.ts';

/** A page opened by a reconnect link: who waits behind it, and nothing else until its customer says so. */
export interface Landing {
  /** Looks again: somebody has signed in meanwhile, or the network is back. */
  readonly again: () => void;
  readonly close: () => void;
}

export interface LandingOptions extends Omit<ComesBack, 'onOver'> {
  /** Shows a card in the place of the chat, and leads the keyboard to it. */
  readonly show: (card: HTMLElement) => void;
  /** Whose chat it is: the bot speaks in its name. */
  readonly company: string;
}

/** A chat that ran out of time, and was not ended by anybody. */
const TIMES: ReadonlySet<string> = new Set<Ended['why']>(['quiet', 'away', 'setAside', 'unanswered']);

type CardParts = readonly (HTMLElement | undefined)[];

export function landing(token: string, options: LandingOptions): Landing {
  const { house, clock, words, widget } = options;
  const { say } = words;
  const silence = make('p', { className: 'hint', 'aria-live': 'polite' });
  const asking = { house, clock, onSilence: () => (silence.textContent = say('page.landing.again')) };
  const comeBack = returnBy({ token }, widget, asking);
  let closed = false;

  const show = (title: string, text: string, ...parts: CardParts) => {
    if (!closed) options.show(cardOf(title, [make('p', { className: 'text' }, text), ...parts]));
  };
  const opened: LandingOptions['onOpened'] = (given) => {
    if (!closed) options.onOpened(given);
  };

  const look = async () => {
    silence.textContent = '';
    show(say('page.landing.looking'), '', silence);
    const found = await lookBehind(token, asking);
    if (found.kind === 'found') offer(found);
    else decline(found, look);
  };

  const offer = ({ agent: name }: Extract<Found, { kind: 'found' }>) => {
    silence.textContent = '';
    const [title, label] =
      name === undefined
        ? [say('page.landing.title'), say('page.landing.continue')]
        : [say('page.landing.title.name', { name }), say('page.landing.continue.name', { name })];
    const go = button({ kind: 'main', label, press: () => void back(go) });
    go.autofocus = true;
    show(title, say('page.landing.text'), go, fresh('plain'), code(), silence);
  };

  const back = async (pressed: HTMLButtonElement) => {
    if (pressed.ariaDisabled === 'true') return;
    // Not `disabled`: the keyboard would lose its place.
    pressed.ariaDisabled = 'true';
    silence.textContent = say('page.landing.coming');
    const outcome = await comeBack();
    if (outcome.kind === 'opened') opened(outcome.opened);
    else
      decline(outcome, () => {
        show(say('page.landing.coming'), '', silence);
        pressed.ariaDisabled = null;
        return back(pressed);
      });
  };

  const decline = (no: No, retry: () => Promise<void>) => {
    const again = (label = words.tryAgain) => button({ kind: 'main', label, press: () => void retry() });
    switch (no.kind) {
      case 'ask':
        if (!closed) options.onAsUsual();
        return;
      case 'over':
        over(no.ended, ...(no.ended !== undefined && TIMES.has(no.ended.why) ? [reading(), silence] : []));
        return;
      case 'unknown':
        show(say('page.unknown.title'), say('page.unknown.text'), form(), fresh('plain'));
        return;
      case 'used':
        show(say('page.used.title'), say('page.used.text'), form(), fresh('plain'));
        return;
      case 'signInFirst':
        show(say('page.signInFirst.title'), say('page.signInFirst.text'), fresh('plain'), code());
        return;
      case 'unreachable':
        show(say('page.unreachable.title'), say('page.unreachable.text'), again(), fresh('plain'));
        return;
      case 'tooMany':
        show(
          say('page.tooMany.title'),
          say('page.tooMany.text', { time: durationText(no.waitMs, words.language) }),
          again(),
          fresh('plain'),
        );
    }
  };

  const over = (ended: Ended | undefined, ...parts: CardParts) => {
    const [text = '', ...more] = ended === undefined ? [] : endedText(ended, words, clock.now());
    const lines = more.map((line) => make('p', { className: 'text' }, line));
    show(
      say('page.over.title'),
      text,
      ...lines,
      sendAway(ended, words, clock),
      fresh('main'),
      ...parts,
      code(),
    );
  };

  /** The link that came too late still permits to read what was said. */
  const reading = () =>
    button({
      kind: 'plain',
      label: words.say('page.download'),
      press: () => {
        house.readBy(token).then(
          (lines) => giveFile(lines, options.company, { clock, words }),
          () => (silence.textContent = words.failed),
        );
      },
    });
  const use = codeUse({ ...options, onOpened: opened, onOver: over });
  const form = () => codeForm(words, use);
  const fresh = (kind: 'main' | 'plain') =>
    button({ kind, label: say('page.landing.fresh'), press: options.onAsUsual });
  const code = () => {
    const more = button({
      kind: 'quiet',
      label: say('page.code.have'),
      press: () => {
        const field = form();
        more.replaceWith(field);
        field.querySelector('input')?.focus();
      },
    });
    return more;
  };

  void look();
  return {
    again: () => void look(),
    close: () => {
      closed = true;
    },
  };
}

/** A card in the place of the chat. */
export function cardOf(title: string, parts: CardParts): HTMLElement {
  const heading = make('h2', { id: 'panel-title', tabIndex: -1 }, title);
  const shown = parts.filter(
    (part) => part !== undefined && !(part.className === 'text' && part.textContent === ''),
  );
  return make(
    'section',
    { className: 'panel-card', 'aria-labelledby': 'panel-title' },
    heading,
    ...shown.filter((part) => part !== undefined),
  );
}
