import type { Entry } from '../session/ledger.ts';
import { adaptiveCard } from './card.ts';
import type { Wording } from './fill.ts';

/** Whether a line tells that a message may be left, so that a page without buttons of its own offers it with the line. */
export const offersMessage = ({ what }: Pick<Entry, 'what'>): boolean =>
  what.kind === 'notice' &&
  (what.code === 'queueLimit' || (what.code === 'outsideHours' && what.params['why'] === 'inLine'));

/** The offer as a card for a stock Web Chat, under the line that tells why. */
export const leaveMessageCard = (words: Wording): unknown =>
  adaptiveCard('1.5', words, {
    body: [],
    fallbackText: words.sentences['button.leaveMessage'],
    actions: [
      {
        type: 'Action.Submit',
        title: words.sentences['button.leaveMessage'],
        data: { reconnect: { leaveMessage: true } },
      },
    ],
  });
