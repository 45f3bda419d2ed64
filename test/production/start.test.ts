import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RIGHT } from '../config/environment.ts';
import { runProcess } from './process.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

test('T15: production with a wrong configuration, such as no app id, says everything that is wrong, and does not start', async () => {
  const { code, said } = await runProcess(main, {
    ...RIGHT,
    MicrosoftAppId: '',
    COSMOS_KEY: 'a-key-of-the-account',
    RECONNECT_PEPPER: 'salt',
  });
  expect(code).toBe(1);
  expect(said).toMatch(
    /^Reconnect does not start: 3 things are wrong with its configuration\.\n {2}MicrosoftAppId is not set\./u,
  );
  expect(said).toMatch(
    /\n {2}COSMOS_KEY is set for an account in Azure\..*\n {2}RECONNECT_PEPPER has 4 characters/u,
  );
  expect(said).not.toMatch(/^\s+at |a-key-of-the-account/mu);
});
