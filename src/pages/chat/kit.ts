import type { CustomerState, PromptAnswer } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { type Activity, markOf } from './activity.ts';
import { type Act, type Beat, type House, isPassing, type Opened, Told } from './house.ts';
import { type MendingLine, mendingLine, type Way } from './line.ts';
import type { Memory, Remembered } from './memory.ts';
import { transcriptMerge } from './merge.ts';
import { pauseOrOnline, persist } from './patience.ts';
import { keepPresence } from './presence.ts';
import { answerIn, promptId } from './prompt.ts';
import { isOver, type Link } from './standing.ts';
import { otherTabs } from './tabs.ts';
import type { BotConnection, Vendor } from './vendor.ts';

/** One customer's chat on one page: a conversation, kept alive and whole, whatever happens beneath it. */
export interface Chat {
  /** For Web Chat's `directLine`; stays the same through every repair. */
  readonly connection: BotConnection;
  readonly userId: string;
  readonly conversation: () => string;
  /**
   * Answers the prompt: posts it once, however often it is called meanwhile, and shows the transcript it brings.
   * Gives a sentence for people when the prompt had become stale; a new one has to be asked for then.
   */
  readonly answer: (
    answer: PromptAnswer,
    note: (state: CustomerState) => string,
  ) => Promise<string | undefined>;
  readonly act: (act: Act) => Promise<void>;
  /** Leaves this chat to itself, silently: nothing ends on the other side. */
  readonly close: () => void;
}

export interface ChatOptions {
  readonly house: House;
  readonly vendor: Vendor;
  readonly clock: PageClock;
  readonly memory: Memory;
  readonly widget: { readonly id: string; readonly company: string };
  readonly onState: (state: CustomerState) => void;
  /** Another window took the chat up, or it ended unheard: this page has left it alone, as `close` does. */
  readonly onElsewhere: () => void;
  readonly onLink: (link: Link) => void;
  /** A new conversation is beneath: the bot has to be told that we joined. */
  readonly onConversation: () => void;
}

