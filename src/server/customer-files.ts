import type { Request, Server } from 'restify';
import type { House } from '../handoff/house.ts';
import type { Log } from '../handoff/ports.ts';
import { customerOf } from '../session/ids.ts';
import type { CustomerIdentities } from './customer-identity.ts';
import { answerFile, noFile, placeIn } from './file-answer.ts';
import { Refused, route } from './http.ts';

/**
 * `GET /api/files/:sid/:seq/:place` gives a customer a file of their session: by the proof in the address that every
 * transcript renews, or, once that has run out on a page left open, by the device's cookie. To everybody else there is
 * no such file.
 */
export function customerFiles(
  server: Server,
  given: { readonly house: House; readonly identities: CustomerIdentities; readonly log: Log },
): void {
  const { house, identities, log } = given;

  const isTheirs = async (req: Request, owner: string): Promise<boolean> => {
    try {
      return (await identities.known(req)).customer === owner;
    } catch (reason) {
      if (reason instanceof Refused) return false;
      throw reason;
    }
  };

  server.get(
    '/api/files/:sid/:seq/:place',
    route(log, async (req, res) => {
      const of = placeIn(req);
      const { until, proof } = (req.query ?? {}) as Readonly<Record<'until' | 'proof', unknown>>;
      const isProven = house.files?.links.admits(of, until, proof) === true;
      if (!isProven && !(await isTheirs(req, customerOf(of.sid)))) throw noFile();
      return answerFile(house, of, 'customer', res);
    }),
  );
}
