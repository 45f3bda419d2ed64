import { firstName } from '../cards/names.ts';
import type { Ended, EndedWhy } from '../cards/views.ts';
import type { Closed, Expired } from '../session/session.ts';
import { referenceOf } from './reference.ts';
import type { Proofs } from './proof.ts';

/** What is told of a session that is over. Where to be sent is `too-late`'s to add. */
export function endedOf(session: Closed | Expired, proofs: Pick<Proofs, 'ofShare'>): Ended {
  const agent = firstName(session.previous?.name ?? '');
  return {
    sid: session.id,
    at: session.status === 'closed' ? session.closedAt : session.expiredAt,
    why: whyOf(session),
    reference: referenceOf(session.id),
    nonce: proofs.ofShare(session.customer, session.id),
    ...(agent !== '' && { agent }),
  };
}

function whyOf(session: Closed | Expired): EndedWhy {
  if (session.status === 'closed') return session.by === 'bot' ? 'house' : session.by;
  switch (session.was) {
    case 'disconnected':
      return 'away';
    case 'suspended':
      return 'setAside';
    case 'queued':
      return 'unanswered';
    case 'active':
    case 'bot':
      return 'quiet';
  }
}
