import { pause } from '../bench/measure.ts';
import type { Instance, Town } from './town.ts';

/** What came back, read as JSON where it is some; `undefined`: nothing did, and nobody knows what was done. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

const PATIENCE_MS = 15_000;

/** Asks one instance once. */
export async function askOf(
  instance: Instance,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<Answered | undefined> {
  if (instance.origin === undefined) return undefined;
  instance.underway += 1;
  try {
    const url = path.startsWith('http') ? path : `${instance.origin}${path}`;
    const response = await fetch(url, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    instance.answered += 1;
    return { status: response.status, headers: response.headers, body: jsonIn(text) };
  } catch {
    return undefined;
  } finally {
    instance.underway -= 1;
  }
}

/**
 * Asks until somebody answers with less than 500, another instance each time; `undefined` once `patience` says that it is
 * enough. `ask` may change what it sends from one attempt to the next.
 */
export async function insist(
  town: Town,
  random: () => number,
  ask: (instance: Instance, attempt: number) => Promise<Answered | undefined>,
  isEnough: (attempt: number) => boolean,
): Promise<Answered | undefined> {
  for (let attempt = 0; !isEnough(attempt); attempt += 1) {
    if (attempt > 0) await pause(50 + random() * 200 * Math.min(attempt, 5));
    const answer = await ask(await town.any(random), attempt);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
  }
  return undefined;
}

function jsonIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
