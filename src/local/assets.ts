import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Asset, Assets } from '../server/pages.ts';
import { bundle, once } from './bundle.ts';

const page = (path: string): string => fileURLToPath(new URL(`../pages/${path}`, import.meta.url));

/**
 * The pages' files straight from their sources: bundled at the first request and kept from then on, whatever houses this
 * process starts.
 */
export const sourceAssets = (): Assets => (sources ??= read());

let sources: Assets | undefined;

function read(): Assets {
  return {
    chatPage: file('text/html', page('chat/index.html')),
    kit: bundled('text/javascript', page('webchat/kit.ts')),
    inboxPage: file('text/html', page('inbox/index.html')),
    files: {
      '/chat/main.js': bundled('text/javascript', page('chat/main.ts')),
      '/chat/chat.css': bundled('text/css', page('chat/chat.css')),
      '/inbox/main.js': bundled('text/javascript', page('inbox/main.ts')),
      '/inbox/inbox.css': bundled('text/css', page('inbox/inbox.css')),
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

const file = (type: string, path: string): Asset => ({
  type: `${type}; charset=utf-8`,
  text: once(() => readFile(path)),
});

const bundled = (type: string, entry: string): Asset => ({
  type: `${type}; charset=utf-8`,
  text: once(() => bundle(entry)),
});
