import type { Command } from '../session/command.ts';
import type { GivenLink } from '../session/event.ts';
import type { SessionId } from '../session/ids.ts';
import type { AgentRef } from '../session/session.ts';
import { HandoffError } from './errors.ts';
import type { Saying } from './step.ts';

/** What an agent does, from the tab or from a card; the same verbs in both. */
export type DeskAct = Doing & {
  /** The agent's own id for this act: repeating it changes nothing. At most 64 characters. */
  readonly id: string;
  /** The epoch of the card that was pressed: on a later one nothing happens. The tab is never behind, and gives none. */
  readonly epoch?: number;
};

/** An act, with exactly what it needs. Words are trimmed and not empty; moments in ms. */
export type Doing =
  | {
      readonly act: 'accept' | 'resume' | 'link' | 'revokeLinks' | 'releaseHold' | 'close' | 'takeBack';
    }
  | { readonly act: 'decline'; readonly reason?: string }
  /** At most 8,000 characters. A message is Markdown. */
  | { readonly act: 'message' | 'comment'; readonly text: string }
  | {
      readonly act: 'suspend';
      readonly reason?: string;
      readonly backBy?: number;
      /** The customer is given a link in the same act. */
      readonly link?: true;
    }
  | { readonly act: 'editSuspension'; readonly reason?: string; readonly backBy?: number };

/** What only the call of an act knows of it. */
export interface Made {
  readonly followUp: SessionId | undefined;
  readonly link: GivenLink | undefined;
}

const MAX_TEXT = 8_000;
const MAX_REASON = 200;

/**
 * Reads what a tab or a card asks for; fields that the act does not know are left out.
 *
 * @throws HandoffError `bad_input` naming the field that is wrong.
 */
export function readDoing(body: Readonly<Record<string, unknown>>): Doing {
  const { act } = body;
  switch (act) {
    case 'accept':
    case 'resume':
    case 'link':
    case 'revokeLinks':
    case 'releaseHold':
    case 'close':
    case 'takeBack':
      return { act };
    case 'decline':
      return { act, ...reasonIn(body) };
    case 'message':
    case 'comment':
      return { act, text: textIn(body) };
    case 'suspend':
      return { act, ...reasonIn(body), ...backByIn(body), ...(body['link'] === true && { link: true }) };
    case 'editSuspension':
      return { act, ...reasonIn(body), ...backByIn(body) };
    default:
      throw new HandoffError('bad_input', 'act: there is no such act.');
  }
}

function textIn({ text }: Readonly<Record<string, unknown>>): string {
  const words = typeof text === 'string' ? text.trim() : '';
  if (words === '') throw new HandoffError('bad_input', 'text: a message needs words');
  if (words.length > MAX_TEXT) throw new HandoffError('bad_input', `text: at most ${MAX_TEXT} characters`);
  return words;
}
const reasonIn = ({ reason }: Readonly<Record<string, unknown>>): { readonly reason?: string } =>
  typeof reason === 'string' && reason !== '' ? { reason: reason.slice(0, MAX_REASON) } : {};
const backByIn = ({ backBy }: Readonly<Record<string, unknown>>): { readonly backBy?: number } =>
  typeof backBy === 'number' && Number.isFinite(backBy) ? { backBy } : {};

/** Whether an act gives the customer a link. */
export const givesLink = (doing: Doing): boolean =>
  doing.act === 'link' || (doing.act === 'suspend' && doing.link === true);

/** What an act asks of the session. */
export function commandOf(agent: AgentRef, doing: Doing, { followUp, link }: Made): Command {
  switch (doing.act) {
    case 'accept':
    case 'resume':
    case 'releaseHold':
      return { type: doing.act, agent };
    case 'decline':
    case 'editSuspension': {
      const { act: type, ...more } = doing;
      return { type, agent, ...more };
    }
    case 'suspend': {
      const { act: type, link: _, ...more } = doing;
      return { type, by: 'agent', agent, ...more, ...(link && { link }) };
    }
    case 'link':
      if (link === undefined) throw new TypeError('A link must be made before it is given');
      return { type: 'giveLink', agent, link };
    case 'revokeLinks':
    case 'close':
      return { type: doing.act, by: 'agent', agent };
    case 'takeBack':
      if (followUp === undefined) throw new TypeError('A follow-up session needs its id');
      return { type: 'takeBack', agent, followUp };
    case 'message':
    case 'comment':
      return { type: 'agentActs', agent, act: doing.act };
  }
}

/** What an act writes into the ledger. */
export function sayingsOf(agent: AgentRef, doing: Doing): readonly Saying[] {
  const by = { kind: 'agent', ...agent } as const;
  switch (doing.act) {
    case 'message':
      return [{ by, what: { kind: 'message', text: doing.text, format: 'markdown' } }];
    case 'comment':
      return [{ by, what: { kind: 'comment', text: doing.text } }];
    default:
      return [];
  }
}
