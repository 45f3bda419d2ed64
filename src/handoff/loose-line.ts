import { createHash } from 'node:crypto';
import { fill } from '../cards/fill.ts';
import { helpFor } from '../cards/help.ts';
import { lineCard, lineSentCard, type LineFor } from '../cards/line-card.ts';
import { noticeText, refusalText, type Wording } from '../cards/wording.ts';
import type { FileRef } from '../session/files.ts';
import { customerOf, type AgentId, type SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import type { AgentAnswer, AgentTurn, Press } from './agent-turn.ts';
import { holdsRole, isPermitted, type Agents } from './agents.ts';
import type { Desk } from './desk.ts';
import { MAX_TEXT, readDoing, type DeskAct } from './desk-act.ts';
import { readWaiting, type Dropped, type DroppedFiles, type Waiting } from './dropped-files.ts';
import { fileName } from './file-name.ts';
import { notTaken, type Files, type NotTaken } from './files.ts';
import type { Sessions } from './handle.ts';
import type { Row } from './inbox.ts';
import type { InboxStore, KeptFile, Log } from './ports.ts';
import type { AgentRecord } from './roster.ts';
import { customerName } from './rows.ts';

/** A line that an agent wrote to the bot, and that names no chat. */
export interface LooseLine {
  readonly kind: 'text';
  /** The channel's id of it. */
  readonly id: string;
  readonly text: string;
  readonly dropped: readonly Dropped[];
}

/** Lines that name no chat: never lost, never guessed. */
export interface LooseLines {
  /** Asks whom it is for; somebody without the chat permission is the host bot's. */
  readonly ask: (turn: AgentTurn, line: LooseLine) => Promise<AgentAnswer>;
  /** Sends it to whom was chosen; to the first alone, however often and wherever it is pressed. */
  readonly send: (turn: AgentTurn, press: Press) => Promise<AgentAnswer>;
}

/** A line as it is asked about: what was written, and what waits with it. */
interface Asked {
  readonly line: string;
  readonly text: string;
  readonly waiting?: Waiting | undefined;
  readonly names?: readonly string[];
  /** What is said of it above the question. */
  readonly said?: string | undefined;
}

const SHOWN = 10;
/** Teams takes cards up to 28 KB. */
const FITS_BYTES = 16 * 1024;

/** Makes the taker of loose lines. */
export function looseLines(given: {
  readonly agents: Agents;
  readonly desk: Desk;
  readonly sessions: Pick<Sessions, 'header'>;
  readonly inbox: Pick<InboxStore, 'page'>;
  /** Left out, files are named and stay where they are. */
  readonly files?: { readonly kept: Files; readonly dropped: DroppedFiles } | undefined;
  readonly words: Wording;
  readonly now: () => number;
  readonly log: Log;
}): LooseLines {
  const { agents, desk, sessions, files, words, log } = given;

  const chatsOf = async (agent: AgentId): Promise<{ rows: readonly Row[]; more: boolean }> => {
    const pages = await Promise.all(
      (['mine', 'suspended'] as const).map((list) => given.inbox.page(`agent:${agent}`, list, SHOWN)),
    );
    const rows = pages.flatMap((page) => page.rows).filter(({ status }) => status !== 'resuming');
    const more = rows.length > SHOWN || pages.some(({ next }) => next !== undefined);
    return { rows: rows.slice(0, SHOWN), more };
  };
  const asked = (of: Asked, { rows, more }: Awaited<ReturnType<typeof chatsOf>>): AgentAnswer => {
    const { said, text, names = [] } = of;
    if (rows.length === 0) {
      return {
        kind: 'reply',
        text: inParagraphs([said, words.sentences['line.nobody'], text, notKept(names)]),
      };
    }
    const card = lineCard({ ...of, names, now: given.now(), chats: rows.map(chatOf), more }, words);
    return { kind: 'cardReply', card, summary: words.sentences['line.whom'] };
  };

  const notKept = (names: readonly string[]): string | undefined =>
    names.length === 0 ? undefined : fill(words, 'line.nobody.files', namesIn(names));

  /** Whatever any of the agent's chats takes waits; the rest is named, with the reason. */
  const takeOver = async (
    turn: AgentTurn,
    line: string,
    dropped: readonly Dropped[],
    rows: readonly Row[],
  ): Promise<Omit<Asked, 'line' | 'text'>> => {
    if (dropped.length === 0) return {};
    if (rows.length === 0) return { names: dropped.map(({ name }) => fileName(name)) };
    const { agent, reference: chat } = turn;
    if (files === undefined) return { said: saidOf(dropped.map(({ name }) => offAt(fileName(name)))) };
    const widgets = [...new Set(rows.map(({ widget }) => widget))];
    const rules = widgets.map(files.kept.rulesFor);
    const { waiting, names, refused } = await files.dropped.take({ agent, line, chat }, dropped, rules);
    return { waiting, names, said: saidOf(refused) };
  };
  const saidOf = (refused: readonly NotTaken[]): string | undefined =>
    refused.length === 0
      ? undefined
      : refused
          .map(({ params }) =>
            noticeText({ code: 'fileRefused', params }, { audience: 'customer', words, now: given.now() }),
          )
          .join(' ');

  /** The files as this session keeps them; what its rules do not let through is named. */
  const keepAll = async (
    { id, widget }: Session,
    waiting: readonly (KeptFile & { readonly place: number })[],
    key: string,
  ): Promise<KeptAll> => {
    const results = await Promise.all(
      waiting.map(async ({ name, bytes, place }) =>
        files?.kept.keep({ name, bytes }, { customer: customerOf(id), widget, key: `${key}|${place}` }),
      ),
    );
    const kept = results.flatMap((one) => (one !== undefined && 'file' in one ? [one] : []));
    return {
      files: kept.map(({ file }) => file),
      refused: results.flatMap((one) => (one !== undefined && 'fault' in one ? [one] : [])),
      drop: async () => {
        for (const { file, isNew } of kept) if (isNew) await files?.kept.drop(customerOf(id), file);
      },
    };
  };

  return {
    ask: async (turn, { id, text, dropped }) => {
      const record = await agents.record(turn.agent);
      if (record === undefined || !holdsRole(record)) return { kind: 'notOurs' };
      // An agent all the same, whose line would be lost on the host bot.
      if (!isPermitted(record, given.now()))
        return {
          kind: 'reply',
          text: inParagraphs([
            words.sentences['line.lapsed'],
            text,
            notKept(dropped.map(({ name }) => fileName(name))),
          ]),
        };
      await agents.noteReference(record.id, turn.reference);
      const help = dropped.length === 0 ? helpFor(text) : undefined;
      if (help !== undefined) return { kind: 'reply', text: help };
      if (text === '' && dropped.length === 0)
        return { kind: 'reply', text: words.sentences['press.text.empty'] };
      if (text.length > MAX_TEXT || Buffer.byteLength(text) > FITS_BYTES)
        return { kind: 'reply', text: fill(words, 'line.long', { most: String(MAX_TEXT) }) };
      const line = lineId(record.id, id);
      const chats = await chatsOf(record.id);
      const taken = await takeOver(turn, line, dropped, chats.rows);
      if (text === '' && taken.said !== undefined && taken.waiting === undefined)
        return { kind: 'reply', text: taken.said };
      return asked({ line, text, ...taken }, chats);
    },

    send: async (turn, press) => {
      const { sid, epoch, inputs, invoked } = press;
      const { line, text } = inputs;
      const note = (why: string): void =>
        log(why === 'notPermitted' || why === 'notYours' ? 'denied' : 'act.refused', {
          ...{ agent: turn.agent, session: sid, act: 'sendTo', why },
        });
      const no = (why: string, status: number, code: string, said: string): AgentAnswer => {
        note(why);
        return invoked ? { kind: 'refused', status, code, text: said } : { kind: 'reply', text: said };
      };
      const { cardUnknown, notPermitted } = words.sentences;
      if (sid === undefined || epoch === undefined || typeof line !== 'string' || line.length > 64)
        return no('garbled', 400, 'badInput', cardUnknown);
      const record = await agents.record(turn.agent);
      if (record === undefined || !isPermitted(record, given.now()))
        return no('notPermitted', 403, 'notPermitted', notPermitted);
      const written = typeof text === 'string' ? text.trim() : '';
      const which = readWaiting(inputs['files']);
      const waiting = which === undefined ? [] : await files?.dropped.waiting(record.id, line, which);
      const names = waiting?.map(({ name }) => name) ?? [];
      /** The question once more, with what waits while it does. */
      const again = async (why: string, said: string): Promise<AgentAnswer> => {
        note(why);
        const left = { line, text: written, said, names, ...(names.length > 0 && { waiting: which }) };
        const answer = asked(left, await chatsOf(record.id));
        return invoked && answer.kind === 'cardReply' ? { kind: 'card', card: answer.card } : answer;
      };
      const done = (said: string, sent: readonly string[] = names, but?: string): AgentAnswer =>
        invoked
          ? { kind: 'card', card: lineSentCard({ said, text: written, names: sent, but }, words) }
          : { kind: 'reply', text: inParagraphs([said, written, sent.join(', '), but]) };

      const before = sentBefore(record, line);
      if (before !== undefined && (before !== sid || waiting === undefined))
        return done(fill(words, 'line.before', { customer: await nameIn(before) }));
      if (waiting === undefined) return again('badInput', words.sentences['line.filesGone']);
      if (written === '' && waiting.length === 0)
        return again('badInput', words.sentences['press.text.empty']);
      if (written.length > MAX_TEXT)
        return again('badInput', fill(words, 'press.text.long', { most: String(MAX_TEXT) }));
      const session = (await sessions.header(sid))?.session;
      if (session === undefined) return no('notFound', 404, 'notFound', cardUnknown);
      // Nothing of theirs is laid down with somebody else's customer.
      if (!desk.mayRead(record, session))
        return again('notYours', refusalText({ kind: 'notYours' }, words, 'agent'));

      const kept = await keepAll(session, waiting, `line|${record.id}|${line}`);
      const but = saidOf(kept.refused);
      if (written === '' && kept.files.length === 0) return again('badInput', but ?? cardUnknown);
      const first = await agents.claimLine(record.id, line, sid);
      if (first !== sid) {
        await kept.drop();
        return done(fill(words, 'line.before', { customer: await nameIn(first) }));
      }
      const act: DeskAct = { id: `line-${line}`, epoch, ...doing(written, kept.files) };
      const by = { id: record.id, name: record.name };
      const outcome = await desk.act(by, sid, act).catch(async (reason: unknown) => {
        await agents.freeLine(record.id, line);
        throw reason;
      });
      const customer = customerName(session);
      if (outcome.duplicate) return done(fill(words, 'line.before', { customer }));
      if (outcome.stale === true || outcome.refused !== undefined) {
        await agents.freeLine(record.id, line);
        await kept.drop();
        return outcome.refused === undefined
          ? again('stale', words.sentences['line.changed'])
          : again('refused', refusalText(outcome.refused, words, 'agent'));
      }
      return done(
        fill(words, 'line.sent', { customer }),
        kept.files.map(({ name }) => name),
        but,
      );
    },
  };

  async function nameIn(sid: SessionId): Promise<string | undefined> {
    const header = await sessions.header(sid);
    return header === undefined ? words.sentences.theCustomer : customerName(header.session);
  }
}

interface KeptAll {
  readonly files: readonly FileRef[];
  readonly refused: readonly NotTaken[];
  /** Takes back what is new, for an act that came to nothing. */
  readonly drop: () => Promise<void>;
}

const doing = (text: string, files: readonly FileRef[]) =>
  files.length === 0
    ? readDoing({ act: 'message', text })
    : ({ act: 'file', files, ...(text !== '' && { text }) } as const);

const sentBefore = ({ lines = [] }: AgentRecord, line: string): SessionId | undefined =>
  lines.find((one) => one.line === line)?.sid;

const inParagraphs = (parts: readonly (string | undefined)[]): string =>
  parts.filter((one) => one !== undefined && one !== '').join('\n\n');

const namesIn = (names: readonly string[]) => ({ names: names.join(', ').slice(0, 200) });

const offAt = (name: string): NotTaken => notTaken('off', name, { enabled: false, maxBytes: 0, types: [] });

const chatOf = ({ sid, epoch, name, status, lastLine }: Row): LineFor => ({
  ...{ sid, epoch, name, status },
  ...(lastLine !== undefined && { lastLine }),
});

/** The same for a line that the channel brings twice. */
const lineId = (agent: AgentId, id: string): string =>
  createHash('sha256').update(`${agent}|${id}`).digest('base64url').slice(0, 22);
