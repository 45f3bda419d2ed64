import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A variant of the product that is known to be bad: this text of this file is read as that. */
export interface Tooth {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * What others have got wrong, or what somebody could be tempted to simplify. Each patches the text of one source file as
 * a process of its own loads it; nothing of it is in the product. One whose text is no longer there fails loudly.
 */
export const TEETH: readonly Tooth[] = [
  {
    name: 'wildcard etag: the header is written over whatever is there',
    file: 'src/adapters/cosmos/calls.ts',
    from: 'resourceBody, ifMatch: one.over }',
    to: "resourceBody, ifMatch: '*' }",
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
    name: 'token checked, then written blindly',
    file: 'src/adapters/cosmos/keys.ts',
    from: '{ document: keyDocument(customer, one.hash, one.value), over: one.over }',
    to: '{ document: keyDocument(customer, one.hash, one.value), blind: true }',
  },
  {
    name: 'places counted, not kept as a set',
    file: 'src/handoff/agents.ts',
    from: 'slots: { ...slots, [sid]: wanted } }',
    to: 'slots: { ...record.slots, [`${sid}.${now}`]: wanted } }',
  },
  {
    name: 'a lost race for an agent’s places is not noticed',
    file: 'src/handoff/agents.ts',
    from: 'if ((await store.replace(wanted, read.etag)) !== false) {',
    to: 'if ((await store.replace(wanted, read.etag)) !== undefined) {',
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
  },
  {
    name: 'no mark after the send',
    file: 'src/handoff/delivery.ts',
    from: 'clock.after(QUIET_MS, () => void markNow(sid).then((wrote) => wrote || markSoon(sid))),',
    to: 'clock.after(QUIET_MS, () => void markNow),',
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
  },
  {
    name: 'an erasure forgets what was said',
    file: 'src/handoff/privacy/erase.ts',
    from: 'const documents = await empty(one);',
    to: 'const documents = 0;',
  },
];

/** The text of the product with that tooth in it. @throws Error where its text is not there once */
export function bitten({ name, file, from, to }: Tooth): string {
  const text = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${name}: ${file} has its text ${parts.length - 1} times`);
  return parts.join(to);
}

/** Makes this process load the product with that tooth; before anything of it is loaded. */
export function wear(tooth: Tooth): void {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      return url.endsWith(`/${tooth.file}`) ? { ...loaded, source: bitten(tooth) } : loaded;
    },
  });
}
