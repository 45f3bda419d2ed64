import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** This text of this file is read as that. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A variant of the product that is known to be bad. */
export interface Tooth extends Patch {
  readonly name: string;
  /** Made wrong with it. */
  readonly and?: readonly Patch[];
  /** What else holds, so that nobody is hurt by it alone; the next one breaks that too. */
  readonly heldBy?: string;
  /** The test that notices, where stories do so seldom or never. */
  readonly seenBy?: string;
}

/**
 * What others have got wrong, or what somebody could be tempted to simplify. Each patches the text of one source file as
 * a process of its own loads it; nothing of it is in the product. One whose text is no longer there fails loudly.
 */
export const TEETH: readonly Tooth[] = [
  {
    name: 'wildcard etag: the header is written over whatever is there',
    file: 'src/adapters/cosmos/calls.ts',
    from: 'resourceBody: { operations }, ifMatch: one.over }',
    to: "resourceBody: { operations }, ifMatch: '*' }",
    heldBy: 'a step that creates its entry, or its audit, under a number that is taken is refused whole',
  },
  {
    name: 'wildcard etag, and entries and audit that are written over',
    file: 'src/adapters/cosmos/calls.ts',
    from: 'resourceBody: { operations }, ifMatch: one.over }',
    to: "resourceBody: { operations }, ifMatch: '*' }",
    and: [
      {
        file: 'src/adapters/cosmos/calls.ts',
        from: "? { operationType: 'Create', resourceBody }",
        to: "? { operationType: 'Upsert', resourceBody }",
      },
    ],
  },
  {
    name: 'upsert on guarded documents',
    file: 'src/adapters/cosmos/calls.ts',
    from: "? { operationType: 'Create', resourceBody }",
    to: "? { operationType: 'Upsert', resourceBody }",
  },
  {
    name: 'no dedupe: a resend is a new line',
    file: 'src/adapters/cosmos/sessions.ts',
    from: 'const heard = dedupeDocuments(change);',
    to: 'const heard = dedupeDocuments({ ...change, dedupe: [] });',
  },
  {
    name: 'dedupe by the channel’s id alone',
    file: 'src/handoff/customer-turn.ts',
    from: 'keys.client ??',
    to: '(undefined as string | undefined) ??',
  },
  {
    name: 'dedupe by the channel’s id, whatever the conversation',
    file: 'src/handoff/customer-turn.ts',
    from: '`${channel}|${conversation}|${keys.activity}`',
    to: '`${channel}|${conversation.length}|${keys.activity}`',
  },
  {
    name: 'token checked, then written blindly',
    file: 'src/adapters/cosmos/keys.ts',
    from: '{ document: keyDocument(customer, one.hash, one.value), over: one.over }',
    to: '{ document: keyDocument(customer, one.hash, one.value), blind: true }',
  },
  {
    name: 'places counted, not kept as a set',
    file: 'src/handoff/places.ts',
    from: 'slots: { ...slots, [session.id]: wanted } }',
    to: 'slots: { ...record.slots, [`${session.id}.${now}`]: wanted } }',
  },
  {
    name: 'a lost race for an agent’s places is not noticed',
    file: 'src/handoff/agent-records.ts',
    from: 'if (wanted !== undefined && etag !== false) {',
    to: 'if (wanted !== undefined) {',
    seenBy: 'test/handoff/agent-records.test.ts',
  },
  {
    name: 'acknowledge before the write',
    file: 'src/handoff/customer-turn.ts',
    from: 'underway.set(key, now);\n    return now;',
    to: 'underway.set(key, now);\n    now.catch(() => undefined);\n    return Promise.resolve();',
  },
  {
    name: 'a store error is swallowed: 200, and lost',
    file: 'src/handoff/customer-turn.ts',
    from: 'underway.set(key, now);\n    return now;',
    to: 'underway.set(key, now);\n    return now.catch(() => undefined);',
  },
  {
    name: 'deliver before the write',
    file: 'src/handoff/handle.ts',
    from: 'const committed = await store.commit(change)',
    to: 'settle(taken, change.header, true);\n      const committed = await store.commit(change)',
  },
  {
    name: 'a lost race is taken for a win',
    file: 'src/handoff/handle.ts',
    from: "if (committed.outcome === 'committed') {\n        warm.keep(sid, { value: change.header, etag: committed.etag });",
    to: "if (committed.outcome !== 'tooMuch') {\n        warm.drop(sid);",
  },
  {
    name: 'no fencing: two instances carry at a time',
    file: 'src/handoff/handle.ts',
    from: 'carrier !== undefined && carrier.holder !== holder && clock.now() < carrier.until;',
    to: "carrier !== undefined && carrier.holder === '';",
  },
  {
    name: 'whoever slept goes on with what they were about',
    file: 'src/adapters/botframework/proactive.ts',
    from: 'const isLate = (): boolean => clock.now() >= until;',
    to: 'const isLate = (): boolean => clock.now() < 0 && until > 0;',
    seenBy: 'test/handoff/sleeper.test.ts',
    and: [
      {
        file: 'src/handoff/delivery.ts',
        from: 'carrier !== undefined && clock.now() > carrier.until;',
        to: 'carrier === null;',
      },
    ],
  },
  {
    name: 'a replica that lags is believed: a line overtakes one that is not there yet',
    file: 'src/handoff/delivery.ts',
    from: 'return reach(entries, after, to) ? entries.find(isCarriedToCustomer) : undefined;',
    to: 'return entries.find(isCarriedToCustomer);',
    seenBy: 'test/handoff/lagging-replica.test.ts',
  },
  {
    name: 'a conversation that is gone is tried for ever',
    file: 'src/adapters/botframework/proactive.ts',
    from: "if (GONE.has(status)) return { outcome: 'gone' };",
    to: "if (GONE.has(status)) return { outcome: 'later', afterMs: 1_000 };",
    seenBy: 'test/handoff/delivery.test.ts',
    and: [
      {
        file: 'src/adapters/botframework/proactive.ts',
        from: "if (status === BLOCKED) return { outcome: 'gone', blocked: true };",
        to: "if (status === BLOCKED) return { outcome: 'later', afterMs: 1_000 };",
      },
    ],
  },
  {
    name: 'batch results unchecked',
    file: 'src/adapters/cosmos/calls.ts',
    from: 'const at = result.findIndex((one) => one.statusCode >= 400 && one.statusCode !== 424);',
    to: 'const at = -1;',
  },
  {
    name: 'a missing replica is an absence (404/1002)',
    file: 'src/adapters/cosmos/answers.ts',
    from: "if (substatus === undefined || substatus === 0) return { status: 'missing' };",
    to: "if (substatus !== -1) return { status: 'missing' };",
  },
  {
    name: 'an attempt in doubt is repeated as if it had not landed',
    file: 'src/adapters/cosmos/calls.ts',
    from: 'const landed = doubtful',
    to: 'const landed = doubtful === undefined',
    heldBy: 'what was written is known again: by its dedupe key, and a link’s answer by who asked',
  },
  {
    name: 'an attempt in doubt is repeated, and nothing is known again',
    file: 'src/adapters/cosmos/calls.ts',
    from: 'const landed = doubtful',
    to: 'const landed = doubtful === undefined',
    and: [
      {
        file: 'src/handoff/links-use.ts',
        from: 'if (!secrets.isAttempt(used.attempt, key.hash, idempotencyKey)) return undefined;',
        to: 'if (used.at > 0) return undefined;',
      },
    ],
  },
  {
    name: 'no mark after the send',
    file: 'src/handoff/delivery.ts',
    from: '() => void markNow(sid).then((wrote) => wrote || markSoon(sid)),',
    to: '() => void markNow,',
  },
  {
    name: 'a line overtakes another that is refused for now',
    file: 'src/handoff/delivery.ts',
    from: "if (sent === 'sent' && entry !== undefined) {",
    to: 'if (sent !== undefined && entry !== undefined) {',
  },
  {
    name: 'forgotten outbox: nobody takes up what a dead writer left',
    file: 'src/handoff/outbox.ts',
    from: 'lapsed: () => [...all.values()].filter(({ when }) => when <= clock.now()),',
    to: 'lapsed: () => [],',
  },
  {
    name: 'the feed’s place passes what is yet to be carried',
    file: 'src/handoff/projector.ts',
    from: 'return first === undefined ? at : first.at;',
    to: 'return at;',
    seenBy: 'test/handoff/projector.test.ts',
  },
  {
    name: 'TTL as expiry: no deadline ends anything',
    file: 'src/session/time.ts',
    from: 'const passed = deadlines(current, rules).filter(({ at }) => at <= now);',
    to: 'const passed = deadlines(current, rules).filter(({ at }) => at < 0 && at <= now);',
  },
  {
    name: 'no deadline is filed',
    file: 'src/handoff/filing.ts',
    from: 'await inbox.file({ sid: id, dueAt: next });',
    to: '',
  },
  {
    name: 'an older row is written over a newer one',
    file: 'src/adapters/cosmos/inbox.ts',
    from: '`from c where c.ver < ${ver} or (c.ver = ${ver} and c.seq < ${seq})`',
    to: '`from c where c.ver >= 0 or (c.ver = ${ver} and c.seq < ${seq})`',
  },
  {
    name: 'the epoch does not change with the owner',
    file: 'src/session/evolve.ts',
    from: 'before.conversation !== after.conversation ||\n  ownerOf(before)?.id !== ownerOf(after)?.id ||',
    to: 'before.conversation !== after.conversation ||',
  },
  {
    name: 'the epoch does not change with the conversation',
    file: 'src/session/evolve.ts',
    from: 'before.conversation !== after.conversation ||\n  ownerOf(before)?.id !== ownerOf(after)?.id ||',
    to: 'ownerOf(before)?.id !== ownerOf(after)?.id ||',
  },
  {
    name: 'a link is good for whoever has it, signed in or not',
    file: 'src/handoff/links-find.ts',
    from: "return subject.kind === 'anonymous' || who.account",
    to: 'return subject.kind.length > 0 || who.account',
  },
  {
    name: 'an answer that was lost is not given again',
    file: 'src/handoff/links-use.ts',
    from: 'if (!secrets.isAttempt(used.attempt, key.hash, idempotencyKey)) return undefined;',
    to: 'if (used.at > 0) return undefined;',
    seenBy: 'test/handoff/links-used.test.ts',
  },
  {
    name: 'whose it is is not checked on an act',
    file: 'src/session/whose.ts',
    from: 'agentOf(session)?.id === agent.id;',
    to: 'agentOf(session)?.id !== undefined && agent.id.length > 0;',
  },
  {
    name: 'closed is not final',
    file: 'src/session/whose.ts',
    from: "session.status === 'closed' || session.status === 'expired';",
    to: "session.status === 'expired';",
    seenBy: 'test/session/wrap-up.test.ts',
  },
  {
    name: 'an agent’s act, or press, that comes twice is done twice',
    file: 'src/handoff/desk.ts',
    from: 'dedupe: () => (card.isStale ? [] : [key]),',
    to: 'dedupe: () => (card.isStale || key !== "" ? [] : [key]),',
  },
  {
    name: 'a press on a card from before is answered as if it was done',
    file: 'src/handoff/desk.ts',
    from: '...(card.isStale && !outcome.duplicate && { stale: true }),',
    to: '...(card.isStale && outcome.duplicate && { stale: true }),',
  },
  {
    name: 'an erasure forgets what was said',
    file: 'src/handoff/privacy/erase.ts',
    from: 'const ids = (await holdings.left(customer)).map(({ id }) => id);',
    to: 'const ids: string[] = (await holdings.left(customer)).slice(0, 0).map(({ id }) => id);',
  },
];

/** The patches of a tooth, by their files. @throws Error where the text of one is not there once */
export const bitten = (tooth: Tooth): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  for (const { file, from, to } of [tooth, ...(tooth.and ?? [])]) {
    const text =
      texts.get(file) ?? readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${tooth.name}: ${file} has its text ${parts.length - 1} times`);
    texts.set(file, parts.join(to));
  }
  return texts;
};

/** Makes this process load the product with that tooth; before anything of it is loaded. */
export function wear(tooth: Tooth): void {
  const texts = bitten(tooth);
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const [, source] = [...texts].find(([file]) => url.endsWith(`/${file}`)) ?? [];
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}
