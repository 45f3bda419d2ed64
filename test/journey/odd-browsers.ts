import type { BrowserContext } from 'playwright-core';

/** A browser whose own clock is off by `ms`, from its first page on. */
export async function withClockOff(context: BrowserContext, ms: number): Promise<void> {
  await context.addInitScript({ content: `globalThis.off = ${ms};${shiftDate}` });
}

/**
 * A browser that blocks all cookies: none is sent, none is kept, and whatever else could keep something refuses to, as
 * Chromium does with the setting *Block all cookies*. (Headless builds have no such setting.)
 */
export async function withoutCookies(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: blockCookies });
}

/** Runs in the page: its clock is off by `globalThis.off` ms, which may change. */
export const shiftDate = `
  const { Date: Real } = globalThis;
  const now = () => Real.now() + off;
  globalThis.Date = new Proxy(Real, {
    get: (real, name) => (name === 'now' ? now : Reflect.get(real, name)),
    apply: () => new Real(now()).toString(),
    construct: (real, given, as) => Reflect.construct(real, given.length === 0 ? [now()] : given, as),
  });`;

const blockCookies = `
  const refuse = (name) => () => {
    throw new DOMException('Access to ' + name + ' is denied for this document.', 'SecurityError');
  };
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(globalThis, name, { get: refuse(name) });
  Object.defineProperty(navigator, 'cookieEnabled', { get: () => false });
  Object.defineProperty(document, 'cookie', { get: () => '', set: () => {} });
  LockManager.prototype.query = async () => refuse('the Locks API')();
  LockManager.prototype.request = async () => refuse('the Locks API')();
  const { fetch } = globalThis;
  globalThis.fetch = (what, how) => fetch(what, { ...how, credentials: 'omit' });`;
