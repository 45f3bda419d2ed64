import type { CustomerState, Line, PromptAnswer } from '../../cards/views.ts';
import { type Activity, markOf } from './activity.ts';
import { attention } from './attention.ts';
import { type Beat, isPassing, type Opened, Told } from './house.ts';
import type { ChatOptions } from './kit.ts';
import { type MendingLine, mendingLine, type Way } from './line.ts';
import { transcriptMerge } from './merge.ts';
import type { Mirror, News, Said } from './mirror.ts';
import type { OwnPage } from './page.ts';
import { pauseOrOnline, persist } from './patience.ts';
import { keepPresence } from './presence.ts';
import { answerIn, noteInPlaceOfPrompt, promptId } from './prompt.ts';
import { keepSeen } from './seen.ts';
import { sendOff } from './send-off.ts';
import { shareQuestion } from './share.ts';
import { isOver } from './standing.ts';
import { onWaking } from './waking.ts';

/** Runs a chat for all its pages: from its Direct Line to its beats. */
export interface Leader {
  readonly answer: (answer: PromptAnswer) => Promise<string | undefined>;
  /** What a page that follows has said. */
  readonly hear: (said: Said, from: string) => void;
  /** The service refused a posting of this page. */
  readonly refused: () => void;
  /** The page goes: says so, and sends off what would go with it. */
  readonly leave: () => void;
  /** Lets go of the line and the house, silently. */
  readonly end: () => void;
}

export interface LeadOptions extends Pick<
  ChatOptions,
  'house' | 'memory' | 'vendor' | 'clock' | 'widget' | 'onConversation' | 'noteFor' | 'unreadNote' | 'chime'
> {
  readonly page: OwnPage;
  /** Writes news into every page of the chat. */
  readonly publish: (news: News) => void;
  readonly chimeAt: (tab: string) => void;
  /** The session has come into this chat. */
  readonly onTaken: (sid: string) => void;
  /** Another browser took the chat up, or it ended unheard. */
  readonly onElsewhere: () => void;
}

/** How a page comes to lead: with what the house has just told, at rest when that is an end without a line; or taking over. */
export type Beginning =
  | { readonly how: 'opened'; readonly transcript: readonly Line[]; readonly way: Way | undefined }
  | { readonly how: 'takenOver' };

const SOON_MS = 1_000;
/** Messages that come in one breath sound once. */
const CHIME_PAUSE_MS = 2_000;
/** The page before may say that it leaves, and be heard after this one's first beat. */
const SURE_MS = 3_000;

