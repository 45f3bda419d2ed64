import type { Clock } from '../clock.ts';
import { endingsOf, MOST_FILES, type FileFault, type FileRef, type FileRules } from '../session/files.ts';
import { customerOf, type CustomerId } from '../session/ids.ts';
import { isForCustomer, type Message, type Notice } from '../session/ledger.ts';
import { judgeFile } from './file-kind.ts';
import { fileLinks, type FileLinks, type FilePlace } from './file-links.ts';
import { fileName } from './file-name.ts';
import { inTime } from './in-time.ts';
import { keyedBy, type Peppers } from './peppers.ts';
import type { FetchDropped, FetchFile, FileStore, KeptFile, Log, SessionStore } from './ports.ts';

/** What files need of the outside. */
export interface FileParts {
  readonly store: FileStore;
  /** Fetches what a customer's page has uploaded to the channel, and nothing else. */
  readonly fetch: FetchFile;
  /** The origin under which customers' browsers reach this house, such as `https://chat.example.com`. */
  readonly servedAt: string;
  /** Fetches what an agent dropped into their chat with the bot; left out, it is named and left there. */
  readonly fetchDropped?: FetchDropped;
}

/** A file that is not taken, and what its sender is told. */
export interface NotTaken {
  readonly fault: FileFault;
  readonly params: Notice['params'];
}

/** The files of chats, whichever side sends them. */
export interface Files {
  readonly links: FileLinks;
  /** Which may be sent in a widget's chats. */
  readonly rulesFor: (widget: string) => FileRules;
  /**
   * Keeps what an agent sends. The same `key` is the same file, kept once; `isNew` unless it was there already.
   *
   * @throws HandoffError `store_unavailable`.
   */
  readonly keep: (
    sent: { readonly name: unknown; readonly bytes: Uint8Array },
    by: { readonly customer: CustomerId; readonly widget: string; readonly key: string },
  ) => Promise<{ readonly file: FileRef; readonly isNew: boolean } | NotTaken>;
  /** Takes back what was kept for an act that came to nothing. */
  readonly drop: (customer: CustomerId, file: FileRef) => Promise<void>;
  /**
   * Takes over what came with a customer's message: the message as it is to be written, with our files in the place of
   * the channel's, and a notice for each that is not taken. Never fails; what cannot be had in time is not taken.
   */
  readonly takeOver: (
    message: Message,
    by: { readonly customer: CustomerId; readonly widget: string; readonly key: string },
  ) => Promise<{ readonly message: Message | undefined; readonly told: readonly Notice[] }>;
  /** A file of a session, with its bytes; `undefined` when there is none at that place, or none for a customer. */
  readonly read: (
    of: FilePlace,
    audience: 'customer' | 'agent',
  ) => Promise<(KeptFile & { readonly size: number }) | undefined>;
}

/** A turn has 10 s for everything. */
export const TAKE_OVER_MS = 5_000;