/** Runs the chat that `opened` has begun, from its Direct Line to its beats. */
export function runChat(options: ChatOptions, opened: Opened): Chat {
  const { house, clock, memory, widget } = options;
  const merge = transcriptMerge({ userId: opened.userId, company: widget.company });
  const answered = new Set<string>();
  let { conversationId } = opened;
  // The house forgets where a chat that is over was shown; this page goes on showing its end.
  let state = opened.state.status === 'none' ? (memory.read().over ?? opened.state) : opened.state;
  /** Whether the client beneath ever had its socket. */
  let stood = false;
  let closed = false;
  let healing = false;
  let repairs = 0;
  let answering: Promise<string | undefined> | undefined;

  const told = (next: CustomerState) => {
    clock.set(next.now);
    // States come by several ways, and after a replay very late: the house's clock says which is the newest.
    if (closed || next.now < state.now) return;
    const taken = next.sid !== state.sid || next.epoch !== state.epoch;
    state = next;
    if (taken) tabs.tell(state.sid, conversationId);
    memory.write({ over: isOver(state) ? state : undefined });
    options.onState(state);
  };

  /** What the house says of this conversation when asked: `none` may mean less than the page knows. */
  const heard = (next: CustomerState) => {
    if (next.status !== 'none' || state.status === 'none') told(next);
    else if (!isOver(state) && state.status !== 'choosing') standDown();
  };

  const receive = (activity: Activity): readonly Activity[] => {
    const mark = markOf(activity);
    if (isState(mark.state)) told(mark.state);
    if (activity.type === 'event' && activity.name === 'reconnect/state') {
      if (isState(activity.value)) told(activity.value);
      return [];
    }
    if (activity.type === 'typing') return [typingOf(activity, mark.agent ?? state.agent ?? widget.company)];
    return mark.prompt === true ? promptCame(activity) : merge.live(activity);
  };

  const promptCame = (activity: Activity): readonly Activity[] => {
    const said = answerIn(activity);
    const at = Date.parse(activity.timestamp ?? '') || clock.now();
    const stale = state.status !== 'none' && state.status !== 'choosing' && at <= state.now;
    if (stale || said === undefined || answered.has(said.nonce)) return [];
    told({ ...state, status: 'choosing' });
    return [
      { ...activity, id: promptId, channelData: { ...activity.channelData, 'webchat:sequence-id': at } },
    ];
  };

  const heal = async () => {
    if (healing || closed) return;
    healing = true;
    options.onLink('lost');
    if (repairs > 0) await pauseOrOnline(clock, Math.min(500 * 2 ** repairs, 15_000));
    repairs += 1;
    // A way that never came up is not tried twice: without its token the house opens another conversation.
    const token = stood ? memory.read().token : undefined;
    stood = false;
    const again = await persist(
      () =>
        house.open({
          widget: widget.id,
          conversation: conversationId,
          ...(token === undefined ? {} : { token }),
        }),
      { clock, isPassing: () => true, isWanted: () => !closed },
    );
    healing = false;
    if (again === undefined) return;
    const moved = again.conversationId !== conversationId;
    ({ conversationId } = again);
    memory.write({ conversation: conversationId, token: again.token });
    line.show(merge.lines(again.transcript ?? []));
    line.open(wayOf(again, memory.read()));
    heard(again.state);
    if (moved) options.onConversation();
  };

  const line: MendingLine = mendingLine({
    newDirectLine: options.vendor.newDirectLine,
    clock,
    way: wayOf(opened, memory.read()),
    receive,
    onSocket: (up) => {
      if (up) [repairs, stood] = [0, true];
      options.onLink(up ? 'up' : 'lost');
    },
    onBroken: () => void heal(),
    onMoved: (where) => memory.write(where),
    unsent: memory.read().unsent ?? [],
    keepUnsent: (unsent) => memory.write({ unsent }),
  });

  const beat = async (how: Omit<Beat, 'conversation'>) => {
    try {
      heard(await house.beat({ conversation: conversationId, ...how }));
    } catch (error) {
      if (how.leaving !== true && error instanceof Told && error.status === 404) void heal();
    }
  };
  const stopPresence = keepPresence({ clock, beat: (how) => void beat(how) });
  const tabs = otherTabs((sid, conversation) => {
    if (sid === state.sid && conversation !== conversationId) standDown();
  });

  const close = () => {
    closed = true;
    stopPresence();
    tabs.close();
    line.end();
  };
  // Its beats and repairs would take the chat from the page that has it now.
  const standDown = () => {
    if (closed) return;
    close();
    options.onElsewhere();
  };

  const post = async (answer: PromptAnswer, note: (state: CustomerState) => string) => {
    try {
      const back = await persist(() => house.reconnect({ ...answer, conversation: conversationId }), {
        clock,
        isPassing,
        isWanted: () => !closed,
        onFailure: () => options.onLink('lost'),
      });
      if (back === undefined) return undefined;
      answered.add(answer.nonce);
      options.onLink('up');
      line.show([...merge.lines(back.transcript), noteInPlaceOfPrompt(note(back.state), clock.now())]);
      told(back.state);
      return undefined;
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      answered.add(answer.nonce);
      line.show([noteInPlaceOfPrompt(error.message, clock.now())]);
      if (error.state !== undefined) told(error.state);
      return error.message;
    } finally {
      answering = undefined;
    }
  };

  line.show(merge.lines(opened.transcript ?? []));
  line.open(wayOf(opened, memory.read()));
  options.onState(state);
  tabs.tell(state.sid, conversationId);

  return {
    connection: line.connection,
    userId: opened.userId,
    conversation: () => conversationId,
    answer: (answer, note) => (answering ??= post(answer, note)),
    act: async (act) => told(await house.act(conversationId, act)),
    close,
  };
}

function wayOf(opened: Opened, { started, watermark }: Remembered): Way {
  const { token, domain, conversationId } = opened;
  if (started !== conversationId) return { token, domain };
  // Without a transcript of ours, Direct Line's own memory is all there is: ask it for everything.
  const seen = opened.watermark ?? (opened.transcript === undefined ? undefined : watermark);
  return { token, domain, started: { conversationId, ...(seen === undefined ? {} : { watermark: seen }) } };
}

const typingOf = (activity: Activity, name: string): Activity => ({
  ...activity,
  from: { ...activity.from, name, role: 'bot' },
});

function noteInPlaceOfPrompt(text: string, at: number): Activity {
  return {
    type: 'message',
    id: promptId,
    timestamp: new Date(at).toISOString(),
    from: { id: 'house', role: 'bot' },
    text,
    textFormat: 'plain',
    channelData: { reconnect: { code: 'answered' }, 'webchat:sequence-id': at },
  };
}

const isState = (value: unknown): value is CustomerState =>
  typeof value === 'object' && value !== null && 'status' in value && 'now' in value;
