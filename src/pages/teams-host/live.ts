import type { LiveJson } from './wire.ts';

const retryMs = 1_000;

/** Keeps a socket to the chat of person `n` open, for as long as the page lives; `here` says when it comes and goes. */
export function liveChat(
  n: number,
  heard: (news: LiveJson) => void,
  here: (connected: boolean) => void,
): void {
  const url = new URL(`/local/teams/chats/${n}/live`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const connect = () => {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => here(true));
    socket.addEventListener('message', ({ data }) => heard(JSON.parse(String(data)) as LiveJson));
    socket.addEventListener('close', () => {
      here(false);
      setTimeout(connect, retryMs);
    });
  };
  connect();
}