export function leadChat(options: LeadOptions, beginning: Beginning): Leader {
  const { house, clock, widget, page, publish } = options;
  const { userId } = page.mirror();
  const merge = transcriptMerge({ userId, company: widget.company });
  const answered = new Set<string>();
  const others = attention(clock);
  const state = () => page.mirror().state;
  const where = () => page.mirror().where;
  /** Whether the client beneath ever had its socket. */
  let stood = beginning.how === 'takenOver';
  let ended = false;
  let healing = false;
  let repairs = 0;
  let soundedAt = -Infinity;
  let awayUntil = -Infinity;
  let awaySince: number | undefined;
  let answering: Promise<string | undefined> | undefined;
  /** The conversation of the prompt that is shown: only there can it be answered. */
  let askedIn: string | undefined;
  /** Where an answer has brought the chat, until the line is known to be there, too. */
  let broughtTo: string | undefined;

  const told = (next: CustomerState, news: News = {}) => {
    if (ended || !page.isNewer(next)) return;
    const { sid, epoch, status } = state();
    publish({ ...news, state: next });
    const moved = next.sid !== sid || next.epoch !== epoch || status === 'choosing';
    if (moved && next.sid !== undefined && next.status !== 'choosing') options.onTaken(next.sid);
  };
  /** From an answer that has just come: it also sets the clock. */
  const toldNow = (next: CustomerState) => told(next, { clock: next.now });

  /** What the house says of this conversation when asked: `none` may mean less than the page knows. */
  const heard = (next: CustomerState) => {
    const { status } = state();
    if (next.status !== 'none' || status === 'none') toldNow(next);
    // What was said before something that is known already, such as what a click came to, tells nothing of now.
    else if (!isOver(state()) && status !== 'choosing' && !ended && page.isNewer(next)) options.onElsewhere();
  };

  const receive = (activity: Activity) => {
    const show = shownFor(activity);
    if (show.length === 0) return;
    publish({ show });
    if (clock.now() < awayUntil) seen.mark(awaySince);
    seen.look();
  };
  const shownFor = (activity: Activity): readonly Activity[] => {
    const mark = markOf(activity);
    if (isState(mark.state)) told(mark.state);
    if (activity.type === 'event' && activity.name === 'reconnect/state') {
      if (isState(activity.value)) told(activity.value);
      return [];
    }
    if (activity.type === 'event' && activity.name === 'reconnect/moved') {
      // Another page of this browser has told so already, or will: only what nobody here knows is asked for.
      clock.after(SOON_MS, () => {
        if (!ended) presence.tell();
      });
      return [];
    }
    // The channel tells everybody, also whoever types.
    if (activity.type === 'typing' && activity.from?.id === userId) return [];
    if (activity.type === 'typing')
      return [typingOf(activity, mark.agent ?? state().agent ?? widget.company)];
    if (mark.prompt === true) return promptCame(activity);
    const show = merge.live(activity);
    if (show.length > 0 && mark.agent !== undefined && mark.code === undefined) sound();
    return show;
  };

  const promptCame = (activity: Activity): readonly Activity[] => {
    const said = answerIn(activity);
    const { status, now } = state();
    const at = Date.parse(activity.timestamp ?? '') || clock.now();
    const stale = status !== 'none' && status !== 'choosing' && at <= now;
    if (stale || said === undefined || answered.has(said.nonce)) return [];
    told({ ...state(), status: 'choosing' });
    askedIn = where().conversation;
    return [
      { ...activity, id: promptId, channelData: { ...activity.channelData, 'webchat:sequence-id': at } },
    ];
  };

  const sound = () => {
    if (others.focused() || clock.now() - soundedAt < CHIME_PAUSE_MS) return;
    soundedAt = clock.now();
    const tab = others.sounding();
    if (tab === undefined) options.chime?.();
    else options.chimeAt(tab);
  };

  const heal = async () => {
    if (healing || ended) return;
    healing = true;
    // What is typed meanwhile must not go where the chat no longer is.
    page.posts.pause();
    publish({ link: 'lost' });
    if (repairs > 0) await pauseOrOnline(clock, Math.min(500 * 2 ** repairs, 15_000));
    repairs += 1;
    // A way that never came up is not tried twice: without its token the house opens another conversation.
    const token = stood ? where().token : undefined;
    stood = false;
    let again: Opened | undefined;
    // What was asked before an answer brought the chat here may say that it is nowhere, or lead away from it.
    do again = await openAgain(token);
    while (again !== undefined && broughtTo !== undefined);
    healing = false;
    if (again === undefined) return;
    const moved = again.conversationId !== where().conversation;
    const started = moved ? undefined : where().started;
    publish({ where: { ...where(), conversation: again.conversationId, token: again.token, started } });
    const chosen = state().status === 'choosing' && !['none', 'choosing'].includes(again.state.status);
    publish({
      show: [...merge.lines(again.transcript ?? []), ...(chosen ? [noteOf('agent', again.state)] : [])],
    });
    line.open(wayOf(page.mirror(), again.watermark ?? (again.transcript && where().watermark)));
    heard(again.state);
    cameBack();
    if (moved) options.onConversation();
  };

  const openAgain = (token: string | undefined): Promise<Opened | undefined> => {
    const conversation = broughtTo ?? where().conversation;
    const isHere = conversation === where().conversation;
    broughtTo = undefined;
    const ask = { widget: widget.id, conversation, ...(token !== undefined && isHere && { token }) };
    return persist(() => house.open(ask), { clock, isPassing: () => true, isWanted: () => !ended });
  };

  const line: MendingLine = mendingLine({
    newDirectLine: options.vendor.newDirectLine,
    clock,
    receive,
    posts: page.posts,
    onSocket: (up) => {
      if (up) [repairs, stood] = [0, true];
      // What was held comes through the line itself, right after it is up again.
      if (up && page.mirror().link === 'lost') [awayUntil, awaySince] = [clock.now() + SURE_MS, seen.known()];
      publish({ link: up ? 'up' : 'lost' });
    },
    onBroken: () => void heal(),
    onMoved: (to) => publish({ where: { ...where(), ...to } }),
  });

  const beat = async (how: Omit<Beat, 'conversation'>) => {
    const { conversation } = where();
    try {
      const next = await house.beat({ conversation, ...how });
      // The house may have brought the chat elsewhere for this very page, which has not heard it yet, or only just.
      const isSettled = !healing && conversation === where().conversation;
      if (isSettled || next.status !== 'none') heard(next);
    } catch (error) {
      if (how.leaving !== true && error instanceof Told && error.status === 404) void heal();
    }
  };
  const presence = keepPresence({ clock, beat: (how) => void beat(how), isHidden: others.hidden });
  const stopWaking = onWaking(clock, () => {
    presence.tell();
    line.renew();
  });

  const seen = keepSeen({
    clock,
    state,
    shown: page.screen.all,
    isHidden: others.hidden,
    tell: (seq, leaving) => house.seen(where().conversation, seq, leaving),
    memory: options.memory,
    show: (mark) => publish({ show: [mark] }),
    words: options.unreadNote,
  });
  const cameBack = () => {
    seen.mark();
    seen.look();
  };
  /** A page was shown or hidden, this one or one that follows. */
  let wasHidden = others.hidden();
  const looked = () => {
    const isHidden = others.hidden();
    if (wasHidden && !isHidden) cameBack();
    wasHidden = isHidden;
  };
  const looking = new AbortController();
  document.addEventListener('visibilitychange', looked, { signal: looking.signal });

  const post = async (answer: PromptAnswer) => {
    try {
      const conversation = askedIn ?? where().conversation;
      const back = await persist(() => house.reconnect({ ...answer, conversation }), {
        clock,
        isPassing,
        isWanted: () => !ended,
        onFailure: () => publish({ link: 'lost' }),
      });
      if (back === undefined) return undefined;
      answered.add(answer.nonce);
      const note = noteOf(answer.choice, back.state);
      const asked = back.share === undefined ? [] : [shareQuestion(back.share, clock.now() + 1)];
      publish({ link: 'up', show: [...merge.lines(back.transcript), note, ...asked] });
      toldNow(back.state);
      cameBack();
      broughtTo = conversation;
      if (conversation !== where().conversation) void heal();
      return undefined;
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      answered.add(answer.nonce);
      publish({ show: [noteInPlaceOfPrompt(error.message, clock.now())] });
      if (error.state !== undefined) toldNow(error.state);
      return error.message;
    } finally {
      answering = undefined;
    }
  };
  const noteOf = (choice: PromptAnswer['choice'], now: CustomerState) =>
    noteInPlaceOfPrompt(options.noteFor(choice, now), clock.now());
  const answer = (given: PromptAnswer) => (answering ??= post(given));

  if (beginning.how === 'opened') {
    publish({ show: merge.lines(beginning.transcript) });
    if (beginning.way === undefined) publish({ link: 'up' });
    else line.open(beginning.way);
    const { sid, status } = state();
    if (sid !== undefined && status !== 'choosing' && !isOver(state())) options.onTaken(sid);
    if (status !== 'choosing') cameBack();
  } else {
    merge.adopt(page.screen.all());
    for (const activity of page.mirror().unsent) page.posts.post(activity).subscribe({});
    // Whether an answer got through before its page went, only the house knows.
    if (state().status === 'choosing') void heal();
    else line.open(wayOf(page.mirror(), where().watermark));
    presence.tell();
    seen.look();
    clock.after(SURE_MS, () => !ended && presence.tell());
    options.onConversation();
  }

  return {
    answer,
    refused: line.refused,
    hear: (said, from) => {
      const before = others.hidden();
      if (said.type === 'sight') others.noted(from, said.sight);
      if (said.type === 'bye') others.left(from);
      if (others.hidden() !== before) presence.tell();
      looked();
    },
    leave: () => {
      page.posts.leave((activity) => sendOff(page.mirror(), activity));
      seen.leave();
      presence.leave();
    },
    end: () => {
      ended = true;
      presence.stop();
      looking.abort();
      seen.leave();
      stopWaking();
      line.end();
    },
  };
}

/** The way to a chat's Direct Line, to go on after `watermark`; without one Direct Line tells all it remembers. */
export function wayOf(
  { domain, where }: Pick<Mirror, 'domain' | 'where'>,
  watermark: string | undefined,
): Way {
  const { token, conversation, started } = where;
  if (started !== conversation) return { token, domain };
  return {
    token,
    domain,
    started: { conversationId: started, ...(watermark !== undefined && { watermark }) },
  };
}

const typingOf = (activity: Activity, name: string): Activity => ({
  ...activity,
  from: { ...activity.from, name, role: 'bot' },
});

const isState = (value: unknown): value is CustomerState =>
  typeof value === 'object' && value !== null && 'status' in value && 'now' in value;
