import { z } from 'zod';
import type { Retention } from '../session/retention.ts';
import { duration } from './duration.ts';

const kept = () => duration('1 d', '3650 d');

/** How long what a chat leaves is kept after its end; `Retention` tells what is in each class. */
export const retention = z
  .strictObject({
    transcript: kept()
      .prefault('180 d')
      .describe('How long after its end a chat can be read: what was said, and its place in the lists.'),
    files: kept()
      .optional()
      .meta({ takes: '1 d – 3650 d, not longer than `retention.transcript`' })
      .describe(
        'How long after its end the files of a chat are kept; as long as it can be read where left out.',
      ),
    record: kept()
      .prefault('730 d')
      .describe('How long after its end what came of a chat is kept, under its reference number.'),
    audit: kept()
      .optional()
      .meta({ takes: '1 d – 3650 d, not shorter than `retention.transcript`' })
      .describe(
        'How long after its end it is kept who decided what and when in a chat; as long as it can be read where left out.',
      ),
  })
  .superRefine(({ transcript, files = 0, audit = transcript }, context) => {
    if (files > transcript)
      context.addIssue({
        code: 'custom',
        path: ['files'],
        message: 'must not be longer than retention.transcript, without which nobody finds them',
      });
    if (audit < transcript)
      context.addIssue({
        code: 'custom',
        path: ['audit'],
        message: 'must not be shorter than retention.transcript, which it explains',
      });
  })
  .prefault({});

export const retentionOf = ({ transcript, files, record, audit }: z.output<typeof retention>): Retention => ({
  transcriptMs: transcript,
  filesMs: files ?? transcript,
  recordMs: record,
  auditMs: audit ?? transcript,
});
