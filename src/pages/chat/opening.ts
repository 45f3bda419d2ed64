import type { CustomerState, Line } from '../../cards/views.ts';
import { isPassing, type Opened } from './house.ts';
import type { ChatOptions } from './kit.ts';
import { wayOf } from './lead.ts';
import type { Way } from './line.ts';
import type { Mirror } from './mirror.ts';
import { persist } from './patience.ts';
import { isOver } from './standing.ts';

/** A chat as a page begins to lead it. */
export interface Opening {
  readonly mirror: Mirror;
  readonly transcript: readonly Line[];
  /** `undefined`: it is over, and its conversation can no longer be reached. */
  readonly way: Way | undefined;
}

/** Opens the conversation that this page remembers, or a new one; `brought` is one that the house has already opened. */
export async function openConversation(options: ChatOptions, brought?: Opened): Promise<Opening> {
  const { house, clock, memory, widget } = options;
  const { conversation, token, over } = memory.read();
  const ask = {
    widget: widget.id,
    ...(conversation !== undefined && { conversation }),
    ...(token !== undefined && { token }),
  };
  const onFailure = () => options.onLink('lost');
  const always = { clock, isPassing, isWanted: () => true };
  const opened = brought ?? (await persist(() => house.open(ask), { ...always, onFailure }));
  if (opened === undefined) throw new Error('Nobody waits for this chat any more');
  // The house forgets where a chat that is over was shown; this page goes on showing its end.
  const wasOver = brought === undefined && opened.state.status === 'none' ? over : undefined;
  if (wasOver === undefined || conversation === undefined) return goingOn(options, opened);
  const end = await endOf(options, conversation);
  const reachable = opened.conversationId === conversation;
  if (end === undefined && !reachable) return goingOn(options, opened);
  const known = end?.transcript ?? opened.transcript;
  const state = end !== undefined && isOver(end.state) ? end.state : wasOver;
  const whole = { ...opened, conversationId: conversation, state };
  const shown = goingOn(options, known === undefined ? whole : { ...whole, transcript: known });
  return reachable ? shown : { ...shown, way: undefined };
}

function goingOn({ clock, memory }: ChatOptions, opened: Opened): Opening {
  const { conversationId: conversation, token, userId, domain, state, transcript } = opened;
  const before = memory.read();
  const again = before.started === conversation;
  const where = {
    conversation,
    token,
    started: again ? conversation : undefined,
    watermark: again ? before.watermark : undefined,
  };
  clock.set(state.now);
  const mirror: Mirror = {
    screen: conversation + String(clock.now()),
    since: clock.now(),
    userId,
    domain,
    where,
    state,
    link: 'connecting',
    unsent: [],
    shown: [],
  };
  // Without a transcript of ours, Direct Line's own memory is all there is: ask it for everything.
  const watermark = opened.watermark ?? (transcript === undefined ? undefined : where.watermark);
  return { mirror, transcript: transcript ?? [], way: wayOf(mirror, watermark) };
}

/** The chat as it ended, as long as the house keeps it. */
async function endOf(
  { house }: ChatOptions,
  conversation: string,
): Promise<{ readonly transcript: readonly Line[]; readonly state: CustomerState } | undefined> {
  try {
    return await house.transcript(conversation);
  } catch {
    // Then what Direct Line still has must do: the end itself is known here.
    return undefined;
  }
}
