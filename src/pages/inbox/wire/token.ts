import { Refused, type TokenSource } from './api.ts';

/** Keeps the agent's token until the house refuses it; calls that need one at once share one request to Teams. */
export function tokenSource(ask: () => Promise<string>): TokenSource {
  let kept: Promise<string> | undefined;
  const fetched = () =>
    ask().catch((cause: unknown) => {
      kept = undefined;
      throw new Refused(401, 'signIn', 'Teams could not sign you in.', undefined, cause);
    });
  return (fresh) => {
    if (fresh) kept = undefined;
    return (kept ??= fetched());
  };
}
