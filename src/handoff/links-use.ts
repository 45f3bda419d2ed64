import type { CustomerState, Line, LinkShown } from '../cards/views.ts';
import type { Clock } from '../clock.ts';
import type { GivenLink } from '../session/event.ts';
import { readConversationId, type ConversationId, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { HandoffError } from './errors.ts';
import type { Header } from './header.ts';
import { isGoodFor, type Caller, type Key } from './links-find.ts';
import type { Secrets } from './links-secrets.ts';
import type { Links } from './links.ts';
import type { Beside, SessionStore } from './ports.ts';
import type { ComingBack, Return } from './return.ts';
import type { Standing } from './standing.ts';
import type { Saying, Step } from './step.ts';

/** A new conversation of the channel, opened for a customer; JSON. */
export interface Opened {
  readonly token: string;
  readonly conversationId: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** A browser that is let in: the hash to be stored of it, and what it is to keep; JSON. */
export interface Admitted {
  readonly hash: string;
  readonly setCookie: string;
  readonly pass: string;
}

/** What only the rim can make: a conversation of the channel, and what a browser is known by. */
export interface Rim {
  /** @throws HandoffError `channel_gone` */
  readonly open: (user: { readonly id: CustomerId; readonly name?: string }) => Promise<Opened>;
  readonly admit: (customer: CustomerId, conversation: ConversationId) => Admitted;
}

/** What a key gives whoever uses it: everything a page needs to show the chat and go on with it. */
export interface Back {
  readonly opened: Opened;
  readonly customer: CustomerId;
  readonly state: CustomerState;
  readonly transcript: readonly Line[];
  /** The next way back: the one just used opens nothing any more. */
  readonly link: LinkShown;
  /** Where the browser is new to an anonymous customer. */
  readonly admitted?: Admitted;
}

/** What a key that is good does, and what one that was just used has done. */
export interface Use {
  /**
   * Uses it, in one batch: the key is used, the next is made, the session's customer is here again, and the browser is
   * known. `undefined` when it was used, revoked or ended in this very moment.
   *
   * @throws HandoffError `channel_gone` when no conversation can be opened; then nothing has happened.
   */
  readonly use: (key: Key, caller: Caller, rim: Rim) => Promise<Back | undefined>;
  /** The answer that was lost on its way, for whoever asked for it within the last minute. */
  readonly repeat: (key: Key, caller: Caller) => Promise<Back | undefined>;
}

const REPEAT_MS = 60_000;

/** What is sealed for whoever asks again; the rest follows from it. Up to `seq` the ledger never changes. */
interface Sealed extends Pick<Back, 'opened' | 'state' | 'admitted'> {
  readonly seq: number;
  readonly next: GivenLink;
}

const deviceOf = ({ device }: Caller): Pick<Header, 'device'> => (device === undefined ? {} : { device });

/** Makes it. */
export function usingKeys(given: {
  readonly links: Links;
  readonly secrets: Secrets;
  readonly returning: Return;
  readonly standing: Pick<Standing, 'stateWith' | 'linesOf'>;
  readonly store: SessionStore;
  readonly clock: Clock;
}): Use {
  const { links, secrets, returning, standing, store, clock } = given;

  const use: Use['use'] = async (key, caller, rim) => {
    const { session } = key.read.header;
    const { customer, subject } = session;
    const name = subject.kind === 'signedIn' && subject.name !== undefined ? { name: subject.name } : {};
    const opened = await rim.open({ id: customer, ...name });
    const conversation = readConversationId(opened.conversationId);
    if (conversation === undefined)
      throw new HandoffError('channel_gone', 'The channel named no conversation');
    // A browser that is known gets a new device all the same: a pass is good in one conversation only.
    const admitted = subject.kind === 'signedIn' ? {} : { admitted: rim.admit(customer, conversation) };
    const { link: next, beside: nextKeys } = links.make(session.id, key.stored.value.family);

    let sealed: Sealed | undefined;
    const beside = ({ header }: Step): readonly Beside[] => {
      if (!isGoodFor(key.stored.value, header.session, key.who)) throw new NoLongerGood();
      const state = standing.stateWith(header, { place: key.read.place(header.session) });
      sealed = { opened, next, ...admitted, state, seq: header.seq };
      return [usedBy(key, caller, sealed), ...nextKeys, ...deviceIn(admitted)];
    };
    const back: ComingBack = {
      ...{ sid: session.id, conversation, way: key.way, want: 'agent', device: caller.device },
      alongside: () => Promise.resolve(beside),
      ...(links.canGive(session) && { say: [nextLink(next)] }),
    };
    const presence = {
      conversation,
      beatAt: clock.now(),
      phone: false,
      widget: session.widget,
      ...deviceOf(caller),
    };
    const [returned, isFree] = await Promise.all([
      returning.comeBack(back, Promise.resolve(key.read)).catch(ifNoLongerGood),
      links.reserve(session.id, next),
      store.beat(customer, presence),
    ]);
    if (returned === undefined || returned.spent === true || returned.refused !== undefined) return undefined;
    return sealed && answer(session, sealed, returned.transcript, isFree);
  };

  const answer = async (
    session: Session,
    { seq: _, next, ...told }: Sealed,
    transcript: readonly Line[],
    isFree: boolean,
  ): Promise<Back> => {
    const link = isFree ? links.shown(session, next) : await another(session.id);
    return { ...told, customer: session.customer, transcript, link };
  };
  /** Once in a great while somebody else has the words of a code just now: they would lead into another's chat. */
  const another = async (sid: SessionId): Promise<LinkShown> => {
    const copied = await links.copy(sid);
    if ('given' in copied) return copied.given;
    throw new HandoffError('store_contended', `Session ${sid} ended while its customer came back`);
  };

  const usedBy = (key: Key, { idempotencyKey }: Caller, sealed: Sealed): Beside => ({
    kind: 'key',
    hash: key.hash,
    over: key.stored.etag,
    value: {
      ...key.stored.value,
      used: {
        at: clock.now(),
        // Who cannot ask again is kept no answer.
        ...(idempotencyKey === undefined
          ? { sealed: '' }
          : {
              attempt: secrets.attempt(key.hash, idempotencyKey),
              sealed: secrets.seal(key.opener, key.hash, JSON.stringify(sealed)),
            }),
      },
    },
  });

  const repeat: Use['repeat'] = async (key, { idempotencyKey }) => {
    const { used } = key.stored.value;
    const { header } = key.read;
    if (used === undefined || idempotencyKey === undefined || clock.now() - used.at > REPEAT_MS)
      return undefined;
    if (!secrets.isAttempt(used.attempt, key.hash, idempotencyKey)) return undefined;
    const text = secrets.open(key.opener, key.hash, used.sealed);
    if (text === undefined) return undefined;
    const sealed = readSealed(text);
    const [entries, isFree] = await Promise.all([
      store.entries(header.session.id, { upTo: sealed.seq }),
      links.reserve(header.session.id, sealed.next),
    ]);
    return answer(header.session, sealed, standing.linesOf(header, entries), isFree);
  };

  return { use, repeat };
}

/** In the chat, where the one just used still stands. Without the code: whether its words are free is not known yet. */
const nextLink = ({ seed }: GivenLink): Saying => ({
  by: { kind: 'house' },
  what: { kind: 'notice', code: 'linkGiven', to: 'customer', params: { seed, why: 'used' } },
});

/** The key lost its worth between being read and being used. */
class NoLongerGood extends Error {}

function ifNoLongerGood(reason: unknown): undefined {
  if (!(reason instanceof NoLongerGood)) throw reason;
}

const deviceIn = ({ admitted }: Pick<Back, 'admitted'>): readonly Beside[] =>
  admitted === undefined ? [] : [{ kind: 'device', hash: admitted.hash }];

/** Only we can have sealed it. */
const readSealed = (text: string): Sealed => JSON.parse(text) as Sealed;
