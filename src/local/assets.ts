import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Asset, Assets } from '../server/pages.ts';

const page = (path: string): string => fileURLToPath(new URL(`../pages/${path}`, import.meta.url));

/** The pages' files straight from their sources: bundled at the first request, kept from then on. */
export function sourceAssets(): Assets {
  return {
    chatPage: file('text/html', page('chat/index.html')),
    inboxPage: file('text/html', page('inbox/index.html')),
    files: {
      '/chat/main.js': bundle(page('chat/main.ts')),
      '/chat/chat.css': file('text/css', page('chat/chat.css')),
      '/inbox/main.js': bundle(page('inbox/main.ts')),
      '/inbox/inbox.css': bundle(page('inbox/inbox.css'), 'text/css'),
      '/vendor/webchat.js': file('text/javascript', vendor('botframework-webchat', 'dist/webchat.js')),
      '/vendor/directline.js': file(
        'text/javascript',
        vendor('botframework-directlinejs', 'dist/directline.js'),
      ),
    },
  };
}

/** A file of a package that its `exports` do not name: both clients are served as they are published. */
const vendor = (name: string, path: string): string =>
  fileURLToPath(new URL(`../../node_modules/${name}/${path}`, import.meta.url));

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

const file = (type: string, path: string): Asset => ({
  type: `${type}; charset=utf-8`,
  text: once(() => readFile(path)),
});

const bundle = (entry: string, type = 'text/javascript'): Asset => ({
  type: `${type}; charset=utf-8`,
  text: once(async () => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      minify: true,
      legalComments: 'none',
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  }),
});
