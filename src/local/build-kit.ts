import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

/** Writes the client kit as the package exports it: one module, with all that it needs. */
const dist = new URL('../../dist/', import.meta.url);
await mkdir(dist, { recursive: true });
const kit = await bundle(fileURLToPath(new URL('../pages/webchat/kit.ts', import.meta.url)));
await writeFile(new URL('webchat.js', dist), kit);
