/**
 * A second, smaller telling of a session's life: only status, owner, slot and end, in minutes, written from the product's
 * rules and sharing no line with the core. Random walks compare both.
 */
export const MODEL = { limit: 20, window: 6, offer: 2, suspend: 60, autoClose: 20 } as const;

export interface Model {
  status: 'bot' | 'queued' | 'active' | 'disconnected' | 'resuming' | 'suspended' | 'closed' | 'expired';
  owner?: string | undefined;
  previous?: string | undefined;
  /** Whose slot is blocked although they are not at work on it, and until when. */
  slot?: { who: string; until: number } | undefined;
  fromLine?: boolean;
  /** When the session, or the offer, ends unless something happens; `Infinity` = never. */
  end: number;
  /** Since when a suspended customer waits here. */
  backAt?: number | undefined;
  /** The customer has the last word: no clock runs while they wait for an answer. */
  theirWord?: boolean;
}

export type Move =
  | { do: 'handoff' | 'leaveQueue' | 'left' | 'customerSuspends' }
  | { do: 'agentSpeaks' | 'customerSpeaks' }
  | { do: 'accept' | 'decline' | 'suspend' | 'resume' | 'release' | 'close'; who: string }
  | { do: 'back'; anyone: boolean; here: boolean }
  | { do: 'wait'; minutes: number };

export const begin = (): Model => ({ status: 'bot', end: MODEL.autoClose });

const over = (m: Model) => m.status === 'closed' || m.status === 'expired';
const go = (m: Model, status: Model['status'], end = Infinity, owner?: string, slot?: Model['slot']) =>
  Object.assign(m, { status, end, owner, slot, backAt: undefined });
const silence = (m: Model, now: number) => (m.theirWord ? Infinity : now + MODEL.autoClose);
const alive = (m: Model, now: number, who: string) => {
  m.previous = who;
  go(m, 'active', silence(m, now), who);
};
const vanish = (m: Model, now: number, who: string, until: number) => {
  const end = now + MODEL.limit;
  m.fromLine = false;
  if (until > now) go(m, 'disconnected', end, who, { who, until: Math.min(until, end) });
  else go(m, 'disconnected', end);
};
const whose = (m: Model) =>
  m.owner ??
  (m.status === 'resuming' || (m.status === 'disconnected' && !m.fromLine) ? m.previous : undefined);

/** Minute by minute: first the end, then the slot. */
export function passTo(m: Model, from: number, to: number): void {
  for (let minute = from; minute <= to && !over(m); minute++) {
    if (minute >= m.end && m.backAt === undefined) {
      if (m.status === 'resuming') go(m, 'queued');
      else go(m, 'expired');
    } else if (m.slot && minute >= m.slot.until) {
      m.slot = undefined;
      if (m.status === 'disconnected') m.owner = undefined;
    }
  }
}

export function move(m: Model, a: Move, now: number): void {
  if (over(m) || a.do === 'wait') return;
  const mine = 'who' in a && whose(m) === a.who;
  switch (a.do) {
    case 'handoff':
      if (m.status === 'bot') go(m, 'queued');
      return;
    case 'leaveQueue':
      if (m.status === 'queued') go(m, 'bot', silence(m, now));
      return;
    case 'accept':
      if (m.status === 'queued') alive(m, now, a.who);
      else if (mine) resume(m, now, a.who);
      return;
    case 'resume':
      if (mine) resume(m, now, a.who);
      return;
    case 'decline':
      if (mine && (m.status === 'resuming' || m.backAt !== undefined)) go(m, 'queued');
      return;
    case 'left':
      if (m.status === 'queued') go(Object.assign(m, { fromLine: true }), 'disconnected', now + MODEL.limit);
      else if (m.status === 'active') vanish(m, now, m.owner!, now + MODEL.window);
      else if (m.status === 'resuming') vanish(m, now, m.previous!, m.slot?.until ?? now);
      else if (m.backAt !== undefined) {
        m.end = Math.max(m.end + now - m.backAt, now + MODEL.limit);
        m.backAt = undefined;
      }
      return;
    case 'back':
      back(m, now, a.anyone, a.here);
      return;
    case 'suspend':
      if (!mine || m.status === 'suspended') return;
      m.previous = a.who;
      setAside(m, now, a.who, undefined, m.status !== 'disconnected');
      return;
    case 'customerSuspends': {
      const who = whose(m);
      if (who === undefined || m.status === 'suspended') return;
      const until = m.status === 'resuming' ? m.slot?.until : m.owner && now + MODEL.window;
      setAside(m, now, who, until ? { who, until: Math.min(until, now + MODEL.suspend) } : undefined, false);
      return;
    }
    case 'agentSpeaks':
      if (m.status !== 'active') return;
      m.theirWord = false;
      m.end = now + MODEL.autoClose;
      return;
    case 'customerSpeaks':
      if (m.status === 'active' || m.status === 'bot') Object.assign(m, { theirWord: true, end: Infinity });
      return;
    case 'release':
      if (!mine || !m.slot) return;
      m.slot = undefined;
      if (m.status === 'disconnected') m.owner = undefined;
      return;
    case 'close':
      if (mine) go(m, 'closed');
  }
}

function back(m: Model, now: number, anyone: boolean, here: boolean): void {
  if (m.status === 'disconnected') {
    if (m.fromLine || anyone) go(m, 'queued');
    else if (m.owner && here) alive(m, now, m.owner);
    else if (m.owner) go(m, 'resuming', m.slot!.until, undefined, m.slot);
    else if (here) go(m, 'resuming', now + MODEL.offer);
    else go(m, 'queued');
  } else if (m.status === 'bot') m.end = silence(m, now);
  else if (m.status === 'active' && !(anyone && !here)) alive(m, now, m.owner!);
  else if (m.status !== 'queued' && anyone) go(m, 'queued');
  else if (m.status === 'suspended') m.backAt ??= now;
}

function resume(m: Model, now: number, who: string): void {
  if (m.status === 'resuming' || (m.status === 'suspended' && m.backAt !== undefined)) alive(m, now, who);
  else if (m.status === 'suspended') vanish(m, now, who, now + MODEL.window);
}

function setAside(m: Model, now: number, who: string, slot: Model['slot'], here: boolean): void {
  go(m, 'suspended', Math.max(now + MODEL.suspend, m.status === 'disconnected' ? m.end : 0), who, slot);
  if (here) m.backAt = now;
}
