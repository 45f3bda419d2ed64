import type { Line } from '../../cards/views.ts';
import { type Activity, clientIdOf, markOf } from './activity.ts';

/**
 * Brings together what the house's transcript holds and what Direct Line delivers live, so that every line is shown
 * once, in the ledger's order, on its side. Both results are to be shown in turn; an activity whose id was shown
 * before replaces the earlier one (Web Chat does so by itself).
 */
export interface Merge {
  /** Takes a transcript, or a part of one, and gives what is not yet shown, or has to move. */
  readonly lines: (lines: readonly Line[]) => Activity[];
  /** Takes an activity off the line and gives what to show: nothing for a repeat. */
  readonly live: (activity: Activity) => Activity[];
  /** Takes over from another page's merge what that has shown. */
  readonly adopt: (shown: readonly Activity[]) => void;
}

interface Shown {
  activity: Activity;
  /** Web Chat sorts by this number: ms, and thousandths between lines of the same ms. */
  order: number;
  seq?: number;
}

const STEP = 0.001;

export function transcriptMerge(who: { readonly userId: string; readonly company: string }): Merge {
  const byId = new Map<string, Shown>();
  const ledgers = new Map<string, Map<number, Shown>>();
  const byClient = new Map<string, Shown>();
  const settled = new Set<string>();
  let latest = 0;

  const ledgerOf = (sid: string) => {
    const ledger = ledgers.get(sid) ?? new Map<number, Shown>();
    ledgers.set(sid, ledger);
    return ledger;
  };

  const file = (shown: Shown, sid: string, seq: number) => {
    shown.seq = seq;
    ledgerOf(sid).set(seq, shown);
    byId.set(`${sid}:${seq}`, shown);
  };

  // The clocks of the store and of Direct Line differ a little; the ledger's numbers decide where they disagree.
  const inOrder = (sid: string, fresh: ReadonlySet<Shown>): Activity[] => {
    const out: Activity[] = [];
    let previous = -Infinity;
    for (const shown of [...ledgerOf(sid).values()].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))) {
      const order = shown.order > previous ? shown.order : previous + STEP;
      if (fresh.has(shown) || order !== shown.order) out.push(place(shown, order));
      previous = order;
    }
    return out;
  };

  const place = (shown: Shown, order: number): Activity => {
    shown.order = order;
    latest = Math.max(latest, order);
    shown.activity = {
      ...shown.activity,
      channelData: { ...shown.activity.channelData, 'webchat:sequence-id': order },
    };
    return shown.activity;
  };

  const addLine = (line: Line): Shown | undefined => {
    if (line.kind === 'comment') return undefined;
    const known =
      byId.get(line.id) ??
      (line.activityId === undefined ? undefined : byId.get(line.activityId)) ??
      (line.clientId === undefined ? undefined : byClient.get(line.clientId));
    if (known !== undefined) {
      file(known, line.sid, line.seq);
      if (line.activityId !== undefined) byId.set(line.activityId, known);
      return undefined;
    }
    const shown: Shown = { activity: activityOf(line, who), order: line.at };
    file(shown, line.sid, line.seq);
    if (line.activityId !== undefined) byId.set(line.activityId, shown);
    if (line.clientId !== undefined) settle(line.clientId, shown);
    return shown;
  };

  const settle = (client: string, shown: Shown) => {
    settled.add(client);
    byClient.set(client, shown);
  };

  // The page that posted it still waits for this echo: it takes the place of the line the transcript brought.
  const echo = (activity: Activity, shown: Shown): Activity[] => {
    const client = clientIdOf(activity);
    if (client === undefined || settled.has(client)) return [];
    settled.add(client);
    shown.activity = {
      ...sided(activity, who),
      ...(shown.activity.id === undefined ? {} : { id: shown.activity.id }),
    };
    return [place(shown, shown.order)];
  };

  return {
    adopt: (activities) => {
      for (const activity of activities) {
        if (activity.id === undefined) continue;
        const shown: Shown = { activity, order: orderOf(activity) ?? timeOf(activity) ?? latest + STEP };
        const { sid, seq, activityId } = markOf(activity);
        const client = clientIdOf(activity);
        byId.set(activity.id, shown);
        if (activityId !== undefined) byId.set(activityId, shown);
        if (sid !== undefined && seq !== undefined) file(shown, sid, seq);
        if (client !== undefined) settle(client, shown);
        latest = Math.max(latest, shown.order);
      }
    },

    lines: (lines) => {
      const fresh = new Map<string, Set<Shown>>();
      for (const line of lines) {
        const added = addLine(line);
        const ofSession = fresh.get(line.sid) ?? new Set<Shown>();
        fresh.set(line.sid, ofSession);
        if (added !== undefined) ofSession.add(added);
      }
      return [...fresh].flatMap(([sid, added]) => inOrder(sid, added));
    },

    live: (activity) => {
      if (activity.type !== 'message' || activity.id === undefined) return [withoutReply(activity)];
      const { sid, seq } = markOf(activity);
      const client = clientIdOf(activity);
      const numbered = sid !== undefined && seq !== undefined ? `${sid}:${seq}` : undefined;
      const known = (numbered === undefined ? undefined : byId.get(numbered)) ?? byId.get(activity.id);
      if (known !== undefined) {
        byId.set(activity.id, known);
        return echo(activity, known);
      }
      if (client !== undefined && settled.has(client)) return [];
      const shown: Shown = {
        activity: { ...sided(activity, who), id: numbered ?? activity.id },
        order: timeOf(activity) ?? latest + STEP,
      };
      if (client !== undefined) settle(client, shown);
      byId.set(activity.id, shown);
      if (sid === undefined || seq === undefined) return [place(shown, shown.order)];
      file(shown, sid, seq);
      return inOrder(sid, new Set([shown]));
    },
  };
}

