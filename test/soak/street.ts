import { channelToken } from '../production/azure.ts';
import { activityOf, type Channel } from '../production/desk.ts';
import type { Town } from '../race/town.ts';
import { ask, type Answer, type Asking } from '../server/house.ts';
import type { Post } from './post.ts';

/** How long a token signed for ten minutes is used. */
const TOKEN_MS = 5 * 60_000;
/** What is looked for here is what stays in memory, not how busy the machine is. */
const PATIENCE_MS = 60_000;
const TRIES = 20;

/** The way to the house, for everybody in it: what is answered with anything but a 2xx throws. */
export interface Street {
  readonly post: Post;
  readonly ask: (method: string, path: string, body: unknown, asking: Asking) => Promise<Answer>;
  readonly from: (channel: Channel, activity: Readonly<Record<string, unknown>>) => Promise<Answer>;
  /** Makes what is used for five minutes before it is made anew. */
  readonly kept: <T>(make: () => Promise<T>) => () => Promise<T>;
  readonly town: Town;
}

/** Opens it over a town; requests go to its instances in turn. */
export function openStreet(town: Town, post: Post): Street {
  let asked = 0;
  const next = (): string => {
    asked += 1;
    return town.instances[asked % town.instances.length]?.origin ?? '';
  };
  const kept: Street['kept'] = (make) => {
    let last: { readonly at: number; readonly value: ReturnType<typeof make> } | undefined;
    return () => {
      if (last === undefined || Date.now() - last.at > TOKEN_MS) last = { at: Date.now(), value: make() };
      return last.value;
    };
  };
  const tokens = {
    directline: kept(() => channelToken(town.azure, 'directline')),
    msteams: kept(() => channelToken(town.azure, 'msteams')),
  };
  const sure: Street['ask'] = async (method, path, body, asking) => {
    const answer = await ask(next(), method, path, body, { ...asking, patienceMs: PATIENCE_MS });
    if (answer.status >= 300)
      throw new Error(
        `${method} ${path.replace(/\/dl_[^/]*/u, '/…')} was answered ${answer.status}: ${answer.text}`,
      );
    return answer;
  };
  return {
    ...{ post, kept, town },
    ask: sure,
    // As channels do: under the same id.
    from: async (channel, activity) => {
      const sent = activityOf(town.azure, channel, activity);
      for (let tries = 1; ; tries += 1) {
        const asking = { bearer: await tokens[channel](), patienceMs: PATIENCE_MS };
        const answer = await ask(next(), 'POST', '/api/messages', sent, asking);
        if (answer.status < 300) return answer;
        if (answer.status < 500 || tries === TRIES)
          throw new Error(`An activity was answered ${answer.status}: ${answer.text}`);
      }
    },
  };
}
