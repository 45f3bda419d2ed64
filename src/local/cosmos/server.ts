import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerControl } from './control.ts';
import { cosmosEngine, type CosmosEngine, type CosmosOptions } from './engine.ts';
import { ConnectionDropped, type WireRequest, type WireResponse } from './wire.ts';

export interface CosmosServerOptions extends CosmosOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Serves `/_control/…`, for tests in other processes; see `control.ts`. Never with data that matters. */
  readonly control?: boolean;
}

/** A running embedded Cosmos DB. */
export interface CosmosServer extends Pick<CosmosEngine, 'key' | 'faults' | 'counters' | 'storage'> {
  /** `http://127.0.0.1:port`; the SDK needs `connectionPolicy: { enableEndpointDiscovery: false }` with it. */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

/** Serves a database on loopback, and nowhere else: it speaks plain http. */
export async function startCosmos(options: CosmosServerOptions): Promise<CosmosServer> {
  const engine = cosmosEngine(options);
  const server = createServer(
    (incoming, outgoing) => void serve(engine, options.control === true, incoming, outgoing),
  );
  // The SDK keeps connections; a server that drops an idle one just as it is used would look like a fault.
  server.keepAliveTimeout = 60_000;
  await listen(server, options.port);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    key: engine.key,
    faults: engine.faults,
    counters: engine.counters,
    storage: engine.storage,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          engine.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

async function serve(
  engine: CosmosEngine,
  control: boolean,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const request = await readRequest(incoming);
    const controlled = control ? answerControl(engine, request) : undefined;
    send(outgoing, controlled ?? (await engine.handle(request)));
  } catch (error) {
    if (error instanceof ConnectionDropped || incoming.destroyed) outgoing.destroy();
    else
      send(outgoing, {
        status: 500,
        headers: {},
        body: JSON.stringify({ code: 'InternalServerError', message: String(error) }),
      });
  }
}

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return {
    method: incoming.method ?? 'GET',
    path: (incoming.url ?? '/').split('?')[0] ?? '/',
    headers,
    body: Buffer.concat(chunks).toString(),
  };
}

function send(outgoing: ServerResponse, response: WireResponse): void {
  const body = Buffer.from(response.body);
  outgoing.writeHead(response.status, { ...response.headers, 'content-length': body.length });
  outgoing.end(body);
}
