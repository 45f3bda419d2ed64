/**
 * Takes a reconnect token out of the page's address and erases it there at once, so that it stays in no history, no
 * screenshot, no copied address. It comes in the fragment: that part of an address is sent to nobody.
 */
export function takeToken(): string | undefined {
  const { hash, pathname, search } = location;
  if (!hash.startsWith('#rt1_')) return undefined;
  history.replaceState(history.state, '', pathname + search);
  return hash.slice(1);
}

/** A link followed in a tab that shows this page already only changes the fragment: nothing loads. */
export function onToken(landed: (token: string) => void): void {
  addEventListener('hashchange', () => {
    const token = takeToken();
    if (token !== undefined) landed(token);
  });
}
