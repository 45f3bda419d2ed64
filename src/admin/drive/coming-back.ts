import { firstName } from '../../cards/names.ts';
import { promptButtons, promptText } from '../../cards/prompt.ts';
import { tooLateText } from '../../cards/too-late.ts';
import type { Prompt } from '../../cards/views.ts';
import type { Wording } from '../../cards/wording.ts';
import { endedOf } from '../../handoff/ended.ts';
import { isAskedBack, serves } from '../../session/asked-back.ts';
import type { Session } from '../../session/session.ts';
import { isOver } from '../../session/whose.ts';
import type { Widget } from '../../settings/settings.ts';
import type { AgentStands } from './stage.ts';

/** What opening the page, or a link, comes to for a customer of this session. */
export type Meeting =
  /** They are asked, or back at once. */
  | { readonly kind: 'asked' | 'direct'; readonly reads: string; readonly choices: readonly string[] }
  /** The link or code lets them in. */
  | { readonly kind: 'in' }
  /** It is over, and they are told so. */
  | { readonly kind: 'tooLate'; readonly reads: string; readonly redirect?: string }
  /** Nothing leads back; why. */
  | { readonly kind: 'nothing'; readonly why: string };

/** What a customer meets who comes back this way, by the widget's settings and where the session stands. */
export function meeting(
  session: Session,
  by: 'prompt' | 'link' | 'code',
  given: {
    readonly widget: Widget;
    readonly words: Wording;
    readonly now: number;
    readonly agent: AgentStands;
    readonly hasLink: boolean;
  },
): Meeting {
  const { widget, words, now } = given;
  const { reconnect, rules } = widget;
  if (!serves(reconnect, session.previous)) {
    const why = reconnect.enabled ? 'the preview does not list this agent' : 'reconnect is switched off';
    return { kind: 'nothing', why };
  }
  if (by !== 'prompt' && !given.hasLink) return { kind: 'nothing', why: 'no link could be given' };
  if (isOver(session)) {
    if (endedByThem(session)) return { kind: 'nothing', why: 'they ended the chat themselves' };
    const ended = endedOf(session, { ofShare: () => '' });
    const wasAway = session.status === 'expired' && session.was === 'disconnected';
    return {
      kind: 'tooLate',
      reads: tooLateText(ended, words, now),
      ...(wasAway && widget.redirectUrl !== undefined && { redirect: widget.redirectUrl }),
    };
  }
  if (by !== 'prompt') return { kind: 'in' };
  if (!isAskedBack(session, rules)) return { kind: 'nothing', why: whyNot(session, widget) };
  const prompt = promptOf(session, given.agent, now);
  return {
    kind: rules.promptMode === 'direct' ? 'direct' : 'asked',
    reads: promptText(prompt, words),
    choices: promptButtons(prompt, words).map(({ title }) => title),
  };
}

const endedByThem = (session: Session): boolean => session.status === 'closed' && session.by === 'customer';

function whyNot(session: Session, { rules: { promptAudience } }: Widget): string {
  if (promptAudience === 'nobody') return 'promptAudience is nobody';
  if (promptAudience === 'authenticated' && session.subject.kind === 'anonymous')
    return 'promptAudience is authenticated, and this customer is anonymous';
  return 'they closed the window, and closedWindow is noPrompt';
}

function promptOf(session: Session, agent: AgentStands, now: number): Prompt {
  const name = firstName(session.previous?.name ?? '');
  return {
    ...{ sid: session.id, epoch: session.epoch, nonce: '', status: session.status, others: [], now },
    ...(name !== '' && { agent: name }),
    agentIs: name === '' ? 'unknown' : agent.status === 'away' ? 'away' : 'here',
    ...(session.status === 'suspended' && { returnUntil: session.suspendedUntil }),
    ...(session.status === 'disconnected' && {
      returnUntil: session.returnUntil,
      ...(session.was === 'held' && { agentHeldUntil: session.agentHeldUntil }),
    }),
  };
}
