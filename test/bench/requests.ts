import type { Seen } from '../../src/local/cosmos/engine.ts';

/**
 * What a store request was for. `poll` is asked by time alone, whether or not anybody writes; `deadlines` keep on file when
 * a session wants to be looked at; `compared` by one of those the house is compared with.
 */
export type Purpose = 'step' | 'marks' | 'rows' | 'feed' | 'deadlines' | 'other' | 'poll' | 'compared';

/** A request an account would bill, and what it was for. */
export interface Request {
  readonly container: string;
  readonly purpose: Purpose;
  readonly operation: Seen['operation'];
  /** Which kind of document it names: what its id begins with. */
  readonly document: string;
  /** Of its head and body, as sent. */
  readonly bytes: number;
  /** Request units, as the store told them. */
  readonly charge: number;
  /** Of the answer; a look at the feed that brings nothing is answered 304. */
  readonly status: number;
}

/** Makes a reader of what the store saw; the SDK's own questions for metadata and query plans are no requests. */
export function requestReader(): (seen: Seen) => Request | undefined {
  let feedHeldUntil: unknown;
  const isRenewal = ({ request }: Seen): boolean => {
    const until = leaseUntil(request.body);
    const renewed = until !== feedHeldUntil;
    feedHeldUntil = until;
    return renewed;
  };

  const purposeOf = (seen: Seen): Purpose => {
    const { container, operation, request } = seen;
    switch (container) {
      case 'sessions':
        // Looks at the feed come at their own pace: one that brings a message stands in place of one that brings nothing.
        if (operation === 'feed') return 'poll';
        if (operation === 'batch') return 'step';
        return operation === 'patch' ? 'marks' : 'other';
      case 'inbox':
        // The only question asked of it here is the sweep's, every second.
        if (operation === 'query') return 'poll';
        return partitionOf(request).startsWith('due:') ? 'deadlines' : 'rows';
      case 'lookups':
        // The feed's lease also keeps the reader's place: that write follows a page with news.
        return request.path.endsWith('lease:feed') && operation === 'replace' && !isRenewal(seen)
          ? 'feed'
          : 'poll';
      case 'agents':
        return 'other';
      default:
        return 'compared';
    }
  };

  return (seen) => {
    if (seen.operation === 'metadata' || seen.operation === 'plan') return undefined;
    const { container, operation, charge, status, request } = seen;
    return {
      ...{ container, operation, charge, status, purpose: purposeOf(seen), bytes: bytesOf(request) },
      document: /\/docs\/([^/:%]+)/u.exec(request.path)?.[1] ?? '',
    };
  };
}

function partitionOf({ headers }: Seen['request']): string {
  const [partition]: readonly unknown[] = JSON.parse(
    headers['x-ms-documentdb-partitionkey'] ?? '[]',
  ) as readonly unknown[];
  return String(partition);
}

function bytesOf({ method, path, headers, body }: Seen['request']): number {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 2, 2) + Buffer.byteLength(body);
}

function leaseUntil(body: string): unknown {
  const lease: unknown = JSON.parse(body);
  const inner: unknown = typeof lease === 'object' && lease !== null ? Reflect.get(lease, 'body') : undefined;
  return typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'until') : undefined;
}
