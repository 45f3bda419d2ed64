import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountId } from '../handoff/account.ts';
import type { AuditFault } from '../handoff/audit-chain.ts';
import { sessions } from '../handoff/handle.ts';
import type { Log } from '../handoff/ports.ts';
import { eraser } from '../handoff/privacy/erase.ts';
import { ending } from '../handoff/privacy/erasures.ts';
import { exportOf, type ExportOptions } from '../handoff/privacy/export.ts';
import { personOf, type Person } from '../handoff/privacy/person.ts';
import { verifyAudit } from '../handoff/privacy/verify.ts';
import { readReference } from '../handoff/reference.ts';
import { customerOf, readCustomerId, type CustomerId } from '../session/ids.ts';
import type { Opened } from './opened.ts';
import { widgetIn, wordsIn } from './words.ts';

/** Whom a command is about. */
export type Whom = { readonly id: string } | { readonly issuer: string; readonly subject: string };

const OPERATOR = 'operator';
const unique = (): string => randomBytes(12).toString('base64url');

/** Finds whom it is about; throws what to put right where it is nobody. */
export async function find({ stores, peppers }: Opened, whom: Whom): Promise<CustomerId> {
  if ('issuer' in whom) {
    const ids = peppers.map((pepper) => accountId(pepper, whom.issuer, whom.subject));
    for (const id of ids) if ((await stores.sessions.index(id)) !== undefined) return id;
    throw new Error(`Nothing is held of ${whom.subject} of ${whom.issuer}.`);
  }
  const id = readCustomerId(whom.id);
  if (id !== undefined) return id;
  const reference = readReference(whom.id);
  if (reference === undefined)
    throw new Error(`"${whom.id}" is neither a customer's id (dl_…) nor a reference number (XXXXX-XXXXX).`);
  const sid = await stores.interactions.sessionOf(reference);
  if (sid === undefined) throw new Error(`No chat has the reference number ${reference}.`);
  return customerOf(sid);
}

/** Hands everything that is held of them to `write`, and their files to a folder; whether there was anything. */
export async function exportCustomer(
  { stores, files, settings, clock }: Opened,
  id: CustomerId,
  options: { readonly comments: boolean; readonly folder?: string },
  write: (piece: string) => Promise<void>,
): Promise<boolean> {
  const person = await personOf(stores.sessions, id);
  const given = {
    ...{ interactions: stores.interactions, holdings: stores.holdings, wordsOf: wordsIn(settings) },
    ...{ store: stores.sessions, now: clock.now() },
  };
  let count = 0;
  const keepFile: ExportOptions['keepFile'] = async (customer, { id: file, name }) => {
    const kept = await files?.get(customer, file);
    if (kept === undefined || options.folder === undefined) return undefined;
    mkdirSync(options.folder, { recursive: true });
    count += 1;
    // As `fileName` has left it: no path, and nothing that deceives.
    const savedAs = `${count}-${name}`;
    writeFileSync(join(options.folder, savedAs), kept.bytes);
    return savedAs;
  };
  let isFirst = true;
  const { comments, folder } = options;
  for await (const piece of exportOf(given, person, {
    comments,
    ...(folder !== undefined && { keepFile }),
  })) {
    if (isFirst) await stores.holdings.noteExport(person.customer, unique(), OPERATOR, clock.now());
    isFirst = false;
    await write(piece);
  }
  return !isFirst;
}

/** Says what erasing them would take. */
export async function wouldErase({ stores }: Opened, id: CustomerId): Promise<string> {
  const person = await personOf(stores.sessions, id);
  const counts = await Promise.all(person.partitions.map((one) => chatsOf(stores, one)));
  return `${many(sum(counts), 'chat')} of ${nameOf(person)}`;
}

/** Erases them, and says what it did. Whatever it was killed at, running it again goes on. */
export async function eraseCustomer(
  { stores, files, settings, clock }: Opened,
  id: CustomerId,
  log: Log,
  say: (line: string) => void,
): Promise<void> {
  const door = sessions({
    ...{ store: stores.sessions, clock, holder: `customer-${unique()}` },
    rulesFor: (widget) => widgetIn(settings, widget).rules,
    // The running house tells; here nobody listens.
    tell: () => undefined,
  });
  const { ask, carryOut } = eraser({
    ...{
      store: stores.sessions,
      holdings: stores.holdings,
      agents: stores.agents,
      files,
      clock,
      unique,
      log,
    },
    forget: door.erase,
    end: ending({ sessions: door, store: stores.sessions, clock }),
  });
  const asked = await ask(id, OPERATOR);
  if (asked === undefined) {
    say(`Nothing is held of ${id}.`);
    return;
  }
  if (asked.erasedAt === undefined) say(`Erasing ${nameOf(asked)} …`);
  const { counts, id: name } = await carryOut(asked.customer);
  say(
    `Erased: ${many(counts.sessions, 'chat')}, ${many(counts.documents, 'document')}, ${many(counts.files, 'file')}.`,
  );
  say(`What stays is the audit line erased:${name}, which does not say whom.`);
  say('The running house blanks cards in Teams, tells the CRM and looks once more in an hour.');
}

/** Says whether the audit of each of their chats is whole; `false` when one is not. */
export async function verifyCustomer(
  { stores }: Opened,
  id: CustomerId,
  say: (line: string) => void,
): Promise<boolean> {
  const chats = await verifyAudit(
    { store: stores.sessions, holdings: stores.holdings },
    await personOf(stores.sessions, id),
  );
  if (chats.length === 0) {
    say(`Nothing is held of ${id}.`);
    return true;
  }
  for (const { reference, records, faults } of chats)
    say(
      `Chat ${reference}: ${many(records, 'record')}, ${faults.length === 0 ? 'whole' : faults.map(faultOf).join(', ')}.`,
    );
  return chats.every(({ faults }) => faults.length === 0);
}

function faultOf({ kind, ver }: AuditFault): string {
  switch (kind) {
    case 'missing':
      return `record ${ver} is missing`;
    case 'altered':
      return `record ${ver} was altered`;
    case 'differs':
      return `the chat is not what its records up to ${ver} make of it`;
  }
}

async function chatsOf({ holdings }: Opened['stores'], customer: CustomerId): Promise<number> {
  let count = 0;
  let from: string | undefined;
  do {
    const page = await holdings.held(customer, { kind: 'header', ...(from !== undefined && { from }) });
    count += page.held.length;
    from = page.next;
  } while (from !== undefined);
  return count;
}

const nameOf = ({ customer, partitions }: Person): string =>
  partitions.length === 1 ? customer : `${customer} and ${many(partitions.length - 1, 'device')} of theirs`;

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
