import type { OpenTelemetry } from './open.ts';

/** Where telemetry is to go; nowhere is an answer. */
export interface TelemetryOptions {
  /** Of an Application Insights resource. */
  readonly connectionString?: string | undefined;
  /** Lines on the console instead. */
  readonly write?: ((line: string) => void) | undefined;
  /** Share of the traces that is kept, 0 to 1. */
  readonly share?: number | undefined;
  readonly instance: string;
  readonly version: string;
}

/**
 * Starts telemetry where any is wanted. A house without it loads none of its packages and runs none of its code.
 *
 * @throws Error when the connection string is none.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<OpenTelemetry | undefined> {
  const { connectionString, write, share = 1 } = options;
  if (connectionString === undefined && write === undefined) return undefined;
  const { openTelemetry } = await import('./open.ts');
  if (connectionString !== undefined) {
    const { azureMonitor } = await import('./azure.ts');
    return openTelemetry(azureMonitor({ connectionString, share }), options);
  }
  const { toConsole } = await import('./console.ts');
  return openTelemetry(toConsole(write ?? (() => undefined)), options);
}
