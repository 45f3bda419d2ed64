import type { app as TeamsApp } from '@microsoft/teams-js';

export type ThemeName = 'light' | 'dark' | 'contrast';

/** Teams around this page. */
export interface Teams {
  readonly theme: ThemeName;
  /** What a deep link asked for: a session's id. */
  readonly subPageId: string | undefined;
  readonly onTheme: (changed: (theme: ThemeName) => void) => void;
  readonly token: () => Promise<string>;
  /** Takes the loading screen of Teams away. */
  readonly ready: () => void;
}

/** Meets Teams; `undefined` when the page was opened outside it. */
export async function meetTeams(): Promise<Teams | undefined> {
  if (window.parent === window.self) return undefined;
  const { app, authentication } = await withoutOutsideRequests(() => import('./teams-sdk.ts'));
  try {
    await within(10_000, app.initialize());
  } catch {
    return undefined;
  }
  const context: TeamsApp.Context = await app.getContext();
  return {
    theme: themeOf(context.app.theme),
    subPageId: context.page.subPageId,
    onTheme: (changed) => app.registerOnThemeChangeHandler((theme) => changed(themeOf(theme))),
    token: () => authentication.getAuthToken(),
    ready: () => {
      void app.notifySuccess();
    },
  };
}

const themeOf = (theme: string): ThemeName =>
  theme === 'dark' ? 'dark' : theme === 'contrast' ? 'contrast' : 'light';

// On import teams-js asks a CDN for a newer list of Teams' own hosts. It has the list built in and falls back to it;
// this page asks nobody but its own house, and its Content-Security-Policy would refuse the request noisily.
async function withoutOutsideRequests<T>(load: () => Promise<T>): Promise<T> {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    return url.origin === location.origin
      ? fetch(input, init)
      : Promise.resolve(new Response(null, { status: 404 }));
  };
  try {
    return await load();
  } finally {
    globalThis.fetch = fetch;
  }
}

const within = <T>(ms: number, promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<T>((_resolve, reject) => {
      setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms);
    }),
  ]);
