import { createHash } from 'node:crypto';
import { fill } from '../cards/fill.ts';
import { helpFor } from '../cards/help.ts';
import { lineCard, lineSentCard, type LineFor } from '../cards/line-card.ts';
import { refusalText, type Wording } from '../cards/wording.ts';
import type { AgentId, SessionId } from '../session/ids.ts';
import type { AgentAnswer, AgentTurn, Press } from './agent-turn.ts';
import { isPermitted, type Agents } from './agents.ts';
import type { Desk } from './desk.ts';
import { MAX_TEXT, readDoing } from './desk-act.ts';
import type { Sessions } from './handle.ts';
import type { Row } from './inbox.ts';
import type { InboxStore, Log } from './ports.ts';
import { customerName } from './rows.ts';

/** A line that an agent wrote to the bot, and that names no chat. */
export interface LooseLine {
  readonly kind: 'text';
  /** The channel's id of it. */
  readonly id: string;
  readonly text: string;
  /** Names of files that came along. */
  readonly files: readonly string[];
}

/** Lines that name no chat: never lost, never guessed. */
export interface LooseLines {
  /** Asks whom it is for; somebody without the chat permission is the host bot's. */
  readonly ask: (turn: AgentTurn, line: LooseLine) => Promise<AgentAnswer>;
  /** Sends it to whom was chosen; to the first alone, however often and wherever it is pressed. */
  readonly send: (turn: AgentTurn, press: Press) => Promise<AgentAnswer>;
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
  readonly words: Wording;
  readonly now: () => number;
  readonly log: Log;
}): LooseLines {
  const { agents, desk, sessions, words, log } = given;

  const chatsOf = async (agent: AgentId): Promise<{ chats: readonly LineFor[]; more: boolean }> => {
    const pages = await Promise.all(
      (['mine', 'suspended'] as const).map((list) => given.inbox.page(`agent:${agent}`, list, SHOWN)),
    );
    const rows = pages.flatMap((page) => page.rows).filter(({ status }) => status !== 'resuming');
    const more = rows.length > SHOWN || pages.some(({ next }) => next !== undefined);
    return { chats: rows.slice(0, SHOWN).map(chatOf), more };
  };

  const asked = async (agent: AgentId, line: string, text: string, said?: string): Promise<AgentAnswer> => {
    const { chats, more } = await chatsOf(agent);
    if (chats.length === 0)
      return { kind: 'reply', text: [said, fill(words, 'line.nobody'), text].filter(isSaid).join('\n\n') };
    const card = lineCard({ line, text, chats, more, said }, words);
    return { kind: 'cardReply', card, summary: words.sentences['line.whom'] };
  };

  return {
    ask: async (turn, { id, text, files }) => {
      const record = await agents.record(turn.agent);
      if (record === undefined || !isPermitted(record, given.now())) return { kind: 'notOurs' };
      await agents.noteReference(record.id, turn.reference);
      const help = files.length === 0 ? helpFor(text) : undefined;
      if (help !== undefined) return { kind: 'reply', text: help };
      const filed =
        files.length === 0 ? undefined : fill(words, 'line.files', { names: files.join(', ').slice(0, 200) });
      if (text === '') return { kind: 'reply', text: filed ?? words.sentences['press.text.empty'] };
      if (text.length > MAX_TEXT || Buffer.byteLength(text) > FITS_BYTES)
        return { kind: 'reply', text: fill(words, 'line.long', { most: String(MAX_TEXT) }) };
      return asked(record.id, lineId(record.id, id), text, filed);
    },

    send: async (turn, press) => {
      const { sid, epoch, inputs, invoked } = press;
      const { line, text } = inputs;
      const no = (why: string, status: number, code: string, said: string): AgentAnswer => {
        log('act.refused', { agent: turn.agent, session: sid, act: 'sendTo', why });
        return invoked ? { kind: 'refused', status, code, text: said } : { kind: 'reply', text: said };
      };
      const { cardUnknown, notPermitted } = words.sentences;
      if (sid === undefined || epoch === undefined || typeof line !== 'string' || line.length > 64)
        return no('garbled', 400, 'badInput', cardUnknown);
      const record = await agents.record(turn.agent);
      if (record === undefined || !isPermitted(record, given.now()))
        return no('notPermitted', 403, 'notPermitted', notPermitted);
      const written = typeof text === 'string' ? text.trim() : '';
      const again = async (why: string, said: string): Promise<AgentAnswer> => {
        log('act.refused', { agent: record.id, session: sid, act: 'sendTo', why });
        const answer = await asked(record.id, line, written, said);
        return invoked && answer.kind === 'cardReply' ? { kind: 'card', card: answer.card } : answer;
      };
      if (written === '') return again('badInput', words.sentences['press.text.empty']);
      if (written.length > MAX_TEXT)
        return again('badInput', fill(words, 'press.text.long', { most: String(MAX_TEXT) }));

      const first = await agents.claimLine(record.id, line, sid);
      const customer = await nameIn(first);
      const done = (said: string): AgentAnswer =>
        invoked
          ? { kind: 'card', card: lineSentCard(said, written, words) }
          : { kind: 'reply', text: `${said}\n\n${written}` };
      if (first !== sid) return done(fill(words, 'line.before', { customer }));
      const agent = { id: record.id, name: record.name };
      const act = { id: `line-${line}`, epoch, ...readDoing({ act: 'message', text: written }) };
      const outcome = await desk.act(agent, sid, act).catch(async (reason: unknown) => {
        await agents.freeLine(record.id, line);
        throw reason;
      });
      if (outcome.duplicate) return done(fill(words, 'line.before', { customer }));
      if (outcome.stale === true || outcome.refused !== undefined) {
        await agents.freeLine(record.id, line);
        return outcome.refused === undefined
          ? again('stale', words.sentences['line.changed'])
          : again('refused', refusalText(outcome.refused, words, 'agent'));
      }
      return done(fill(words, 'line.sent', { customer }));
    },
  };

  async function nameIn(sid: SessionId): Promise<string | undefined> {
    const header = await sessions.header(sid);
    return header === undefined ? words.sentences.theCustomer : customerName(header.session);
  }
}

const isSaid = (one: string | undefined): one is string => one !== undefined;

const chatOf = ({ sid, epoch, name, status, lastLine }: Row): LineFor => ({
  ...{ sid, epoch, name, status },
  ...(lastLine !== undefined && { lastLine: lastLine.text }),
});

/** The same for a line that the channel brings twice. */
const lineId = (agent: AgentId, id: string): string =>
  createHash('sha256').update(`${agent}|${id}`).digest('base64url').slice(0, 22);
