import { once } from 'node:events';
import { connect } from 'node:net';

/** What a server answers to these bytes, as they come off the wire, until it hangs up. */
export async function wire(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  let said = '';
  socket.on('data', (data: Buffer) => (said += data.toString('latin1')));
  // A server that hangs up before it has read everything is what is looked at here.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  socket.write(bytes);
  await closed;
  return said;
}
