import type { ActRequest, Row } from '../wire/wire.ts';

/** What becomes of a chat while its agent is away. */
export type Fate =
  | { readonly is: 'keep' | 'release' }
  /** `agent:<id>` or `queue:<work stream>`. */
  | { readonly is: 'handOver'; readonly to: string };

/** A chat, and what becomes of it. */
export interface Left {
  readonly row: Row;
  readonly fate: Fate;
}

type Step = Pick<ActRequest, 'act' | 'to' | 'backBy'>;

const BACK_BY_MAX_MS = 14 * 24 * 3_600_000;

/** What a fate asks of the house; `undefined`: nothing, for the chat stands like that already. */
export function stepFor({ row, fate }: Left, now: number, backAt?: number): Step | undefined {
  switch (fate.is) {
    case 'handOver':
      return { act: 'transfer', to: fate.to };
    case 'release':
      if (row.status === 'resuming') return { act: 'decline' };
      return row.status === 'disconnected' && row.agentHeldUntil !== undefined
        ? { act: 'releaseHold' }
        : { act: 'transfer', to: `queue:${row.stream}` };
    case 'keep': {
      const isPromise = backAt !== undefined && backAt - now <= BACK_BY_MAX_MS;
      const backBy = isPromise ? { backBy: backAt } : {};
      if (row.status === 'active') return { act: 'suspend', ...backBy };
      return row.status === 'suspended' && isPromise ? { act: 'editSuspension', ...backBy } : undefined;
    }
  }
}
