import type { PromptAnswer } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { type Activity, clientIdOf } from './activity.ts';
import { reportSight } from './attention.ts';
import type { Said } from './mirror.ts';
import type { Observable, Observer } from './observable.ts';

/** Follows the page that leads the chat: what is typed and chosen here goes through that page. */
export interface Follower {
  /** Hands a line to the leader; the outbox sends over this as over a Direct Line. */
  readonly postActivity: (activity: Activity) => Observable<string>;
  /** Hands it to the leader, and asks for no answer: the page goes. */
  readonly handOver: (activity: Activity) => void;
  readonly answer: (answer: PromptAnswer) => Promise<string | undefined>;
  readonly hear: (said: Said) => void;
  /** Another page leads now: it is asked again what the one before has not answered. */
  readonly leaderChanged: () => void;
  /** The answer that nobody has taken yet, for this page when it leads. */
  readonly end: () => Pending | undefined;
}

interface Pending {
  readonly answer: PromptAnswer;
  readonly settle: (refused: string | undefined) => void;
}

export interface FollowOptions {
  readonly clock: PageClock;
  readonly chat: string;
  readonly id: string;
  readonly say: (said: Said) => void;
  readonly chime: (() => void) | undefined;
  /** The leader no longer answers: it is asleep, or hangs. */
  readonly onSilence: () => void;
}

/** A leader answers at once, even from a hidden page; only one that is frozen does not. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 20_000;

export function followChat(options: FollowOptions): Follower {
  const { clock, chat, id, say } = options;
  const posted = new Map<string, Observer<string>>();
  let pending: (Pending & { readonly promise: Promise<string | undefined> }) | undefined;
  let unnamed = 0;
  let trust = () => {};
  let waiting = false;

  // Asked twice: a clock that jumps ends the first wait before any page could answer.
  const look = (left = 2) => {
    if (waiting && left === 2) return;
    waiting = true;
    say({ type: 'ping', chat });
    trust = clock.after(PATIENCE_MS, () => (left > 1 ? look(left - 1) : options.onSilence()));
  };
  const answers = () => {
    trust();
    waiting = false;
  };

  const handOver = (activity: Activity): string => {
    const key = clientIdOf(activity) ?? `unnamed-${(unnamed += 1)}`;
    say({ type: 'post', chat, key, activity });
    return key;
  };
  const postActivity = (activity: Activity): Observable<string> => ({
    subscribe: (observer) => {
      const key = handOver(activity);
      posted.set(key, observer);
      look();
      return { unsubscribe: () => void posted.delete(key) };
    },
  });

  const answer = (given: PromptAnswer) => {
    if (pending === undefined) {
      let settle: Pending['settle'] = () => {};
      const promise = new Promise<string | undefined>((resolve) => (settle = resolve));
      pending = { answer: given, settle, promise };
      say({ type: 'answer', chat, answer: given });
      look();
    }
    return pending.promise;
  };

  const hear = (said: Said) => {
    if (['pong', 'news', 'mirror', 'posted', 'answered'].includes(said.type)) answers();
    if (said.type === 'posted' && said.to === id) {
      const observer = posted.get(said.key);
      posted.delete(said.key);
      if ('id' in said.posted) {
        observer?.next?.(said.posted.id);
        observer?.complete?.();
      } else observer?.error?.(said.posted.refused);
    }
    if (said.type === 'answered' && said.to === id && said.nonce === pending?.answer.nonce) {
      pending.settle(said.refused);
      pending = undefined;
    }
    if (said.type === 'chime' && said.to === id) options.chime?.();
  };

  const stopSight = reportSight(clock, (sight) => {
    say({ type: 'sight', chat, sight });
    if (!sight.hidden) look();
  });
  let cancel = () => {};
  const again = () => {
    cancel = clock.after(LOOK_MS, again);
    if (!document.hidden) look();
  };
  again();

  return {
    postActivity,
    handOver,
    answer,
    hear,
    leaderChanged: () => {
      answers();
      if (pending !== undefined) say({ type: 'answer', chat, answer: pending.answer });
    },
    end: () => {
      answers();
      stopSight();
      cancel();
      return pending;
    },
  };
}
