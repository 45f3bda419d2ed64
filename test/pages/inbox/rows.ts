import type { Row } from '../../../src/handoff/inbox.ts';
import type { SessionId } from '../../../src/session/ids.ts';
import { MARA } from './fake-house.ts';

/** A session's id that looks like one. */
export const sidOf = (name: string): SessionId =>
  `dl_aaaaaaaaaaaaaaaaaaaaaa.${name.padEnd(8, '0')}` as SessionId;

/** A row, active with Mara unless told otherwise. */
export function aRow(name: string, part: Partial<Row> = {}): Row {
  return {
    sid: sidOf(name.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 20)),
    ver: 1,
    seq: 0,
    epoch: 1,
    list: 'mine',
    at: 1_700_000_000_000,
    status: 'active',
    stream: 'Support',
    widget: 'support',
    name,
    verified: true,
    owner: MARA,
    previous: MARA,
    ...part,
  };
}

/** A row of somebody who waits for any agent. */
export function aQueuedRow(name: string, queuedAt: number, part: Partial<Row> = {}): Row {
  const {
    owner: _owner,
    previous: _previous,
    ...row
  } = aRow(name, { list: 'queue', status: 'queued', at: queuedAt, queuedAt });
  return { ...row, ...part };
}
