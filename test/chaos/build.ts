import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs of a run, each in one file: a process that is to start a thousand times must not look for a thousand files. */
export interface Programs {
  readonly server: string;
  readonly store: string;
  /** Where they lie, and what a run leaves. */
  readonly folder: string;
  readonly remove: () => void;
}

/** Bundles them into a folder of their own. */
export async function buildPrograms(): Promise<Programs> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  await build({
    entryPoints: { server: here('server.ts'), store: here('store.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'error',
    // A native part of restify's logging, which is not there and not needed.
    external: ['dtrace-provider'],
    // Its other form asks for its parts at run time.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // For what was CommonJS.
    banner: {
      js: `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`,
    },
  });
  return {
    server: join(folder, 'server.mjs'),
    store: join(folder, 'store.mjs'),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
