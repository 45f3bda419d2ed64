import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Request } from 'restify';
import { expect, test } from 'vitest';
import { readBytes } from '../../src/server/body.ts';

/** What is read of a request of which only half arrives, by a reader that begins when it is told to. */
async function readHalf(begin: 'at once' | 'once it is closed'): Promise<unknown> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const read = new Promise((resolve) => {
    server.on('request', (request) => {
      const start = () =>
        readBytes(request as Request, 1024).then(String, (reason: unknown) => resolve(reason));
      if (begin === 'at once') void start();
      else request.once('close', () => void start());
    });
  });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const arrived = once(server, 'request');
  socket.write('POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhalf');
  await arrived;
  socket.destroy();
  try {
    return await read;
  } finally {
    server.close();
  }
}

test.each(['at once', 'once it is closed'] as const)(
  'whoever hangs up midway is not waited for, when it is read %s',
  async (begin) => {
    expect(await readHalf(begin)).toMatchObject({ status: 400, message: 'The body broke off.' });
  },
);