function activityOf(line: Line, who: { readonly userId: string; readonly company: string }): Activity {
  return {
    type: 'message',
    id: line.id,
    timestamp: new Date(line.at).toISOString(),
    from: fromOf(line, who),
    text: line.text,
    textFormat: line.format,
    ...(line.attachments === undefined ? {} : { attachments: line.attachments.map(pictured) }),
    ...(line.suggestedActions === undefined ? {} : { suggestedActions: line.suggestedActions }),
    channelData: {
      ...(line.attachments === undefined ? {} : { attachmentSizes: line.attachments.map(sizeOf) }),
      // Web Chat has this line already where it was typed here, and may never see the channel's own echo of it.
      ...(line.clientId === undefined ? {} : { clientActivityID: line.clientId }),
      reconnect: {
        sid: line.sid,
        seq: line.seq,
        ...(line.activityId === undefined ? {} : { activityId: line.activityId }),
        ...(line.kind === 'notice' ? { code: line.code ?? 'notice' } : {}),
        ...(line.link === undefined ? {} : { link: line.link }),
        ...(line.page === undefined ? {} : { page: line.page }),
        ...(line.side === 'agent' && line.name !== undefined ? { agent: line.name } : {}),
      },
    },
  };
}

/** Web Chat shows a customer's own picture only where there is a small one: it is its own. */
function pictured(attachment: unknown): unknown {
  if (typeof attachment !== 'object' || attachment === null) return attachment;
  const { contentType, contentUrl } = attachment as Readonly<Record<'contentType' | 'contentUrl', unknown>>;
  const isPicture = typeof contentType === 'string' && /^image\/(?:png|jpeg|gif|webp)$/u.test(contentType);
  return isPicture && contentUrl !== undefined ? { thumbnailUrl: contentUrl, ...attachment } : attachment;
}

/** Web Chat says so how large a file is. */
const sizeOf = (attachment: unknown): unknown =>
  typeof attachment === 'object' && attachment !== null && 'size' in attachment ? attachment.size : null;

function fromOf(
  line: Line,
  who: { readonly userId: string; readonly company: string },
): NonNullable<Activity['from']> {
  if (line.side === 'customer') return { id: who.userId, role: 'user' };
  return { id: line.side, name: line.name ?? who.company, role: 'bot' };
}

const sided = (activity: Activity, who: { readonly userId: string }): Activity => ({
  ...withoutReply(activity),
  ...(activity.attachments === undefined ? {} : { attachments: activity.attachments.map(pictured) }),
  from: { ...activity.from, role: activity.from?.id === who.userId ? 'user' : 'bot' },
});

// Web Chat holds an answer back for five seconds when it does not know what it answers.
function withoutReply(activity: Activity): Activity {
  const { replyToId: _, ...rest } = activity;
  return rest;
}

function orderOf(activity: Activity): number | undefined {
  const order = activity.channelData?.['webchat:sequence-id'];
  return typeof order === 'number' ? order : undefined;
}

function timeOf(activity: Activity): number | undefined {
  const at = Date.parse(activity.timestamp ?? '');
  return Number.isNaN(at) ? undefined : at;
}
