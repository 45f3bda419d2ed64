import type { Request } from 'restify';

/**
 * Whose tries are counted together: the address a request comes from. Of IPv6 the first half, for every household and
 * every server has the other half to itself. `behindProxy`: the last entry of `X-Forwarded-For` is our own proxy's word;
 * without a proxy the header is anybody's, and means nothing.
 */
export function addressOf(req: Request, behindProxy: boolean): string {
  const forwarded = behindProxy ? req.header('x-forwarded-for', '').split(',').at(-1)?.trim() : undefined;
  const address = forwarded || (req.socket.remoteAddress ?? '');
  const [, ipv4] = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/iu.exec(address) ?? [];
  return ipv4 ?? firstHalf(address.replace(/^\[|\](?::\d+)?$/gu, ''));
}

function firstHalf(ipv6: string): string {
  const [before = '', after] = ipv6.toLowerCase().split('::', 2);
  const [left, right] = [before, after ?? ''].map((half) => half.split(':').filter(Boolean));
  const missing = after === undefined ? 0 : 8 - (left?.length ?? 0) - (right?.length ?? 0);
  const groups = [
    ...(left ?? []),
    ...Array.from({ length: Math.max(0, missing) }, () => '0'),
    ...(right ?? []),
  ];
  return groups.slice(0, 4).join(':');
}
