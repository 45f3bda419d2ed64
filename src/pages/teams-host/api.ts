import type { AttachedJson, OpenedJson, OutcomeJson } from './wire.ts';

const unreachable: OutcomeJson = { outcome: 'unsent', text: 'Teams is not reachable. Try again.' };

/** The local Teams said no, in words for the person. */
class Refusal extends Error {}

/** What the page asks of the local Teams, for person `n`. */
export function teamsApi(n: number) {
  const post = async (path: string, body: unknown = {}): Promise<unknown> => {
    const response = await fetch(`/local/teams/chats/${n}/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Refusal(await reasonIn(response));
    return response.json();
  };
  const outcome = (path: string, body: unknown): Promise<OutcomeJson> =>
    post(path, body).then(
      (result) => result as OutcomeJson,
      (error: unknown) =>
        error instanceof Refusal ? { outcome: 'unsent', text: error.message } : unreachable,
    );

  return {
    open: async () => (await post('open')) as OpenedJson,
    token: async () => ((await post('token')) as { token: string }).token,
    say: (text: string, files: readonly AttachedJson[]) => outcome('messages', { text, files }),
    submit: (replyToId: string, value: unknown) => outcome('messages', { value, replyToId }),
    execute: (activityId: string, action: { id?: string; verb?: string; data?: unknown }) =>
      outcome('actions', { activityId, action }),
  };
}

async function reasonIn(response: Response): Promise<string> {
  const body = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
  return body.error?.message ?? 'Something went wrong. Try again.';
}
