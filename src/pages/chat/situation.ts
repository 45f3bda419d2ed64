import type { CustomerState } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { countdown } from './countdown.ts';
import { make } from './element.ts';
import { endedText, sendAway } from './ended.ts';
import { footLines } from './foot.ts';
import { byId, type Shell } from './shell.ts';
import { isOver, type Situation, standing } from './standing.ts';
import type { Words } from './wording.ts';

/** Where the customer stands, as far as the page knows, and the page saying so at every change. */
export interface OnPage {
  readonly now: () => Situation;
  readonly change: (what: Partial<Situation>) => void;
  /** Takes what the house, or another page, has told of the chat. */
  readonly told: (state: CustomerState) => void;
  readonly show: () => void;
  /** What was offered with the end of an earlier chat is taken up. */
  readonly offersNothing: () => void;
}

export interface OnPageOptions {
  readonly shell: Shell;
  readonly clock: PageClock;
  readonly words: () => Words;
  readonly cookies: () => boolean;
  readonly hasChat: () => boolean;
}

export function onPage({ shell, clock, words, cookies, hasChat }: OnPageOptions): OnPage {
  let now: Situation = {
    state: undefined,
    link: 'connecting',
    online: navigator.onLine,
    elsewhere: false,
    ending: false,
    atTheDoor: undefined,
    shared: false,
  };

  const back = countdown(byId('countdown'), clock, () => show());
  const show = () => {
    now = { ...now, online: navigator.onLine };
    const { state, shared, elsewhere } = now;
    const lines = hasChat() && !elsewhere ? footLines({ state, cookies: cookies(), shared }) : [];
    const stands = standing({ ...now, state: promised(state, clock.now()) }, words(), timeOfDay);
    shell.show(stands, lines);
    back.to(stands.backBy, words().language);
  };
  const change = (what: Partial<Situation>) => {
    now = { ...now, ...what };
    show();
  };
  /** By the customer's own clock; with the day when it is another one. */
  const timeOfDay = (at: number) => {
    const { language } = words();
    const day = new Intl.DateTimeFormat(language, { dateStyle: 'short' });
    const today = day.format(at) === day.format(clock.now());
    return new Intl.DateTimeFormat(language, {
      ...(today ? { timeStyle: 'short' } : { weekday: 'long', hour: 'numeric', minute: '2-digit' }),
    }).format(at);
  };

  const showEnd = (state: CustomerState) => {
    const { ended } = state;
    if (ended === undefined) return;
    const earlier = isOver(state) ? [] : [words().say('page.ended.earlier')];
    const [how = '', reference = ''] = endedText(ended, words(), clock.now());
    const away = sendAway(ended, words(), clock);
    shell.showEnd([
      `${[...earlier, how].join(' ')} `,
      make('span', { className: 'reference' }, reference),
      ...(away === undefined ? [] : [away, ' ']),
    ]);
  };

  addEventListener('online', show);
  addEventListener('offline', show);
  return {
    now: () => now,
    change,
    show,
    offersNothing: () => {
      if (now.state === undefined) return;
      const { ended: _, ...state } = now.state;
      change({ state });
    },
    told: (given) => {
      const before = now.state;
      const state = stillOffering(before, given);
      // What went wrong before is of no interest any more; a new prompt is the one thing that comes because of it.
      if (state.status !== before?.status && state.status !== 'choosing') shell.say(undefined);
      if (state.ended?.sid !== before?.ended?.sid) showEnd(state);
      change({ state, elsewhere: false });
    },
  };
}

/** What an agent promised is told until then; a moment that has passed promises nothing. */
function promised(state: CustomerState | undefined, now: number): CustomerState | undefined {
  if (state?.status !== 'suspended' || state.until === undefined || state.until > now) return state;
  const { until: _, ...rest } = state;
  return rest;
}

/** An end is told once; what is offered with it stays until somebody answers the new chat. */
function stillOffering(before: CustomerState | undefined, state: CustomerState): CustomerState {
  if (state.ended !== undefined || before?.ended === undefined || isOver(before)) return state;
  return ['none', 'bot', 'queued'].includes(state.status) ? { ...state, ended: before.ended } : state;
}
