import type { PageClock } from '../clock.ts';
import { type Activity, markOf } from './activity.ts';
import { promptId } from './prompt.ts';
import { pageOfferAttributes } from './page-offer.ts';
import { wayBackAttributes } from './way-back-card.ts';
import type { WebChatElement } from './vendor.ts';
import type { Words } from './wording.ts';

// What Web Chat's middlewares pass on; see "Middleware" in its README.
type RenderActivity = (card: {
  readonly activity: Activity;
}) => false | ((...rest: unknown[]) => WebChatElement | false);
type RenderAttachment = (args: {
  readonly attachment: { readonly content?: unknown };
}) => false | (() => WebChatElement);
type RenderAvatar = (args: {
  readonly activity: Activity;
  readonly fromUser: boolean;
}) => false | (() => WebChatElement);
type RenderStatus = (args: {
  readonly activity: Activity;
  readonly hideTimestamp?: boolean;
}) => WebChatElement | false;
type Group = (args: { readonly activities: readonly Activity[] }) => Readonly<Record<string, unknown>>;
type RenderTyping = (args: {
  readonly visible: boolean;
  readonly activeTyping: Readonly<Record<string, { readonly name?: string; readonly role?: string }>>;
}) => WebChatElement | false;

/** How this page shows what Web Chat would show otherwise: notices as one quiet line, agents by name, the prompt as a card. */
export const renderers = (words: Words, company: string, clock: PageClock) => ({
  activityMiddleware: () => activityRenderer,
  attachmentForScreenReaderMiddleware: () => announcedAttachment,
  avatarMiddleware: () => avatarRenderer(company),
  activityStatusMiddleware: () => statusRenderer(clock),
  groupActivitiesMiddleware: () => grouping,
  typingIndicatorMiddleware: () => typingRenderer(words),
});

function activityRenderer(next: RenderActivity): RenderActivity {
  return (card) => {
    const render = next(card);
    const { activity } = card;
    if (render === false || !(isNotice(activity) || isPrompt(activity) || isOffer(activity))) return render;
    return (...rest) => {
      const element = render(...rest);
      if (element === false) return false;
      if (isPrompt(activity)) return like(element, 'div', { className: 'prompt', children: element });
      const { link, code, page, agent } = markOf(activity);
      if (page !== undefined) return like(element, 'page-offer', pageOfferAttributes(page, agent));
      return link !== undefined
        ? like(element, 'way-back', wayBackAttributes(link))
        : like(element, 'p', {
            // In the page's own language: a name that stands first must not turn it round.
            className: code === 'unread' ? 'notice unread' : 'notice',
            children: activity.text ?? '',
          });
    };
  };
}

// Web Chat announces a card through a copy of it, buttons included, which nobody can press: its words are enough.
function announcedAttachment(next: RenderAttachment): RenderAttachment {
  return (args) => {
    const render = next(args);
    if (render === false) return false;
    return () => like(render(), 'div', { children: wordsIn(args.attachment.content, 0).join('. ') });
  };
}

function wordsIn(node: unknown, depth: number): string[] {
  if (typeof node !== 'object' || node === null || depth > 12) return [];
  return Object.entries(node).flatMap(([name, value]) => {
    if (typeof value === 'string') return ['title', 'subtitle', 'text'].includes(name) ? [value] : [];
    return name === 'data' ? [] : wordsIn(value, depth + 1);
  });
}

const avatarRenderer =
  (company: string) =>
  (next: RenderAvatar): RenderAvatar =>
  (args) => {
    const render = next(args);
    if (render === false || args.fromUser) return false;
    const { agent } = markOf(args.activity);
    return () =>
      like(render(), 'div', {
        className: 'avatar',
        'aria-hidden': true,
        children: initials(agent ?? company),
      });
  };

const statusRenderer =
  (clock: PageClock) =>
  (next: RenderStatus): RenderStatus => {
    return (args) => {
      const element = next({ ...args, activity: inOwnTime(args.activity, clock) });
      const { agent } = markOf(args.activity);
      if (element === false || agent === undefined || args.hideTimestamp === true) return element;
      const who = { ...like(element, 'b', { className: 'who', dir: 'auto', children: agent }), key: 'who' };
      return like(element, 'div', { className: 'told', children: [who, { ...element, key: 'when' }] });
    };
  };

// Web Chat tells how long ago a line was said by the machine's own clock, which may be wrong.
function inOwnTime(activity: Activity, clock: PageClock): Activity {
  const at = Date.parse(activity.timestamp ?? '');
  if (Number.isNaN(at)) return activity;
  return { ...activity, timestamp: new Date(at + Date.now() - clock.now()).toISOString() };
}

// Web Chat groups by side only, so that a notice or a colleague would take the avatar of whoever spoke before.
function grouping(next: Group): Group {
  return (args) => {
    const sender: Activity[][] = [];
    for (const activity of args.activities) {
      const last = sender.at(-1);
      if (last?.[0] !== undefined && speaker(last[0]) === speaker(activity)) last.push(activity);
      else sender.push([activity]);
    }
    return { ...next(args), sender };
  };
}

const speaker = (activity: Activity): string =>
  isNotice(activity) || isPrompt(activity)
    ? `house ${activity.id ?? ''}`
    : `${activity.from?.role ?? ''} ${markOf(activity).agent ?? ''}`;

const typingRenderer =
  (words: Words) =>
  (next: RenderTyping): RenderTyping =>
  (args) => {
    const element = next(args);
    if (element === false || !args.visible) return false;
    const typist = Object.values(args.activeTyping).find(({ role }) => role !== 'user');
    return like(element, 'p', { className: 'typing', dir: 'auto', children: words.typing(typist?.name) });
  };

const isPrompt = (activity: Activity): boolean => activity.id === promptId && !isNotice(activity);
const isOffer = (activity: Activity): boolean => markOf(activity).page !== undefined;
const isNotice = (activity: Activity): boolean => markOf(activity).code !== undefined;

/**
 * Makes an element by copying one of Web Chat's: the React in it is its own and has no public name, and an element of
 * another would not render. Text given as `children` becomes a text node.
 */
const like = (
  element: WebChatElement,
  type: string,
  props: Readonly<Record<string, unknown>>,
): WebChatElement => ({
  ...element,
  type,
  key: null,
  ref: null,
  props,
});

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? '')
    .join('');
