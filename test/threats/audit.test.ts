import { fileURLToPath } from 'node:url';
import { CosmosClient } from '@azure/cosmos';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cosmosStores, type CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { auditFaults } from '../../src/handoff/audit-chain.ts';
import type { AuditRecord, Header } from '../../src/handoff/header.ts';
import { personOf } from '../../src/handoff/privacy/person.ts';
import { verifyAudit } from '../../src/handoff/privacy/verify.ts';
import { step, type Ask } from '../../src/handoff/step.ts';
import type { Command } from '../../src/session/command.ts';
import { readCustomerId } from '../../src/session/ids.ts';
import { RECOMMENDED } from '../../src/session/rules.ts';
import { environment, openDesk, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Customer } from '../production/people.ts';
import { runProcess } from '../production/process.ts';
import { anna, ben, comesBack, conversation, customer, MIN, opening, sid, START } from '../session/given.ts';

const agent = fc.constantFrom(anna, ben);
const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.constant<Command>({ type: 'handoff', reason: 'a parcel' }),
  agent.map((one): Command => ({ type: 'accept', agent: one })),
  agent.map((one): Command => ({ type: 'accept', agent: one })),
  agent.map((one): Command => ({ type: 'suspend', by: 'agent', agent: one, reason: 'look it up' })),
  agent.map((one): Command => ({ type: 'resume', agent: one })),
  fc.constant<Command>({ type: 'customerLeft', cause: 'silent', at: START }),
  fc.nat(9).map((n) => comesBack({ conversation: conversation(`c${n}`), agentHere: n % 2 === 0 })),
  fc.constant<Command>({ type: 'tick' }),
  fc.record({ type: fc.constant('close' as const), by: fc.constantFrom('customer' as const, 'house') }),
);
const lives = fc.array(fc.tuple(commands, fc.constantFrom(0, 1, 7, 61)), { maxLength: 25, size: 'max' });

/** A session as it comes to be stored, and everything that was audited. */
async function lived(life: readonly (readonly [Command, number])[]) {
  const audit: AuditRecord[] = [];
  let header: Header | undefined;
  let now = START;
  const asks = [[{ type: 'handoff' }, 0] as const, ...life];
  for (const [command, minutes] of asks) {
    now += minutes * MIN;
    const ask: Ask = {
      ...{ actor: 'somebody', command: () => command },
      say: [{ by: { kind: 'customer' }, what: { kind: 'message', text: 'hello' } }],
      opening: {
        ...{ widget: opening.widget, stream: opening.stream, subject: opening.subject },
        reference: {
          ...{ channel: 'directline', serviceUrl: 'https://directline.example/' },
          ...{ conversation: opening.conversation, bot: { id: 'bot' }, user: { id: customer } },
        },
      },
    };
    const done = await step(sid('first'), customer, header, ask, now, () => RECOMMENDED);
    header = done?.header ?? header;
    if (done?.audit !== undefined) audit.push(done.audit);
  }
  // As a store gives it back.
  return JSON.parse(JSON.stringify({ audit, header })) as { audit: AuditRecord[]; header: Header };
}

const altered = (record: AuditRecord | undefined): AuditRecord[] =>
  record === undefined ? [] : [{ ...record, actor: 'somebody else' }];

test('T44: over two thousand lives the audit makes the session, and whatever is lost or changed in it is found', async () => {
  await fc.assert(
    fc.asyncProperty(lives, fc.nat(), async (life, which) => {
      const { audit, header } = await lived(life);
      expect(auditFaults(audit, header)).toEqual([]);
      const at = which % audit.length;
      const ver = at + 1;
      expect(auditFaults(audit.toSpliced(at, 1), header)).toEqual([{ kind: 'missing', ver }]);
      expect(auditFaults(audit.toSpliced(at, 1, ...altered(audit[at])), header)).toEqual([
        { kind: 'altered', ver },
      ]);
    }),
    { seed: 6, numRuns: 2_000 },
  );
});

