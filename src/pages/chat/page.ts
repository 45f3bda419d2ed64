import type { CustomerState } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { clientIdOf } from './activity.ts';
import type { Memory } from './memory.ts';
import type { Mirror, News } from './mirror.ts';
import { type Outbox, outbox } from './outbox.ts';
import { type Screen, screen } from './screen.ts';
import { isOver, type Link } from './standing.ts';

/** One page's copy of its chat. Whoever leads writes the same news into every page's; any of them can go on from it. */
export interface OwnPage {
  readonly screen: Screen;
  readonly posts: Outbox;
  readonly take: (news: News) => void;
  /** Whether a state is newer than the one known: they come by several ways, and after a replay very late. */
  readonly isNewer: (state: CustomerState) => boolean;
  /** Everything, for another page to go on with. */
  readonly mirror: () => Mirror;
}

export interface PageOptions {
  readonly clock: PageClock;
  readonly memory: Memory;
  readonly onState: (state: CustomerState) => void;
  readonly onLink: (link: Link) => void;
  /** The service does not know the token or the conversation by which a line of ours was sent. */
  readonly onRefused: () => void;
  /** What this page has not got confirmed. */
  readonly onUnsent: (unsent: Mirror['unsent']) => void;
}

export function ownPage(options: PageOptions, begun: Mirror): OwnPage {
  const { clock, memory } = options;
  const shows = screen();
  let { state, link, where, unsent } = begun;
  const isNewer = (next: CustomerState) => next.now >= state.now;

  const posts = outbox({
    clock,
    kept: memory.read().unsent ?? [],
    keep: (kept) => {
      memory.write({ unsent: kept });
      options.onUnsent(kept);
    },
    onRefused: options.onRefused,
    isOnline: () => navigator.onLine,
  });

  const take = (news: News) => {
    if (news.where !== undefined) memory.write((where = news.where));
    if (news.show !== undefined) show(news.show);
    if (news.unsent !== undefined) ({ unsent } = news);
    if (news.link !== undefined) options.onLink((link = news.link));
    if (news.clock !== undefined && news.clock >= state.now) clock.set(news.clock);
    if (news.state !== undefined && isNewer(news.state)) {
      state = inLineAsBefore(state, news.state);
      remember();
      options.onState(state);
    }
  };
  const show = (activities: NonNullable<News['show']>) => {
    shows.show(activities);
    for (const activity of activities) {
      const client = clientIdOf(activity);
      if (client !== undefined) posts.echoed(client);
    }
  };
  const remember = () =>
    memory.write({
      over: isOver(state) ? state : undefined,
      ...(state.sid !== undefined && { sid: state.sid }),
    });

  memory.write(where);
  remember();
  shows.show(begun.shown);
  return {
    screen: shows,
    posts,
    take,
    isNewer,
    mirror: () => ({ ...begun, where, state, link, unsent, shown: shows.all() }),
  };
}

/** The line moves forward only, and what comes with a message does not tell of it: until it is told anew, the place is the one known. */
function inLineAsBefore(before: CustomerState, next: CustomerState): CustomerState {
  const same = next.status === 'queued' && before.status === 'queued' && next.sid === before.sid;
  const { place = same ? before.place : undefined } = next;
  return place === undefined ? next : { ...next, place };
}
