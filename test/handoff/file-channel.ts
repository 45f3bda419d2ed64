import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a channel keeps what customers upload, and everything else on its host. */
export interface FileChannel {
  /** What an address of the channel's own files begins with. */
  readonly place: string;
  /** The address of a file put there. */
  readonly holds: (bytes: Uint8Array) => string;
  /** The address of something that answers as told. */
  readonly answers: (how: (response: ServerResponse) => void) => string;
  /** Paths asked for so far. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openFileChannel(): Promise<FileChannel> {
  const paths = new Map<string, (response: ServerResponse) => void>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = paths.get(request.url ?? '');
    if (answer === undefined) response.statusCode = 404;
    if (answer === undefined) response.end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers: FileChannel['answers'] = (how) => {
    const path = `/files/${paths.size + 1}`;
    paths.set(path, how);
    return `${origin}${path}`;
  };
  return {
    place: `${origin}/files/`,
    asked,
    answers,
    holds: (bytes) => answers((response) => response.end(bytes)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
