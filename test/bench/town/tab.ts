import { TENANT } from '../../production/azure.ts';
import { agentAt, tabToken, type Agent } from '../../production/people.ts';
import type { Instance } from './town.ts';

/** An agent's open tab, as far as its stream. */
export interface Tab {
  readonly agent: Agent;
  readonly bearer: string;
  /** Settles with the moment at which a line with that text came. */
  readonly shows: (text: string) => Promise<number>;
  readonly leave: () => void;
}

/** Opens the tab of the n-th agent, 1 to 9, at an instance. */
export async function tabOf(at: Instance, n: number): Promise<Tab> {
  const name = `Agent ${n}`;
  const agent = await agentAt(at, name, n);
  const bearer = await tabToken(at, { oid: `b3a0c6f2-5d1e-4a7b-8c11-00000000000${n}`, name, tid: TENANT });
  const leaving = new AbortController();
  const stream = await fetch(`${at.origin}/api/stream`, {
    headers: { authorization: `Bearer ${bearer}` },
    signal: leaving.signal,
  });
  const waiting = new Map<string, (at: number) => void>();
  void hear(stream, (text, moment) => {
    waiting.get(text)?.(moment);
    waiting.delete(text);
  });
  return {
    ...{ agent, bearer },
    shows: (text) => new Promise((resolve) => waiting.set(text, resolve)),
    leave: () => leaving.abort(),
  };
}

/** Tells the texts of lines as they come, until the stream ends. */
async function hear({ body }: Response, tell: (text: string, at: number) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body ?? []) {
      const at = performance.now();
      const events = `${rest}${decoder.decode(chunk as Uint8Array, { stream: true })}`.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const [, data] = /^event: line\ndata: (.*)$/u.exec(event) ?? [];
        if (data !== undefined) tell(String((JSON.parse(data) as { text?: unknown }).text), at);
      }
    }
  } catch {
    // The tab was left.
  }
}
