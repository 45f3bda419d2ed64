import type { Page, Route } from 'playwright-core';

/** A request that is kept back. */
export interface Held {
  /** Settles once it was made, and what `meanwhile` was done. */
  readonly held: Promise<void>;
  readonly release: () => void;
}

/**
 * Keeps the next request of a page to `url` back until it is released. What `meanwhile` fetches for it is its answer,
 * which then is kept back alone; left out, the house hears of the request only then.
 */
export async function hold(
  page: Page,
  url: string | RegExp,
  meanwhile: (route: Route) => Promise<Awaited<ReturnType<Route['fetch']>> | undefined> = () =>
    Promise.resolve(undefined),
): Promise<Held> {
  const [held, tell] = gate();
  const [released, release] = gate();
  await page.route(
    url,
    async (route) => {
      const response = await meanwhile(route);
      tell();
      await released;
      await (response === undefined ? route.continue() : route.fulfill({ response }));
    },
    { times: 1 },
  );
  return { held, release };
}

function gate(): readonly [Promise<void>, () => void] {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, open];
}
