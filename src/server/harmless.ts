import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What stands on every answer. In a browser that is made to show one it may do nothing; pages set their own policy. */
export const HARMLESS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': `default-src 'none'; frame-ancestors 'none'`,
  Server: 'reconnect',
};

/**
 * Answers what never becomes a request, in our shape and with our headers: what cannot be read, what takes too long, what
 * expects of us what we do not do. Node would answer bare, and nothing would keep a page from framing that.
 */
export function answerUnread(server: Server): void {
  // Whoever names no host is served like anybody: nothing here goes by it.
  Reflect.set(server, 'requireHostHeader', false);
  server.on('clientError', (error: Readonly<Error & { code?: string }>, socket: Duplex) => {
    // After the beginning of another answer this one would be taken for its rest.
    if (socket.writable && !isAnswering(socket)) socket.end(bareAnswer(STATUS[error.code ?? ''] ?? 400));
    else socket.destroy();
  });
  server.on('checkExpectation', (_, response) => {
    response.writeHead(417, { ...HARMLESS, ...ABOUT, Connection: 'close' });
    response.end(BODY);
  });
}

/** By the parser's code; what has none of these is malformed. */
const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
const BODY = JSON.stringify({ error: { code: 'bad_input', message: 'That could not be understood.' } });
const ABOUT = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

function bareAnswer(status: number): string {
  const headers = { ...HARMLESS, ...ABOUT, 'Content-Length': String(Buffer.byteLength(BODY)) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, 'Connection: close', '', BODY].join(
    '\r\n',
  );
}

/** Node keeps on a connection what is being answered over it. */
function isAnswering(socket: Duplex): boolean {
  const message: unknown = Reflect.get(socket, '_httpMessage');
  return typeof message === 'object' && message !== null && Reflect.get(message, 'headersSent') === true;
}
