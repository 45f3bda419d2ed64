import { z } from 'zod';
import { readBody } from './admission.ts';
import type { Conversations } from './conversations.ts';
import type { Route } from './front-door.ts';
import { type Knobs, someKnobs, turn } from './knobs.ts';
import type { Streams } from './streams.ts';

const controlRequest = z.strictObject({
  knobs: someKnobs.optional(),
  dropSockets: z.union([z.literal(true), z.string()]).optional(),
  forget: z.string().optional(),
});

/**
 * `POST /local/directline` `{ knobs?, dropSockets?, forget? }` for tests in a browser: turns knobs, cuts the stream of a
 * conversation (or with `true` all of them), makes a conversation unknown; answers all knobs. It does not exist in
 * production.
 */
export function controlRoute(parts: { conversations: Conversations; streams: Streams; knobs: Knobs }): Route {
  return {
    method: 'POST',
    path: '/local/directline',
    answer: async (exchange) => {
      const { knobs, dropSockets, forget } = readBody(
        controlRequest,
        await exchange.json(parts.knobs.maxBodyBytes),
      );
      turn(parts.knobs, knobs ?? {});
      if (dropSockets !== undefined) parts.streams.drop(dropSockets === true ? undefined : dropSockets);
      if (forget !== undefined) parts.conversations.forget(forget);
      return { status: 200, body: { knobs: parts.knobs } };
    },
  };
}
