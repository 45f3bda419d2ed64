import { expect, test } from 'vitest';
import { bannerOf } from '../../../src/pages/inbox/state/banner.ts';
import { MARA } from './fake-house.ts';
import { aQueuedRow, aRow } from './rows.ts';

const HOUR = 3_600_000;

test('an agent who looks at a message in the queue reads that it is one, until when it waits, and where the answer goes', () => {
  const now = Date.UTC(2026, 0, 5, 9);
  const banner = bannerOf(aQueuedRow('Lea', now - HOUR, { messageUntil: now + HOUR }), MARA, now);
  expect(banner?.title).toMatch(/^Lea has left a message$/u);
  expect(banner?.text).toMatch(/^waiting for 1 h · it waits until .+, and your answer until they return$/u);
});

test('whoever stands in line themselves is not taken for a message', () => {
  expect(bannerOf(aQueuedRow('Lea', 0), MARA, HOUR)?.title).toBe('In the queue');
});

test('an agent who has taken a message reads why its customer is gone', () => {
  const row = aRow('Lea', {
    status: 'disconnected',
    goneAt: 0,
    cause: 'leftMessage',
    returnUntil: 24 * HOUR,
  });
  expect(bannerOf(row, MARA, HOUR)?.text).toContain('left a message');
});
