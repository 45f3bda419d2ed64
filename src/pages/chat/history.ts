import type { Shareable } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import type { House } from './house.ts';
import type { Chat } from './kit.ts';
import { greeted } from './share.ts';
import type { OnPage } from './situation.ts';
import { isOver } from './standing.ts';

/** Takes an earlier chat along into the new one: whoever answers can read it. */
export interface WithHistory {
  readonly share: (chat: Chat, earlier: Shareable) => Promise<void>;
  /** What has ended goes on in a new chat, which opens now unless it has already. */
  readonly goOn: () => Promise<void>;
}

export function withHistory(given: {
  readonly house: Pick<House, 'share'>;
  readonly clock: PageClock;
  readonly page: OnPage;
  /** The one on the page. */
  readonly chat: () => Chat | undefined;
  readonly openAnew: () => Promise<void>;
}): WithHistory {
  const { page } = given;
  const share: WithHistory['share'] = async (chat, earlier) => {
    const state = await given.house.share(chat.conversation(), earlier);
    if (given.chat() !== chat) return;
    page.offersNothing();
    page.told(state);
  };
  return {
    share,
    goOn: async () => {
      const { state } = page.now();
      if (state?.ended === undefined) return;
      const { sid: earlier, nonce } = state.ended;
      const opens = isOver(state);
      if (opens) await given.openAnew();
      const chat = given.chat();
      if (chat === undefined) return;
      if (opens) await greeted(chat, given.clock);
      await share(chat, { earlier, nonce });
    },
  };
}
