import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Activity, IncomingActivity } from './activity.ts';
import type { Knobs } from './knobs.ts';
import { badArgument, Refusal, unknownConversation } from './refusal.ts';
import type { Store, StoredConversation, StoredFile } from './store.ts';
import type { Streams } from './streams.ts';

export type Conversations = ReturnType<typeof openConversations>;

/**
 * The conversations as both sides see them: what is said is numbered, kept and published in one step, and what is past
 * its life is not there. A watermark is the number of the last activity seen.
 */
export function openConversations(parts: { store: Store; streams: Streams; clock: Clock; knobs: Knobs }) {
  const { store, streams, clock, knobs } = parts;

  /** The living conversation of that id; throws 404. */
  const find = (id: string): StoredConversation => {
    const found = store.conversation(id);
    if (found === undefined || clock.now() - found.touchedAt >= knobs.conversationLifeMs)
      throw unknownConversation();
    return found;
  };

  const stamp = (id: string, activityId: string, activity: IncomingActivity): Activity => ({
    ...activity,
    id: activityId,
    timestamp: new Date(clock.now()).toISOString(),
    channelId: 'directline',
    conversation: { id },
  });

  return {
    find,

    /** Makes sure the conversation exists; true when this made it. Throws 404 when it has lived its life. */
    start: (id: string, user: string | undefined, userName: string | undefined): boolean => {
      const created = store.createConversation(id, user, userName, clock.now());
      if (!created) find(id);
      return created;
    },

    newId: (): string => randomBytes(16).toString('base64url'),

    /** Notes a user who only became known by speaking. */
    nameUser: store.nameUser,

    /** Adds what somebody said and shows it to the client. Typing is only ever seen live. */
    say: (id: string, activity: IncomingActivity): Activity => {
      find(id);
      const number = store.nextNumber(id, clock.now());
      const said = stamp(id, `${id}|${String(number).padStart(7, '0')}`, activity);
      if (said.type !== 'typing') store.insertActivity(id, number, said, clock.now());
      streams.publish(id, said, String(number));
      return said;
    },

    /** An activity for the bot alone: not numbered, not kept, not shown. */
    whisper: (id: string, activity: IncomingActivity): Activity => stamp(id, randomUUID(), activity),

    /** Puts new words under an old id; the client sees the activity again. Throws 404 when there is none. */
    rewrite: (id: string, activityId: string, activity: IncomingActivity): void => {
      find(id);
      const number = store.nextNumber(id, clock.now());
      const said = stamp(id, activityId, activity);
      if (!store.replaceActivity(id, number, said)) throw new Refusal(404, 'BadArgument', 'Unknown activity');
      streams.publish(id, said, String(number));
    },

    /** Takes an activity out of the history; a client that has seen it keeps it. Throws 404 when there is none. */
    unsay: (id: string, activityId: string): void => {
      find(id);
      if (!store.removeActivity(id, activityId)) throw new Refusal(404, 'BadArgument', 'Unknown activity');
    },

    /** What came after a watermark, and the new watermark. */
    since: (id: string, watermark: number): { activities: readonly Activity[]; watermark: string } => ({
      activities: store.activitiesAfter(id, watermark, clock.now() - knobs.historyLifeMs),
      watermark: String(find(id).lastNumber),
    }),

    keepFile: (id: string, file: Omit<StoredFile, 'at'>): string => {
      const fileId = randomBytes(24).toString('base64url');
      // Only a plain media type goes out as a header again.
      const type = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
      store.keepFile(fileId, id, { ...file, type, at: clock.now() });
      return fileId;
    },

    file: (fileId: string): StoredFile | undefined => {
      const file = store.file(fileId);
      return file !== undefined && clock.now() - file.at < knobs.historyLifeMs ? file : undefined;
    },

    forget: (id: string): void => {
      streams.drop(id);
      store.forget(id);
    },
  };
}

/** Reads a watermark off a URL: a number, `-` for the very beginning, or undefined when there is none. Throws 400. */
export function readWatermark(text: string | null): number | undefined {
  if (text === null || text === '' || text === 'null' || text === 'undefined') return undefined;
  if (text === '-') return 0;
  if (!/^\d{1,15}$/.test(text)) throw badArgument('Invalid watermark');
  return Number(text);
}