/** Makes them; ids of files are made with the pepper from what they came with, so that a resend is the same file. */
export function files(
  given: FileParts &
    Peppers & {
      readonly sessions: Pick<SessionStore, 'entries'>;
      readonly rulesFor: (widget: string) => FileRules;
      readonly clock: Clock;
      readonly log: Log;
    },
): Files {
  const { store, clock } = given;
  const [keyed] = keyedBy(given);
  const idOf = (key: string): string => keyed(`file id|${key}`).toString('base64url').slice(0, 22);

  const keep: Files['keep'] = async ({ name: sent, bytes }, { customer, widget, key }) => {
    const rules = given.rulesFor(widget);
    const judged = judgeFile(sent, bytes, rules);
    if ('fault' in judged) return notTaken(judged.fault, judged.name, rules);
    const file: FileRef = { id: idOf(`${customer}|${key}`), ...judged, size: bytes.length };
    return { file, isNew: await store.put(customer, file.id, { ...judged, bytes }) };
  };

  const takeOne = async (
    one: Attached,
    by: { readonly customer: CustomerId; readonly widget: string; readonly key: string },
    cut: AbortSignal,
  ): Promise<FileRef | NotTaken> => {
    const rules = given.rulesFor(by.widget);
    const name = fileName(one.name);
    if (!rules.enabled) return notTaken('off', name, rules);
    const fetched = await given.fetch(one.contentUrl, rules.maxBytes, cut);
    if ('fault' in fetched) return notTaken(fetched.fault, name, rules);
    const kept = await keep({ name: one.name, bytes: fetched.bytes }, by);
    return 'file' in kept ? kept.file : kept;
  };

  /** Whatever goes wrong with a file must not lose the words beside it. */
  const takeInTime = (one: Attached, by: Parameters<typeof takeOne>[1]): Promise<FileRef | NotTaken> =>
    inTime<FileRef | NotTaken>(
      { clock, log: given.log, ms: TAKE_OVER_MS, failed: 'file.failed' },
      (cut) => takeOne(one, by, cut),
      notTaken('unreadable', fileName(one.name), given.rulesFor(by.widget)),
    );

  return {
    links: fileLinks({ ...given, now: clock.now }),
    rulesFor: given.rulesFor,
    keep,
    drop: (customer, { id }) => store.remove(customer, id),
    takeOver: async (message, by) => {
      const { attachments = [], ...said } = message;
      const sent = attachments.flatMap((one) => attachedIn(one) ?? []);
      if (sent.length === 0) return { message, told: [] };
      const others = attachments.filter((one) => attachedIn(one) === undefined);
      const rules = given.rulesFor(by.widget);
      const results = await Promise.all(
        sent.map(async (one, place) =>
          place < MOST_FILES
            ? takeInTime(one, { ...by, key: `${by.key}|${place}` })
            : notTaken('tooMany', fileName(one.name), rules),
        ),
      );
      const taken = results.flatMap((one) => ('id' in one ? [one] : []));
      const whole: Message = {
        ...said,
        ...(others.length > 0 && { attachments: others }),
        ...(taken.length > 0 && { files: taken }),
      };
      const isEmpty = (said.text ?? '') === '' && others.length === 0 && taken.length === 0;
      return {
        message: isEmpty ? undefined : whole,
        told: results.flatMap((one) => ('fault' in one ? [noticeOf(one)] : [])),
      };
    },
    read: async ({ sid, seq, place }, audience) => {
      const [entry] = await given.sessions.entries(sid, { after: seq - 1, upTo: seq });
      if (entry?.seq !== seq || entry.what.kind !== 'message') return undefined;
      if (audience === 'customer' && !isForCustomer(entry)) return undefined;
      const file = entry.what.files?.[place];
      const kept = file && (await store.get(customerOf(sid), file.id));
      return kept && { ...kept, name: file.name, type: file.type, size: kept.bytes.length };
    },
  };
}

/** An attachment whose bytes lie elsewhere. */
interface Attached {
  readonly contentUrl: string;
  readonly name: unknown;
}

function attachedIn(attachment: unknown): Attached | undefined {
  if (typeof attachment !== 'object' || attachment === null) return undefined;
  const { contentUrl, name } = attachment as Readonly<Record<'contentUrl' | 'name', unknown>>;
  return typeof contentUrl === 'string' && contentUrl !== '' ? { contentUrl, name } : undefined;
}

/** Says of a file why it is not taken, and by which rule. */
export const notTaken = (fault: FileFault, name: string, rules: FileRules): NotTaken => ({
  fault,
  params: {
    why: fault,
    name,
    ...(fault === 'tooLarge' && { mostBytes: rules.maxBytes }),
    ...(fault === 'tooMany' && { most: MOST_FILES }),
    ...(fault === 'type' && { types: endingsOf(rules).join(', ') }),
  },
});

const noticeOf = ({ params }: NotTaken): Notice => ({
  kind: 'notice',
  code: 'fileRefused',
  to: 'both',
  params,
});
