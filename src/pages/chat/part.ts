import type { Activity } from './activity.ts';
import { type Follower, followChat } from './follow.ts';
import type { Chat, ChatOptions } from './kit.ts';
import { type Beginning, leadChat, type Leader } from './lead.ts';
import { goTo } from './memory.ts';
import type { Mirror, News, Said } from './mirror.ts';
import { type Observable, source } from './observable.ts';
import { openConversation, type Opening } from './opening.ts';
import { type OwnPage, ownPage } from './page.ts';
import { serve } from './serve.ts';
import { isOver } from './standing.ts';
import type { Tabs } from './tabs.ts';
import { Connection } from './vendor.ts';

type Role =
  | { readonly is: 'joining' }
  | { readonly is: 'leading'; readonly leader: Leader }
  | { readonly is: 'following'; readonly follower: Follower; readonly by: string }
  | { readonly is: 'out' };

/** Takes this page's part in the chat of that name: `opened` where it is new, else whatever part there is. */
export async function takePart(
  options: ChatOptions,
  tabs: Tabs,
  chat: string,
  opened?: Opening,
): Promise<Chat> {
  const { clock, memory, house } = options;
  const leaving = new AbortController();
  let role: Role = { is: 'joining' };
  let page: OwnPage | undefined;
  let resign = () => {};
  let disbanded = false;
  let leads = false;
  let patience = () => {};

  const say = (said: Said) => tabs.say(said);
  const publish = (news: News) => {
    page?.take(news);
    say({ type: 'news', chat, news });
  };

  const newPage = (begun: Mirror): OwnPage =>
    ownPage(
      {
        clock,
        memory,
        onState: options.onState,
        onLink: options.onLink,
        onRefused: () => role.is === 'leading' && role.leader.refused(),
        onUnsent: (unsent) => role.is === 'leading' && publish({ unsent }),
      },
      begun,
    );

  const lead = (own: OwnPage, beginning: Beginning) => {
    const leader = leadChat(
      {
        ...options,
        page: own,
        publish,
        chimeAt: (to) => say({ type: 'chime', chat, to }),
        onTaken: (sid) => say({ type: 'moved', chat, sid }),
        onElsewhere: () => {
          say({ type: 'elsewhere', chat });
          goElsewhere();
        },
      },
      beginning,
    );
    role = { is: 'leading', leader };
    say({ type: 'mirror', chat, mirror: own.mirror() });
  };

  const follow = (own: OwnPage, by: string) => {
    const follower = followChat({
      clock,
      chat,
      id: tabs.id,
      say,
      chime: options.chime,
      onSilence: () => stand(true),
    });
    role = { is: 'following', follower, by };
    own.posts.use(follower);
  };

  /** Stops whatever part this page has. */
  const stop = () => {
    const before = role;
    role = { is: 'out' };
    if (before.is === 'leading') before.leader.end();
    if (before.is === 'following') {
      before.follower.end();
      say({ type: 'bye', chat });
    }
    page?.posts.pause();
    resign();
  };
  const goElsewhere = () => {
    if (role.is === 'out') return;
    stop();
    options.onElsewhere();
  };
  const rejoin = () => {
    stop();
    options.onRejoin();
  };
  const follows = (to: string) => {
    goTo(memory, to);
    rejoin();
  };

  const takeOver = () => {
    if (role.is !== 'following' || page === undefined) return;
    const pending = role.follower.end();
    page.posts.pause();
    lead(page, { how: 'takenOver' });
    if (disbanded) goAlone();
    const next = role as Role;
    if (pending !== undefined && next.is === 'leading')
      void next.leader.answer(pending.answer).then(pending.settle);
  };

  /** From now on no page finds this one. */
  const goAlone = () => {
    stopListening();
    tabs.close();
    resign();
  };

  let begun: (how: 'lead' | { readonly mirror: Mirror; readonly by: string }) => void = () => {};
  const stand = (steal: boolean) => {
    resign();
    resign = tabs.lead(chat, {
      steal,
      onLead: () => {
        leads = true;
        if (role.is === 'joining') begun('lead');
        else takeOver();
      },
      onDeposed: rejoin,
    });
  };

  const hearMirror = (mirror: Mirror, by: string) => {
    if (role.is === 'joining') begun({ mirror, by });
    if (role.is !== 'following' || page === undefined) return;
    if (mirror.screen !== page.mirror().screen) {
      rejoin();
      return;
    }
    page.take({ ...mirror, show: mirror.shown });
    const { follower } = role;
    follower.hear({ type: 'pong', chat });
    if (role.by === by) return;
    role = { ...role, by };
    follower.leaderChanged();
    page.posts.use(follower);
  };

  const stopListening = tabs.listen((said, from) => {
    if (said.type === 'who') tellLive();
    else if (said.type === 'moved') {
      if (said.chat !== chat && page !== undefined && shows(page, said.sid)) follows(said.chat);
    } else if ('chat' in said && said.chat === chat) hear(said, from);
  });
  const tellLive = () => {
    if (role.is !== 'leading' || page === undefined) return;
    const { state, since } = page.mirror();
    say({ type: 'live', chat, sid: state.sid, over: isOver(state), since });
  };
  const hear = (said: Said, from: string) => {
    if (said.type === 'news') page?.take(said.news);
    else if (said.type === 'mirror' && [undefined, tabs.id].includes(said.to)) hearMirror(said.mirror, from);
    else if (said.type === 'elsewhere') goElsewhere();
    else if (said.type === 'disband') {
      memory.forget();
      rejoin();
    } else if (said.type === 'identified') {
      memory.write({ person: said.person });
      rejoin();
    }
    // Opening can take long while the network is gone: whoever waits meanwhile knows that somebody does.
    if (role.is === 'joining' && leads && said.type === 'hello') say({ type: 'pong', chat });
    if (role.is === 'joining' && said.type === 'pong') patience();
    if (role.is === 'following') role.follower.hear(said);
    if (role.is === 'leading' && page !== undefined) serve({ ...role, page, say, chat }, said, from);
  };
  const open = async (): Promise<OwnPage> => {
    try {
      const { mirror, transcript, way } = opened ?? (await openConversation(options));
      page = newPage(mirror);
      // Slow as it was, another page may have taken the lead.
      if (role.is === 'joining') {
        options.onState(mirror.state);
        lead(page, { how: 'opened', transcript, way });
      }
      return page;
    } catch (error) {
      stopListening();
      resign();
      throw error;
    }
  };

  /** Waits for the lead, or for the page that has it; a page that has it and does not answer loses it. */
  const meet = () =>
    new Promise<'lead' | { readonly mirror: Mirror; readonly by: string }>((resolve) => {
      let cancel = () => {};
      begun = (how) => {
        cancel();
        resolve(how);
      };
      const ask = (left: number) => {
        say({ type: 'hello', chat });
        cancel = clock.after(HELLO_MS, () => (left > 0 ? ask(left - 1) : stand(true)));
      };
      patience = () => {
        cancel();
        if (!leads) cancel = clock.after(HELLO_MS, () => ask(2));
      };
      stand(false);
      ask(2);
    });

  const met = await meet();
  const own = met === 'lead' ? await open() : newPage(met.mirror);
  if (met !== 'lead') {
    page = own;
    options.onState(met.mirror.state);
    options.onLink(met.mirror.link);
    follow(own, met.by);
  }

  const leave = () => {
    if (role.is === 'leading') role.leader.leave();
    if (role.is === 'following') own.posts.leave(role.follower.handOver);
    // A page in the browser's cache neither leads nor is in anybody's way; back from there it joins again.
    if (tabs.shared && role.is !== 'out') stop();
  };
  const isBack = ({ persisted }: PageTransitionEvent) => persisted && tabs.shared && options.onRejoin();
  addEventListener('pagehide', leave, { signal: leaving.signal });
  addEventListener('pageshow', isBack, { signal: leaving.signal });

  const close = () => {
    leaving.abort();
    stop();
    stopListening();
    tabs.close();
  };
  const status = source(() => [Connection.connecting, Connection.online]);
  return {
    connection: {
      connectionStatus$: status,
      activity$: own.screen.activity$,
      postActivity: (activity) => {
        const isNobodys = activity.type === 'typing' && own.mirror().state.status !== 'active';
        const isTold = isJoin(activity) && role.is === 'following';
        return isNobodys || isTold ? accepted : own.posts.post(activity);
      },
      end: () => {},
      token: own.mirror().where.token,
    },
    userId: own.mirror().userId,
    conversation: () => own.mirror().where.conversation,
    answer: (answer) => {
      if (role.is === 'leading') return role.leader.answer(answer);
      return role.is === 'following' ? role.follower.answer(answer) : Promise.resolve(undefined);
    },
    act: async (what) => {
      const state = await house.act(own.mirror().where.conversation, what);
      publish({ state, clock: state.now });
    },
    close,
    disband: () => {
      say({ type: 'disband', chat });
      disbanded = true;
      if (role.is !== 'following') goAlone();
    },
    identified: (person) => {
      say({ type: 'identified', chat, person });
      memory.write({ person });
      rejoin();
    },
  };
}

/** How long a page waits for the one that leads before it asks again, and in the end takes the lead. */
const HELLO_MS = 3_000;

const shows = (page: OwnPage, sid: string): boolean => {
  const { state } = page.mirror();
  return state.sid === sid && !isOver(state);
};

// The page that leads has told the bot already; and that somebody types interests only an agent who is there.
const isJoin = (activity: Activity): boolean => activity.type === 'event' && activity.name === 'webchat/join';
const accepted: Observable<string> = {
  subscribe: (observer) => {
    observer.next?.('told-before');
    observer.complete?.();
    return { unsubscribe: () => {} };
  },
};
