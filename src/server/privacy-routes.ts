import type { Request, Response, Server } from 'restify';
import { HandoffError, whereOf } from '../handoff/errors.ts';
import type { House } from '../handoff/house.ts';
import type { Log } from '../handoff/ports.ts';
import type { Erasure } from '../handoff/privacy/holdings.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import type { CustomerId } from '../session/ids.ts';
import { Refused, route, tooMany } from './http.ts';

/**
 * What is held of one customer, for supervisors: taken out whole, and erased. A customer is named by their id or by the
 * reference number of a chat of theirs.
 */
export function privacyRoutes(
  server: Server,
  given: {
    readonly house: House;
    readonly log: Log;
    /** The supervisor who asks; to all others there is nothing here. */
    readonly supervisorOf: (req: Request) => Promise<AgentRecord>;
  },
): void {
  const { house, log, supervisorOf } = given;

  const whose = async (req: Request): Promise<CustomerId> => {
    const customer = await house.privacy.whose((req.params as { id: string }).id);
    if (customer === undefined) throw nobody();
    return customer;
  };
  const notTooOften = async (what: 'export' | 'erase', { id }: AgentRecord): Promise<void> => {
    const waitMs = await house.privacy.tooOften(what, id);
    if (waitMs !== undefined) throw tooMany(waitMs, 'That was a lot within an hour. Please wait a while.');
  };

  server.get(
    '/api/customers/:id/export',
    route(log, async (req, res) => {
      const supervisor = await supervisorOf(req);
      await notTooOften('export', supervisor);
      const customer = await whose(req);
      const comments = (req.query as { comments?: string } | undefined)?.comments !== 'false';
      const pieces = house.privacy.export(customer, supervisor.id, { comments });
      const first = await pieces.next();
      if (first.done === true) throw nobody();
      log('customer.exported', { by: supervisor.id });
      await streamed(res, first.value, pieces, log);
      return undefined;
    }),
  );

  server.del(
    '/api/customers/:id',
    route(log, async (req) => {
      const supervisor = await supervisorOf(req);
      await notTooOften('erase', supervisor);
      const erasure = await house.erasures.ask(await whose(req), supervisor.id);
      if (erasure === undefined) throw nobody();
      return { status: 202, body: { erasure: erasureBody(erasure) } };
    }),
  );

  server.get(
    '/api/customers/:id/erasure',
    route(log, async (req) => {
      await supervisorOf(req);
      const erasure = await house.erasures.of(await whose(req));
      if (erasure === undefined) throw nobody();
      return { body: { erasure: erasureBody(erasure) } };
    }),
  );
}

const nobody = () => new Refused(404, 'not_found', 'Nothing is held of this customer.');

const erasureBody = ({ id, askedAt, erasedAt, counts }: Erasure) => ({
  ...{ id, askedAt, done: erasedAt !== undefined, ...counts },
  ...(erasedAt !== undefined && { erasedAt }),
});

/** An answer that breaks off is cut, so that nobody takes half for the whole. */
async function streamed(res: Response, first: string, rest: AsyncGenerator<string>, log: Log): Promise<void> {
  res.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Disposition': 'attachment; filename="customer.json"',
    'Cache-Control': 'no-store',
  });
  try {
    await written(res, first);
    for await (const piece of rest) await written(res, piece);
    res.end();
  } catch (reason) {
    log('export.failed', { reason: whereOf(reason) });
    res.destroy();
  }
}

/** Waits until there is room for more. */
const written = (res: Response, piece: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (res.destroyed) reject(new HandoffError('channel_gone', 'Whoever took the export is gone'));
    else res.write(piece, (failed) => (failed ? reject(failed) : resolve()));
  });
