import type { Request } from 'restify';
import type { Clock } from '../clock.ts';
import { isSame, keyedBy, type Keyed, type Peppers } from '../handoff/peppers.ts';
import { readConversationId, readCustomerId, type ConversationId } from '../session/ids.ts';
import type { Device } from './device.ts';

/** What a page shows in place of a cookie that its browser does not keep: one device, in one conversation. */
export interface Pass extends Device {
  readonly conversation: ConversationId;
  /** It was asked for on a shared computer, where nothing but this tab is to know its customer. */
  readonly tabOnly: boolean;
}

/** Passes, signed so that none has to be stored; forgetting its device ends a pass before its time. */
export interface Passes {
  readonly give: (pass: Pass) => string;
  /** The pass a request shows, if it is one of ours and still good. */
  readonly read: (req: Request) => Pass | undefined;
}

/** The header that carries it: no page but one that is let in can set it, and no browser sends it by itself. */
export const PASS_HEADER = 'x-reconnect-pass';

const LIFE_MS = 24 * 3_600_000;
const VERSION = 'rp1';

/** Makes the office that signs them, the same on every instance. */
export function passes(given: Peppers & { readonly clock: Clock }): Passes {
  const all = keyedBy(given);
  const [keyed] = all;
  const signed = (by: Keyed, words: readonly string[]): string =>
    by(`pass|${words.join('|')}`).toString('base64url');
  return {
    give: ({ customer, hash, conversation, tabOnly }) => {
      const where = Buffer.from(conversation).toString('base64url');
      const until = (given.clock.now() + LIFE_MS).toString(36);
      const words = [VERSION, customer, hash, where, until, tabOnly ? 't' : 'c'];
      return [...words, signed(keyed, words)].join('.');
    },
    read: (req) => {
      const words = req.header(PASS_HEADER, '').split('.');
      const signature = words.pop() ?? '';
      const [version, id, hash, where, until, kind] = words;
      const isOurs = all.some((by) => isSame(signature, signed(by, words)));
      if (version !== VERSION || words.length !== 6 || !isOurs) return undefined;
      const customer = readCustomerId(id);
      const conversation = readConversationId(Buffer.from(where ?? '', 'base64url').toString());
      if (customer === undefined || conversation === undefined || hash === undefined) return undefined;
      if (given.clock.now() >= Number.parseInt(until ?? '', 36)) return undefined;
      return { customer, hash, conversation, tabOnly: kind === 't' };
    },
  };
}

/** Whether a request is about the conversation that a pass is for, and about no other. */
export function isAbout(req: Request, { conversation }: Pass): boolean {
  const named = namedIn(req);
  return named.length > 0 && named.every((one) => one === conversation);
}

/** Whether a request names no conversation at all. */
export const isAboutNone = (req: Request): boolean => namedIn(req).length === 0;

/** Every conversation a request's body names, wherever our routes look for one: whatever they read, it is among these. */
function namedIn(req: Request): readonly unknown[] {
  const body: unknown = req.body;
  return [read(body, 'conversation'), read(read(body, 'prompt'), 'conversation')].filter(
    (one) => one !== undefined,
  );
}

const read = (from: unknown, key: string): unknown =>
  typeof from === 'object' && from !== null ? (Reflect.get(from, key) as unknown) : undefined;
