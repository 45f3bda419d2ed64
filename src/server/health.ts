import type { Server } from 'restify';
import type { Log } from '../handoff/ports.ts';
import { Refused, route } from './http.ts';

/** `/health`: the process is alive. `/ready`: it can serve, because its store answers. */
export function healthRoutes(
  server: Server,
  given: { readonly ready: () => Promise<boolean>; readonly log: Log },
): void {
  const health = route(given.log, () => Promise.resolve({ body: { alive: true } }));
  const ready = route(given.log, async () => {
    if (!(await given.ready())) throw new Refused(503, 'not_ready', 'The store does not answer.');
    return { body: { ready: true } };
  });
  // Probes and load balancers ask with HEAD too.
  for (const method of ['get', 'head'] as const) {
    server[method]('/health', health);
    server[method]('/ready', ready);
  }
}
