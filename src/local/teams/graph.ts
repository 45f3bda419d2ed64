import type { Server } from 'restify';
import { z } from 'zod';
import { readBody, route, Refused, type Log } from './http.ts';
import type { Knobs } from './knobs.ts';
import type { Person } from './people.ts';

const asked = z.strictObject({ ids: z.array(z.string()).min(1).max(650) });

/** Mounts the one call of Microsoft Graph that we make; whose presence no knob sets is unknown, as in Graph. */
export function mountGraph(
  server: Server,
  at: string,
  { people, knobs, log }: { readonly people: readonly Person[]; readonly knobs: Knobs; readonly log: Log },
): void {
  server.post(
    `${at}/communications/getPresencesByUserId`,
    route(log, async (req) => {
      if (!req.header('authorization', '').startsWith('Bearer '))
        throw new Refused(401, 'InvalidAuthenticationToken', 'Access token is empty.');
      const { ids } = await readBody(req, asked);
      const value = ids.flatMap((id) => {
        const person = people.find(({ oid }) => oid === id);
        const availability = knobs.state().presences[String(person?.n)] ?? 'PresenceUnknown';
        return person === undefined ? [] : [{ id, availability, activity: availability }];
      });
      return { status: 200, body: { value } };
    }),
  );
}
