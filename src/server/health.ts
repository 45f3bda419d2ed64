import type { Server } from 'restify';
import type { Log } from '../handoff/ports.ts';
import { route, type Answer } from './http.ts';

/** What `/ready` asks. */
export interface HealthRoutes {
  /** By name, whether each part that a turn needs is there. One that throws counts as not there. */
  readonly checks: Readonly<Record<string, () => Promise<boolean>>>;
  /** Whether the house takes no more work; left out: it always does. */
  readonly isStopping?: () => boolean;
  readonly log: Log;
}

/** `/health`: the process is alive. `/ready`: it can serve, because all that it needs is there; what is not is named. */
export function healthRoutes(server: Server, given: HealthRoutes): void {
  const isStopping = given.isStopping ?? (() => false);
  const health = route(given.log, () => Promise.resolve({ body: { alive: true } }));
  const ready = route(given.log, async (): Promise<Answer> => {
    const checks = Object.fromEntries(
      await Promise.all(
        Object.entries(given.checks).map(
          async ([name, holds]) => [name, await holds().catch(() => false)] as const,
        ),
      ),
    );
    const missing = Object.keys(checks).filter((name) => checks[name] === false);
    if (missing.length > 0) given.log('ready.not', { missing: missing.join() });
    if (missing.length === 0 && !isStopping()) return { body: { ready: true, checks } };
    const message = isStopping()
      ? 'This instance is stopping and takes no more work.'
      : `Not ready: ${missing.join(', ')}.`;
    return { status: 503, body: { error: { code: 'not_ready', message }, checks } };
  });
  // Probes and load balancers ask with HEAD too.
  for (const method of ['get', 'head'] as const) {
    server[method]('/health', health);
    server[method]('/ready', ready);
  }
}
