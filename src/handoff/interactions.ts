import type { CustomerId, SessionId } from '../session/ids.ts';
import { isOver } from '../session/whose.ts';
import { HandoffError } from './errors.ts';
import type { Header } from './header.ts';
import { interactionOf, type InteractionRecord } from './interaction.ts';
import type { InteractionHook } from './interaction-hook.ts';
import type { InteractionStore, Log, SessionStore } from './ports.ts';
import { readReference } from './reference.ts';

/** The records of sessions that are over and had an agent. */
export interface Interactions {
  /** Keeps what became of a session, as its header stands, and owes it to the hook; nothing while it runs. Twice is fine. */
  readonly keep: (header: Header) => Promise<void>;
  /** The session of a reference number, as somebody typed it; `undefined` when there is no record under it. */
  readonly find: (reference: string) => Promise<SessionId | undefined>;
  readonly record: (sid: SessionId) => Promise<InteractionRecord | undefined>;
  /** What became of a customer's sessions, latest first. */
  readonly ofCustomers: (customers: readonly CustomerId[]) => Promise<readonly InteractionRecord[]>;
}

const TRIES = 5;

/** Makes them. Only the feed's reader keeps any, so that each is kept once and after every crash. */
export function interactions(given: {
  readonly store: InteractionStore;
  readonly sessions: Pick<SessionStore, 'audit'>;
  readonly linkTo: (sid: SessionId) => string | undefined;
  readonly hook: Pick<InteractionHook, 'owes'> | undefined;
  readonly log: Log;
}): Interactions {
  const { store, hook } = given;

  const keep: Interactions['keep'] = async ({ session }) => {
    if (!isOver(session) || session.agents.length === 0) return;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await store.interaction(session.id);
      if (before !== undefined && before.value.interaction.version >= session.ver) return owe(before.value);
      const audit = await given.sessions.audit(session.id);
      const record: InteractionRecord = {
        interaction: interactionOf(session, audit, given.linkTo(session.id)),
        ...(hook && { hook: { told: before?.value.hook?.told ?? 0, failed: 0, nextAt: 0 } }),
      };
      if (before === undefined)
        await store.fileReference(record.interaction.reference, session.id, record.interaction.endedAt);
      if ((await store.saveInteraction(record, before?.etag)) !== false) return owe(record);
    }
    throw new HandoffError(
      'store_contended',
      `The record of ${session.id} was written by others ${TRIES} times in a row`,
    );
  };
  /** After the record, and before the feed moves on: a crash in between brings the header up again. */
  const owe = async ({ interaction: { sid, version }, hook: state }: InteractionRecord): Promise<void> => {
    if (hook === undefined || state === undefined || state.told >= version) return;
    await store.owe(sid, version);
    hook.owes(sid);
  };

  return {
    keep: (header) =>
      keep(header).catch((reason: unknown) => {
        // Written by a newer house: it is kept there, and must not hold up everybody's rows here.
        if (!(reason instanceof HandoffError) || reason.code !== 'store_unreadable') throw reason;
        given.log('interaction.unreadable', { session: header.session.id });
      }),
    find: async (text) => {
      const reference = readReference(text);
      return reference === undefined ? undefined : store.sessionOf(reference);
    },
    record: async (sid) => (await store.interaction(sid))?.value,
    ofCustomers: async (customers) => {
      const all = await Promise.all([...new Set(customers)].map((one) => store.interactionsOf(one)));
      return all.flat().toSorted((a, b) => b.interaction.endedAt - a.interaction.endedAt);
    },
  };
}
