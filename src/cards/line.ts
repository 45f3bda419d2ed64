import type { FileRef } from '../session/files.ts';
import type { SessionId } from '../session/ids.ts';
import { isForCustomer, type Entry, type Message, type Notice } from '../session/ledger.ts';
import type { ShownPage } from '../session/page.ts';
import { called, fill, type Wording } from './fill.ts';
import { firstName, oneLine } from './names.ts';
import type { Line, LinkShown } from './views.ts';
import { noticeText, type Audience } from './wording.ts';

/** What the words of a line depend on besides the entry. */
export interface LineReading {
  /** Where this reader gets the bytes of a file: by the entry it was sent with, and its place there from 0. */
  readonly fileUrl?: ((sid: SessionId, seq: number, place: number) => string) | undefined;
  /** The customer's name, for agents. */
  readonly customer?: string | undefined;
  /** IANA name of the reader's zone. */
  readonly timeZone?: string;
  /** Makes the link that a session's seed stands for; without it the notice tells of it and shows none. */
  readonly linkOf?: ((sid: SessionId, seed: string) => Omit<LinkShown, 'codeUntil'> | undefined) | undefined;
}

/**
 * Shows a ledger entry to one audience; `undefined` when that audience does not get to see it. Customers never see
 * comments and what is told to agents only. Agents see everything, also what the customer was told ("waits for Jonas"),
 * as markers that explain the customer's silence; left out are only the two greetings they have their own notice for.
 *
 * Moments are told as they stood when the entry was written, so a transcript reads the same whenever it is opened.
 */
export function lineOf(
  entry: Entry,
  audience: Audience,
  words: Wording,
  reading: LineReading = {},
): Line | undefined {
  if (audience === 'customer' ? !isForCustomer(entry) : isTwin(entry)) return undefined;
  const { sid, seq, at, by, what } = entry;
  const common = { id: `${sid}:${seq}`, sid, seq, at, ...speakerOf(entry, audience) };
  switch (what.kind) {
    case 'message':
      if (what.page !== undefined)
        return { ...common, side: by.kind, kind: 'message', ...shown(what.page, by, audience, words) };
      return { ...common, side: by.kind, kind: 'message', ...said(entry, what, reading.fileUrl) };
    case 'comment':
      return { ...common, side: by.kind, kind: 'comment', text: what.text, format: 'plain' };
    case 'notice': {
      const link = audience === 'customer' ? linkIn(entry, reading) : undefined;
      const told = what.code === 'linkGiven' ? { code: what.code, params: linkParams(what, link) } : what;
      const text = noticeText(told, { ...reading, audience, words, now: at });
      // A newer house tells of something that this one has no words for: whoever is served there reads it.
      if (text === '') return undefined;
      const cause = audience === 'agent' ? { ...causeIn(what), ...backIn(what), ...unseenIn(what) } : {};
      const notice = { ...common, side: 'house', kind: 'notice', text, code: what.code, ...cause } as const;
      return link === undefined ? { ...notice, format: 'plain' } : { ...notice, format: 'markdown', link };
    }
  }
  return undefined;
}

const causeIn = ({ params: { cause } }: Notice): Pick<Line, 'cause'> =>
  typeof cause === 'string' ? { cause } : {};

const backIn = ({ code, params: { awayMs, device } }: Notice): Pick<Line, 'awayMs' | 'device'> =>
  code !== 'customerBack'
    ? {}
    : {
        ...(typeof awayMs === 'number' && { awayMs }),
        ...((device === 'phone' || device === 'computer') && { device }),
      };

const unseenIn = ({ code, params: { lines } }: Notice): Pick<Line, 'unseen'> =>
  code === 'endedUnseen' && typeof lines === 'string' ? { unseen: lines.split(',').map(Number) } : {};

/** Where the code's end is not told, no code was given with it. */
function linkIn({ sid, what }: Entry, { linkOf }: LineReading): Line['link'] {
  if (linkOf === undefined || what.kind !== 'notice' || what.code !== 'linkGiven') return undefined;
  const { seed, codeUntil } = what.params;
  if (typeof seed !== 'string') return undefined;
  const link = linkOf(sid, seed);
  if (link === undefined) return undefined;
  const { url, code } = link;
  return {
    ...(url !== undefined && { url }),
    ...(typeof codeUntil === 'number' && { code, codeUntil }),
  };
}

/** What is told of a link, in the order of its sentences: the seed it is made from is nobody's to read. */
function linkParams({ params }: Notice, link: Line['link']): Notice['params'] {
  const { seed: _, codeUntil: __, until, lastsMs, ...told } = params;
  return {
    ...told,
    // In angle brackets it ends where it ends, whatever punctuation or mark of direction a language puts after it.
    ...(link?.url !== undefined && { url: `<${link.url}>` }),
    ...(until !== undefined && { until }),
    ...(lastsMs !== undefined && { lastsMs }),
    ...(link?.code !== undefined && { code: link.code }),
    ...(link?.codeUntil !== undefined && { codeUntil: link.codeUntil }),
  };
}

/** What is told to the customer on their return, and agents read as `customerBack` and `offeredToYou`. */
const isTwin = ({ what }: Entry): boolean =>
  what.kind === 'notice' &&
  what.to === 'customer' &&
  (what.code === 'welcomeBack' || what.code === 'asking' || what.params['why'] === 'used');

function speakerOf({ by, what }: Entry, audience: Audience): Pick<Line, 'name' | 'by'> {
  if (by.kind !== 'agent' || what.kind === 'notice') return {};
  const name = audience === 'customer' ? firstName(by.name) : by.name;
  return { ...(name !== '' && { name }), ...(audience === 'agent' && { by: by.id }) };
}

/** In angle brackets the address ends where it ends; a page without our kit shows it as a link in a sentence. */
function shown(
  page: ShownPage,
  by: Entry['by'],
  audience: Audience,
  words: Wording,
): Pick<Line, 'text' | 'format' | 'page'> {
  const name = by.kind === 'agent' ? by.name : undefined;
  const agent = called(name, words.sentences[audience === 'customer' ? 'yourAgent' : 'someone']);
  const title = oneLine(page.title ?? '', 100).replace(MARKUP, '\\$&');
  const address = [title, `<${page.url}>`].filter(Boolean).join(' ');
  return { text: fill(words, `${audience}.showsPage`, { agent, page: address }), format: 'markdown', page };
}

const MARKUP = /[\\`*_{}[\]()#+!|<>~]/gu;

// Bots speak Markdown unless they say otherwise, as the channel has it; what people type is just text.
function said(
  { sid, seq, by }: Entry,
  message: Message,
  fileUrl: LineReading['fileUrl'],
): Pick<Line, 'text' | 'format' | 'attachments' | 'suggestedActions' | 'activityId' | 'clientId'> {
  const {
    text = '',
    format = by.kind === 'bot' ? 'markdown' : 'plain',
    files = [],
    suggestedActions,
    activityId,
    clientId,
  } = message;
  const attachments = [
    ...(message.attachments ?? []),
    ...files.map((file, place) => attached(file, fileUrl?.(sid, seq, place))),
  ];
  return {
    text,
    format,
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(suggestedActions === undefined ? {} : { suggestedActions }),
    ...(activityId === undefined ? {} : { activityId }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

/** A file as channels and pages know attachments. */
const attached = ({ name, type, size }: FileRef, contentUrl: string | undefined): unknown => ({
  contentType: type,
  name,
  size,
  ...(contentUrl !== undefined && { contentUrl }),
});
