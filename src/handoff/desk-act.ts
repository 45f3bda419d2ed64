import { oneLine } from '../cards/names.ts';
import type { Command } from '../session/command.ts';
import type { GivenLink } from '../session/event.ts';
import type { FileRef } from '../session/files.ts';
import { readAgentId, type AgentId, type SessionId } from '../session/ids.ts';
import type { AgentRef, WrapUp } from '../session/session.ts';
import { holdsLink } from '../session/canned.ts';
import type { Colleague } from './colleagues.ts';
import { HandoffError } from './errors.ts';
import type { Saying } from './step.ts';

/** What an agent does, from the tab or from a card; the same verbs in both. */
export type DeskAct = Doing & {
  /** The agent's own id for this act: repeating it changes nothing. At most 64 characters. */
  readonly id: string;
  /** The epoch that was seen, a card's or an older list's: on a later one nothing happens. An open chat is never behind. */
  readonly epoch?: number;
  /** From the tab, where the transcript stands beside it. */
  readonly from?: 'tab';
};

/** An act, with exactly what it needs. Words are trimmed and not empty; moments in ms. */
export type Doing =
  | {
      readonly act:
        | 'accept'
        | 'resume'
        | 'link'
        | 'revokeLinks'
        | 'releaseHold'
        | 'takeBack'
        /** Into a conference, by who was asked in, and out of it. */
        | 'join'
        | 'leave';
    }
  /** Handed on, with a note for agents alone of at most 1,000 characters. Somebody else's only by a supervisor. */
  | { readonly act: 'transfer'; readonly to: Destination; readonly note?: string }
  /** A colleague is asked into a conference, or to leave it. */
  | { readonly act: 'invite' | 'removeGuest'; readonly guest: AgentId }
  /** What came of it: one of the work stream's dispositions, and at most 4,000 characters of notes. Both are optional. */
  | ({ readonly act: 'close' | 'record' } & WrapUp)
  | { readonly act: 'decline'; readonly reason?: string }
  /** At most 8,000 characters. A message is Markdown. */
  | { readonly act: 'message' | 'comment'; readonly text: string }
  /** A canned response by its id; `text` is what the agent has made of it, the response itself when left out. */
  | { readonly act: 'canned'; readonly response: string; readonly text?: string }
  /** A web page to be shown beside the chat, should the customer want to see it. */
  | { readonly act: 'page'; readonly url: string; readonly title?: string }
  /** Files that the house keeps by now, and perhaps words with them; no tab or card can name one. */
  | { readonly act: 'file'; readonly files: readonly FileRef[]; readonly text?: string }
  | {
      readonly act: 'suspend';
      readonly reason?: string;
      readonly backBy?: number;
      /** The customer is given a link in the same act. */
      readonly link?: true;
    }
  | { readonly act: 'editSuspension'; readonly reason?: string; readonly backBy?: number };

/** Where a session is handed on to; on the wire `agent:<id>` or `queue:<work stream>`. */
export type Destination =
  { readonly kind: 'agent'; readonly id: AgentId } | { readonly kind: 'queue'; readonly stream: string };

/** What only the call of an act knows of it. */
export interface Made {
  /** Whom it is about, when it is about somebody else. */
  readonly colleague: Colleague | undefined;
  /** It is somebody else's session, and a supervisor's act. */
  readonly asSupervisor: boolean;
  readonly followUp: SessionId | undefined;
  readonly link: GivenLink | undefined;
  /** Of a message that is taken: whoever left it is not on the page. */
  readonly customerAway: boolean;
}

/** As many characters as a message or a comment may have. */
export const MAX_TEXT = 8_000;
const MAX_REASON = 200;
const MAX_DISPOSITION = 60;
const MAX_NOTES = 4_000;
const MAX_PAGE_TITLE = 100;
const RESPONSE = /^[\p{L}\p{M}\p{N}_-]{1,64}$/u;
const MAX_NOTE = 1_000;

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
    case 'takeBack':
    case 'join':
    case 'leave':
      return { act };
    case 'transfer': {
      const note = wordsIn('note', body['note'], MAX_NOTE);
      return { act, to: destinationIn(body), ...(note !== '' && { note }) };
    }
    case 'invite':
    case 'removeGuest':
      return { act, guest: guestIn(body) };
    case 'close':
    case 'record':
      return { act, ...wrapUpIn(body) };
    case 'decline':
      return { act, ...reasonIn(body) };
    case 'message':
    case 'comment':
      return { act, text: textIn(body) };
    case 'canned':
      return { act, response: responseIn(body), ...(body['text'] !== undefined && { text: textIn(body) }) };
    case 'page':
      return { act, url: urlIn(body), ...titleIn(body) };
    case 'suspend':
      return { act, ...reasonIn(body), ...backByIn(body), ...(body['link'] === true && { link: true }) };
    case 'editSuspension':
      return { act, ...reasonIn(body), ...backByIn(body) };
    case 'file':
      throw new HandoffError('bad_input', 'act: a file is sent with its bytes, to /files.');
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
function urlIn({ url }: Readonly<Record<string, unknown>>): string {
  if (typeof url === 'string' && url.trim() !== '') return url.trim();
  throw new HandoffError('bad_input', 'url: a page needs its address');
}
const titleIn = ({ title }: Readonly<Record<string, unknown>>): { readonly title?: string } => {
  const words = typeof title === 'string' ? oneLine(title, MAX_PAGE_TITLE) : '';
  return words === '' ? {} : { title: words };
};
function responseIn({ response }: Readonly<Record<string, unknown>>): string {
  if (typeof response === 'string' && RESPONSE.test(response)) return response;
  throw new HandoffError('bad_input', 'response: must be the id of a canned response');
}
function destinationIn({ to }: Readonly<Record<string, unknown>>): Destination {
  const [, kind, name = ''] = typeof to === 'string' ? (/^(agent|queue):(.+)$/u.exec(to) ?? []) : [];
  if (kind === 'queue') return { kind, stream: name };
  const id = kind === 'agent' ? readAgentId(name) : undefined;
  if (id === undefined) throw new HandoffError('bad_input', 'to: must be agent:<id> or queue:<work stream>');
  return { kind: 'agent', id };
}
function guestIn({ guest }: Readonly<Record<string, unknown>>): AgentId {
  const id = readAgentId(guest);
  if (id === undefined) throw new HandoffError('bad_input', 'guest: must be the id of an agent');
  return id;
}
const reasonIn = ({ reason }: Readonly<Record<string, unknown>>): { readonly reason?: string } =>
  typeof reason === 'string' && reason !== '' ? { reason: reason.slice(0, MAX_REASON) } : {};
