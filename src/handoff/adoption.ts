import type { CustomerId } from '../session/ids.ts';
import type { Subject } from '../session/session.ts';
import type { Sessions } from './handle.ts';
import type { Header } from './header.ts';
import { isFinal } from './step.ts';

/** A subject that the site has verified. */
export type SignedIn = Extract<Subject, { kind: 'signedIn' }>;

/** Makes the chats of an anonymous device a signed-in customer's (design 5, threat T11). */
export interface Adoption {
  /**
   * Makes all open chats of a device an account's, and all that open there from now on. The sessions first, each with its
   * audit, then the alias: a crash in between is repaired by the feed. Twice is fine. Whether the caller may speak for both
   * is checked before. `false`: they are somebody else's already, and nothing has changed.
   */
  readonly adopt: (device: CustomerId, account: CustomerId, subject: SignedIn) => Promise<boolean>;
  /** Adds the alias that a crash kept from being written. */
  readonly repair: (header: Header) => Promise<void>;
}

/** Makes it over the one door to sessions. */
export function adoption(sessions: Pick<Sessions, 'ask' | 'index' | 'reindex' | 'forget'>): Adoption {
  const identifyAll = async (device: CustomerId, subject: SignedIn): Promise<boolean> => {
    const open = ((await sessions.index(device))?.sessions ?? []).filter((one) => !isFinal(one.status));
    const outcomes = await Promise.all(
      open.map(({ sid }) =>
        sessions.ask(sid, { actor: 'customer', command: () => ({ type: 'identify', subject }) }),
      ),
    );
    return outcomes.every(({ refused }) => refused === undefined || refused.kind === 'over');
  };

  const addAlias = async (account: CustomerId, device: CustomerId, subject: SignedIn): Promise<void> => {
    await sessions.reindex(account, (index) =>
      index.aliases?.includes(device) === true
        ? undefined
        : {
            ...index,
            ...(index.subject === undefined && { subject }),
            aliases: [device, ...(index.aliases ?? [])],
          },
    );
  };

  return {
    adopt: async (device, account, subject) => {
      const adopted: SignedIn = { ...subject, account };
      sessions.forget(device);
      const known = (await sessions.index(device))?.subject;
      if (known !== undefined && !isOf(account, known)) return false;
      if (!(await identifyAll(device, adopted))) return false;
      // For what opens there from now on, and against every other cookie of the device's.
      const index = await sessions.reindex(device, (before) =>
        before.subject === undefined ? { ...before, subject: adopted } : undefined,
      );
      if (!isOf(account, index.subject)) return false;
      // One that opened while we were at it.
      await identifyAll(device, adopted);
      await addAlias(account, device, subject);
      return true;
    },
    repair: async ({ session: { customer, subject } }) => {
      if (subject.kind !== 'signedIn' || subject.account === undefined) return;
      const { account, ...own } = subject;
      if ((await sessions.index(account))?.aliases?.includes(customer) === true) return;
      await addAlias(account, customer, own);
    },
  };
}

/** Whether somebody known by this subject, in a device's partition, is this account. */
const isOf = (account: CustomerId, subject: Subject | undefined): boolean =>
  subject?.kind === 'signedIn' && subject.account === account;
