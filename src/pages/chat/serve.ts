import type { Leader } from './lead.ts';
import type { Said } from './mirror.ts';
import type { OwnPage } from './page.ts';

/** Does what a page that follows asks of this one, which leads. */
export function serve(
  by: {
    readonly leader: Leader;
    readonly page: OwnPage;
    readonly chat: string;
    readonly say: (said: Said) => void;
  },
  said: Said,
  from: string,
): void {
  const { leader, page, chat, say } = by;
  switch (said.type) {
    case 'hello':
      say({ type: 'mirror', chat, to: from, mirror: page.mirror() });
      return;
    case 'ping':
      say({ type: 'pong', chat });
      return;
    case 'post': {
      const posted = { type: 'posted', chat, to: from, key: said.key } as const;
      page.posts.post(said.activity).subscribe({
        next: (id) => say({ ...posted, posted: { id } }),
        error: (error) => say({ ...posted, posted: { refused: refusalIn(error) } }),
      });
      return;
    }
    case 'answer': {
      const { nonce } = said.answer;
      void leader
        .answer(said.answer)
        .then((refused) => say({ type: 'answered', chat, to: from, nonce, refused }));
      return;
    }
    default:
      leader.hear(said, from);
  }
}

function refusalIn(error: unknown): { readonly status?: number } {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? { status } : {};
}
