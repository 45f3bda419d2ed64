import { z } from 'zod';

/** The browser's own machine, where pages are built and tried out. */
const OWN_MACHINE = ['localhost', '127.0.0.1', '[::1]'];
export const isHttps = (url: URL): boolean => url.protocol === 'https:';
const isSafe = (url: URL): boolean =>
  isHttps(url) || (url.protocol === 'http:' && OWN_MACHINE.includes(url.hostname));

// Browsers drop spaces and control characters from an address: what is read would not be what is meant.
export const address = (isMeant: (url: URL) => boolean, rule: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && isMeant(new URL(text)), { error: rule, abort: true })
    .refine((text) => !/[\s\p{Cc}]/u.test(text), 'must not contain spaces or control characters')
    .refine(
      (text) => new URL(text).username + new URL(text).password === '',
      'must not carry a user name or password',
    )
    .meta({ kind: 'address', takes: rule.replace(/^must be /u, '') });
export const safe = address(isSafe, 'must be an https URL; http only on localhost, 127.0.0.1 or [::1]');
export const portal = safe
  .refine((text) => !text.includes('#'), 'must not have a fragment (#…): a link puts what it carries there')
  .meta({ takes: 'an https URL without a fragment (#…); http only on localhost, 127.0.0.1 or [::1]' });
export const site = z
  .string()
  .refine(
    (text) =>
      URL.canParse(text) && new URL(text).origin === text && isSafe(new URL(text)) && !text.includes('*'),
    'must be an exact https origin such as "https://www.example.com": no path, no slash at the end; http only on localhost, 127.0.0.1 or [::1]',
  );
export const pem = /^\s*-----BEGIN PUBLIC KEY-----[\w\s+/=]+-----END PUBLIC KEY-----\s*$/u;
