import type { Clock } from '../../clock.ts';
import { sleep } from '../../clock.ts';
import type { TeamsPresence, TeamsStatus } from '../../handoff/ports.ts';

/** As many as Microsoft Graph takes in one request. Source: Graph docs, `cloudCommunications: getPresencesByUserId`. */
const BATCH = 650;
const DEADLINE_MS = 1_500;

const STATUSES: Readonly<Record<string, TeamsStatus>> = {
  Available: 'available',
  AvailableIdle: 'available',
  Busy: 'busy',
  BusyIdle: 'busy',
  DoNotDisturb: 'busy',
  BeRightBack: 'away',
  Away: 'away',
  Offline: 'offline',
};

/**
 * Reads agents' presence in Teams from Microsoft Graph, which needs the application permission `Presence.Read.All`.
 * Whose presence is unknown is left out. Rejects when Graph does not answer in time, or answers no.
 */
export function graphPresence(given: {
  readonly fetch: typeof fetch;
  /** A bearer token for Graph. */
  readonly token: () => Promise<string>;
  readonly clock: Clock;
  /** `https://graph.microsoft.com/v1.0` unless told otherwise. */
  readonly endpoint?: string;
}): TeamsPresence {
  const url = `${given.endpoint ?? 'https://graph.microsoft.com/v1.0'}/communications/getPresencesByUserId`;

  const ask = async (ids: readonly string[]): Promise<readonly (readonly [string, TeamsStatus])[]> => {
    const stopped = new AbortController();
    const late = sleep(given.clock, DEADLINE_MS).then(() => {
      stopped.abort();
      throw new Error('Graph did not answer in time');
    });
    const answered = async () => {
      const response = await given.fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${await given.token()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ids }),
        signal: stopped.signal,
      });
      if (!response.ok) throw new Error(`Graph answered ${response.status}`);
      return statusesIn(await response.json());
    };
    return Promise.race([answered(), late]);
  };

  return async (agents) => {
    const byUser = new Map(agents.map((agent) => [agent.slice(agent.indexOf(':') + 1), agent]));
    const ids = [...byUser.keys()];
    const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, i) =>
      ids.slice(i * BATCH, (i + 1) * BATCH),
    );
    const read = (await Promise.all(batches.map(ask))).flat();
    return new Map(
      read.flatMap(([user, status]) => {
        const agent = byUser.get(user);
        return agent === undefined ? [] : [[agent, status] as const];
      }),
    );
  };
}

function statusesIn(body: unknown): readonly (readonly [string, TeamsStatus])[] {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'value') : undefined;
  if (!Array.isArray(value)) throw new Error('Graph answered without a list');
  return value.flatMap((one: unknown) => {
    const { id, availability } = (typeof one === 'object' && one !== null ? one : {}) as {
      readonly id?: unknown;
      readonly availability?: unknown;
    };
    const status = typeof availability === 'string' ? STATUSES[availability] : undefined;
    return typeof id === 'string' && status !== undefined ? [[id, status] as const] : [];
  });
}
