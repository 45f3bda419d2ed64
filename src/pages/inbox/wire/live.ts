import { Refused, type Api } from './api.ts';
import { newsOf } from './news.ts';
import { eventReader } from './sse.ts';
import type { News } from './wire.ts';

/** How the live connection stands. `lost` names the moment it broke, on the page's clock. */
export type Link = { readonly is: 'connecting' } | { readonly is: 'live' } | { readonly is: 'lost' };

// The house says the time every 15 s: three of those missed is a dead connection, which a socket alone may not tell
// for minutes.
const SILENCE_MS = 45_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/**
 * Keeps the live stream open for as long as the page lives. Tells `onLink` how it stands (`live` after every connect:
 * whatever was missed has to be fetched then) and `onNews` what it brings,
 * `onRefused` that the house does not let this agent in; without permission that is the end.
 */
export function keepLive(
  api: Api,
  onLink: (link: Link) => void,
  onNews: (news: News) => void,
  onRefused: (error: Refused) => void,
): void {
  let attempt = 0;
  let wake = () => {};
  addEventListener('online', () => wake());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
  const listen = async () => {
    const abort = new AbortController();
    let watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const stream = await api.stream(abort.signal);
      attempt = 0;
      onLink({ is: 'live' });
      const read = eventReader();
      for await (const chunk of chunks(
        stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>),
      )) {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
        for (const event of read(chunk)) {
          const news = newsOf(event);
          if (news !== undefined) onNews(news);
        }
      }
    } finally {
      clearTimeout(watchdog);
      abort.abort();
    }
  };
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    for (;;) {
      try {
        await listen();
      } catch (error) {
        if (error instanceof Refused) onRefused(error);
        // Without the permission there is nothing to wait for.
        if (error instanceof Refused && error.status === 403) return;
      }
      onLink({ is: 'lost' });
      await wait(backoff(attempt++));
    }
  };
  onLink({ is: 'connecting' });
  void run();
}

// Half of it by chance, so that a restarted house is not met by all its tabs at once.
const backoff = (attempt: number) =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2);

async function* chunks(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
