import { Refused, Unreachable } from '../wire/api.ts';

/** What went wrong, what is safe, what to do now: in a sentence for the agent. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Refused) {
    if (error.status === 401) return 'Teams could not sign you in. Nothing is lost; reload this tab.';
    return error.message;
  }
  if (error instanceof Unreachable)
    return 'There is no connection. Nothing is lost; this tab tries again by itself.';
  return 'Something went wrong on this page. Nothing is lost; reload the tab.';
}
