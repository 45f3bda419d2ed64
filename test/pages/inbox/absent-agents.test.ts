import { expect, test } from 'vitest';
import { buttonsFor } from '../../../src/pages/inbox/state/acts.ts';
import { bannerOf, ladderText } from '../../../src/pages/inbox/state/banner.ts';
import { JONAS, MARA } from './fake-house.ts';
import { aQueuedRow, aRow } from './rows.ts';

const NOW = 1_700_000_600_000;
const silent = aRow('Lea Moreau', { agentSilentAt: NOW - 120_000, offeredOnAt: NOW - 30_000 });

test('N14: an agent reads that a colleague does not answer, and may accept what is offered on', () => {
  expect(bannerOf(silent, JONAS, NOW)).toMatchObject({ title: 'Mara is not answering' });
  expect(buttonsFor(silent, JONAS, NOW)).toEqual(['accept']);
});

test('N14: the silent agent reads that others may take over, and has all their buttons', () => {
  expect(bannerOf(silent, MARA, NOW)).toMatchObject({
    tone: 'warn',
    title: 'Others may take this chat over',
  });
  expect(buttonsFor(silent, MARA, NOW)).toContain('close');
});

test('N3: whoever looks at the queue reads who was asked, for how long, and why it moved on', () => {
  const moved = { why: 'agentSilent', from: MARA, askedMs: 60_000 } as const;
  const row = aQueuedRow('Lea Moreau', NOW - 300_000, { moved });
  expect(ladderText(row)).toMatch(/^Mara was asked for .*, did not answer$/u);
  expect(bannerOf(row, JONAS, NOW)?.text).toContain('did not answer');
});

test('row 34: a closed chat whose place is kept offers Done', () => {
  const row = aRow('Lea Moreau', { status: 'closed', list: 'closed', agentHeldUntil: NOW + 60_000 });
  expect(bannerOf(row, MARA, NOW)?.action).toEqual({ label: 'Done', act: 'releaseHold' });
  expect(bannerOf(row, JONAS, NOW)).not.toHaveProperty('action');
});