function wrapUpIn({ disposition, notes }: Readonly<Record<string, unknown>>): WrapUp {
  const result = wordsIn('disposition', disposition, MAX_DISPOSITION);
  const remarks = wordsIn('notes', notes, MAX_NOTES);
  return { ...(result !== '' && { disposition: result }), ...(remarks !== '' && { notes: remarks }) };
}
function wordsIn(field: string, value: unknown, most: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new HandoffError('bad_input', `${field}: must be text`);
  const words = value.trim();
  if (words.length > most) throw new HandoffError('bad_input', `${field}: at most ${most} characters`);
  return words;
}
const backByIn = ({ backBy }: Readonly<Record<string, unknown>>): { readonly backBy?: number } =>
  typeof backBy === 'number' && Number.isFinite(backBy) ? { backBy } : {};

/** Whether an act gives the customer a link. */
export const givesLink = (doing: Doing): boolean =>
  doing.act === 'link' ||
  (doing.act === 'suspend' && doing.link === true) ||
  (doing.act === 'canned' && holdsLink(doing.text ?? ''));

/** What an act asks of the session. */
export function commandOf(agent: AgentRef, doing: Doing, made: Made): Command {
  const { followUp, link, customerAway } = made;
  switch (doing.act) {
    case 'accept':
      return { type: 'accept', agent, ...(customerAway && { customerAway }) };
    case 'resume':
    case 'releaseHold':
    case 'join':
      return { type: doing.act, agent };
    case 'leave':
      return { type: 'leaveConference', agent, guest: agent.id };
    case 'removeGuest':
      return { type: 'leaveConference', agent, guest: doing.guest };
    case 'invite': {
      const { agent: guest, here } = known(made.colleague);
      return { type: 'invite', agent, guest, here };
    }
    case 'transfer': {
      const { act: type, to, note } = doing;
      const target = to.kind === 'queue' ? to : { kind: to.kind, ...known(made.colleague) };
      const by = made.asSupervisor ? ({ by: 'supervisor' } as const) : {};
      return { type, agent, to: target, ...by, ...(note !== undefined && { note }) };
    }
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
      return { type: doing.act, by: 'agent', agent };
    case 'close': {
      const { act: type, ...wrapUp } = doing;
      return { type, by: 'agent', agent, wrapUp };
    }
    case 'record': {
      const { act: type, ...wrapUp } = doing;
      return { type, agent, wrapUp };
    }
    case 'takeBack':
      if (followUp === undefined) throw new TypeError('A follow-up session needs its id');
      return { type: 'takeBack', agent, followUp };
    case 'page':
      return { type: 'agentActs', agent, act: doing.act };
    case 'canned':
      return link === undefined
        ? { type: 'agentActs', agent, act: doing.act }
        : { type: 'giveLink', agent, link };
    case 'message':
    case 'comment':
    case 'file':
      return { type: 'agentActs', agent, act: doing.act };
  }
}

function known(colleague: Colleague | undefined): Colleague {
  if (colleague === undefined) throw new TypeError('Who an act is about must be found before it is done');
  return colleague;
}

/** What an act writes into the ledger. */
export function sayingsOf(agent: AgentRef, doing: Doing): readonly Saying[] {
  const by = { kind: 'agent', ...agent } as const;
  switch (doing.act) {
    case 'message':
      return [{ by, what: { kind: 'message', text: doing.text, format: 'markdown' } }];
    case 'page': {
      const { url, title } = doing;
      const page = { url, ...(title !== undefined && { title }) };
      return [{ by, what: { kind: 'message', text: title ?? url, page } }];
    }
    case 'canned': {
      const { response: canned, text } = doing;
      if (text === undefined) throw new TypeError('A canned response needs its words');
      return [{ by, what: { kind: 'message', text, format: 'markdown', canned } }];
    }
    case 'comment':
      return [{ by, what: { kind: 'comment', text: doing.text } }];
    case 'file': {
      const { files, text } = doing;
      const words = text === undefined ? {} : ({ text, format: 'markdown' } as const);
      return [{ by, what: { kind: 'message', ...words, files } }];
    }
    case 'transfer':
      return doing.note === undefined ? [] : [{ by, what: { kind: 'comment', text: doing.note } }];
    default:
      return [];
  }
}
