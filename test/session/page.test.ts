import { describe, expect, test } from 'vitest';
import { pageFault } from '../../src/session/page.ts';

const hosts = ['www.example.com', '*.help.example.org'];

describe('row 79: a page that an agent would like to show', () => {
  test.each([
    'https://www.example.com',
    'https://www.example.com/a/b?c=d#e',
    'https://WWW.EXAMPLE.COM/',
    'https://a.help.example.org/x',
    'https://a.b.help.example.org/x',
  ])('is shown when its host is on the list: %s', (address) => {
    expect(pageFault(address, hosts)).toBeUndefined();
  });

  test.each([
    'https://example.com/',
    'https://www.example.com.evil.example/',
    'https://evilwww.example.com/',
    'https://help.example.org/',
    'https://xhelp.example.org/',
    'https://.help.example.org/',
    'https://a.help.example.org.evil.example/',
  ])('is refused when its host is not, however alike: %s', (address) => {
    expect(pageFault(address, hosts)).toBe('notListed');
  });

  test.each([
    'http://www.example.com/',
    'https://lea:secret@www.example.com/',
    'https://www.example.com@evil.example/',
    'https://www.example.com:8443/',
    'javascript:alert(1)//www.example.com',
    'data:text/html,<script>alert(1)</script>',
    'java\nscript:alert(1)',
    'https:www.example.com',
    'https:///www.example.com/',
    'https:\\\\www.example.com/',
    '//www.example.com/',
    ' https://www.example.com/',
    'https://www.example.com/\u202egnp.exe',
    'https://www.example.com/<script>',
    `https://www.example.com/${'x'.repeat(2_000)}`,
    'www.example.com',
    '',
  ])('is refused when it is no plain https address: %j', (address) => {
    expect(pageFault(address, hosts)).toBe('notHttps');
  });

  test('is refused where the settings name no hosts', () => {
    expect(pageFault('https://www.example.com/', [])).toBe('noHosts');
  });
});