test('T44: a session is found to differ that somebody has written past its audit', async () => {
  const { audit, header } = await lived([[{ type: 'accept', agent: anna }, 1]]);
  const stolen = { ...header, session: { ...header.session, stream: 'vip' } };
  expect(auditFaults(audit, stolen)).toEqual([{ kind: 'differs', ver: audit.length }]);
  // What is kept longer than the chat is judged by itself.
  expect(auditFaults(audit, undefined)).toEqual([]);
});

test('T44: records from before they were sealed, or of an older version that still runs, raise no alarm', async () => {
  const { audit, header } = await lived([
    [{ type: 'accept', agent: anna }, 1],
    [{ type: 'close', by: 'customer' }, 1],
  ]);
  const unsealed = audit.map(({ prev: _, ...record }) => record);
  const { audited: _, ...old } = header;
  expect(auditFaults(unsealed, old)).toEqual([]);
  // The older one wrote the last record, and left the seal as it was.
  const behind = { ...header, audited: { ver: audit.length - 1, seal: 'of the record before' } };
  expect(auditFaults(audit.slice(0, -1).concat(unsealed.slice(-1)), behind)).toEqual([]);
});

describe('T44: the audit in the store of production', () => {
  let desk: TestDesk;
  let stores: CosmosStores;
  let client: CosmosClient;
  let lea: Customer;
  beforeAll(async () => {
    desk = await openDesk();
    const { endpoint, key } = desk.cosmos;
    stores = cosmosStores({ endpoint, key, database: DATABASE, clock: desk.clock, log: () => undefined });
    client = new CosmosClient({ endpoint, key });
    const jonas = await agentAt(desk, 'Jonas Weber', 1);
    lea = await customerAt(desk);
    await lea.say('agent');
    const chat = await rowIn(jonas, 'queue', lea);
    for (const act of ['accept', 'suspend', 'resume', 'close']) {
      const done = await jonas.act(chat, { act });
      expect([act, done.status]).toEqual([act, 200]);
    }
    await desk.settled();
  });
  afterAll(async () => {
    client.dispose();
    stores.dispose();
    await desk.close();
  });

  const container = () => client.database(DATABASE).container('sessions');
  const records = async () =>
    (
      await container()
        .items.query<{ id: string; customer: string; body: AuditRecord }>(
          `SELECT * FROM c WHERE c.kind = 'audit'`,
        )
        .fetchAll()
    ).resources;
  const faults = async () => {
    const id = readCustomerId(lea.userId);
    if (id === undefined) throw new TypeError('She has an id');
    const person = await personOf(stores.sessions, id);
    const found = await verifyAudit({ store: stores.sessions, holdings: stores.holdings }, person);
    return found.flatMap((one) => one.faults);
  };
  const verify = () =>
    runProcess(
      fileURLToPath(new URL('../../src/customer/main.ts', import.meta.url)),
      environment(desk.azure, desk.cosmos),
      ['verify', lea.userId],
    );

  test('T44: each record that is deleted or altered is named, and so it is by the admins’ command', async () => {
    const written = await records();
    expect(written.length).toBeGreaterThan(5);
    expect(await faults()).toEqual([]);
    for (const record of written) {
      const { ver } = record.body;
      await container().item(record.id, record.customer).delete();
      expect(await faults()).toEqual([{ kind: 'missing', ver }]);
      await container().items.create({ ...record, body: { ...record.body, actor: 'nobody' } });
      expect(await faults()).toEqual([{ kind: 'altered', ver }]);
      await container().items.upsert(record);
    }
    const whole = await verify();
    expect([whole.code, whole.said]).toEqual([
      0,
      expect.stringMatching(/^Chat \S+: \d+ records, whole\.\n$/u),
    ]);

    const [one] = written;
    await container().items.upsert({ ...one, body: { ...one?.body, actor: 'nobody' } });
    const found = await verify();
    expect([found.code, found.said]).toEqual([
      1,
      expect.stringContaining(`record ${one?.body.ver} was altered`),
    ]);
  });
});
