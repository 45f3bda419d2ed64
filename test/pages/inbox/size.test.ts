import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('the tab comes in less than 300 KB, as a browser fetches it', async () => {
  const fetched = await Promise.all(
    ['main.ts', 'inbox.css'].map(async (file) => {
      const source = new URL(`../../../src/pages/inbox/${file}`, import.meta.url).pathname;
      const { outputFiles } = await build({
        ...{ entryPoints: [source], bundle: true, write: false },
        ...{ format: 'esm', minify: true, logLevel: 'silent' },
      });
      return gzipSync(outputFiles[0]?.contents ?? '').length;
    }),
  );
  expect(fetched.every((size) => size > 1_000)).toBe(true);
  expect(fetched.reduce((sum, size) => sum + size, 0)).toBeLessThan(300 * 1024);
});
