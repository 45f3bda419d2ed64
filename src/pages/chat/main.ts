import type { CustomerState, PromptAnswer } from '../../cards/views.ts';
import { pageClock } from '../clock.ts';
import { type Act, house as houseAt, isPassing, Told, type Widget } from './house.ts';
import { type Chat, runChat } from './kit.ts';
import { type Memory, tabMemory } from './memory.ts';
import { persist } from './patience.ts';
import { interceptPrompt } from './prompt.ts';
import { guidePrompt } from './prompt-focus.ts';
import { shell as fillShell } from './shell.ts';
import { siteSignIn } from './sign-in.ts';
import { type Button, type Link, standing } from './standing.ts';
import { loadVendor, type Vendor } from './vendor.ts';
import { showWebChat } from './webchat.ts';
import { isRightToLeft, type Words, wordsOf } from './wording.ts';

/** How long *End chat* can be undone. */
const UNDO_MS = 4_000;

const clock = pageClock();
const shell = fillShell();
let siteToken: string | undefined;
const house = houseAt(() => siteToken);

let words: Words = wordsOf(document.documentElement.lang);
let state: CustomerState | undefined;
let link: Link = 'connecting';
/** The chat on the page, and how to put it away for a new one. */
let current: { readonly chat: Chat; readonly startAnew: () => void } | undefined;
let undoEnd: (() => void) | undefined;
let elsewhere = false;
let acting = false;

shell.onButton(press);
addEventListener('online', show);
addEventListener('offline', show);
show();
start().catch(cannotOpen);

async function start(): Promise<void> {
  const always = { clock, isPassing, isWanted: () => true };
  const loading = persist(loadVendor, { ...always, isPassing: () => true });
  const asked = new URLSearchParams(location.search).get('widget') ?? 'default';
  const widget = await persist(() => house.widget(asked), always);
  if (widget === undefined) return;
  words = wordsOf(widget.language);
  shell.introduce(widget, words);
  show();
  if (widget.clock !== undefined) clock.follow(widget.clock);

  const memory = tabMemory(widget.id);
  const asSomebodyElse = () => {
    memory.forget();
    location.reload();
  };
  siteToken = await persist(() => siteSignIn(house, widget, words, asSomebodyElse), always);
  const vendor = await loading;
  if (vendor !== undefined) await openChat(widget, memory, vendor);
}

async function openChat(widget: Widget, memory: Memory, vendor: Vendor): Promise<void> {
  const { conversation, token } = memory.read();
  const ask = {
    widget: widget.id,
    ...(conversation === undefined ? {} : { conversation }),
    ...(token === undefined ? {} : { token }),
  };
  const onFailure = () => setLink('lost');
  const opened = await persist(() => house.open(ask), { clock, isPassing, isWanted: () => true, onFailure });
  if (opened === undefined) return;
  memory.write({
    conversation: opened.conversationId,
    token: opened.token,
    ...(opened.conversationId !== conversation && { over: undefined }),
  });

  const onConversation = () => view.join();
  const chat = runChat(
    { house, vendor, clock, memory, widget, onState: setState, onElsewhere, onLink: setLink, onConversation },
    opened,
  );
  const guide = guidePrompt(shell);
  const view = showWebChat({
    webChat: vendor.webChat,
    element: shell.place(),
    connection: chat.connection,
    words,
    widget,
    rightToLeft: isRightToLeft(widget.language),
    draft: memory.read().draft,
    onDraft: (draft) => memory.write({ draft }),
    middleware: interceptPrompt((answer) => {
      guide.answered();
      void answerPrompt(chat, answer, onConversation).finally(guide.settled);
    }),
  });

  const startAnew = () => {
    current = undefined;
    undoEnd?.();
    guide.stop();
    view.close();
    chat.close();
    // What is not sent yet goes along as a draft: in the new conversation it is the customer's to send.
    const { unsent = [], draft = '' } = memory.read();
    memory.forget();
    memory.write({ draft: [...unsent.map(({ text }) => text), draft].filter(Boolean).join('\n') });
    state = undefined;
    elsewhere = false;
    setLink('connecting');
    openChat(widget, memory, vendor).catch(cannotOpen);
  };
  current = { chat, startAnew };
}

function press(button: Button): void {
  if (current === undefined) return;
  shell.say(undefined);
  switch (button) {
    case 'newChat':
    case 'continueHere':
      current.startAnew();
      return;
    case 'end':
      endSoon(current.chat);
      return;
    case 'undo':
      undoEnd?.();
      show();
      return;
    case 'suspend':
    case 'leaveQueue':
      void act(current.chat, button);
  }
}

async function act(chat: Chat, what: Act): Promise<void> {
  if (acting) return;
  acting = true;
  try {
    await chat.act(what);
  } catch (error) {
    if (error instanceof Told && error.state !== undefined) setState(error.state);
    shell.say(error instanceof Told && error.message !== '' ? error.message : words.failed);
  } finally {
    acting = false;
  }
}

// Ending is final, so there is a moment to take it back; a page that is left meanwhile meant it.
function endSoon(chat: Chat): void {
  const leaving = new AbortController();
  const stop = () => {
    cancel();
    leaving.abort();
    undoEnd = undefined;
  };
  const end = () => {
    stop();
    void act(chat, 'end').finally(show);
  };
  const cancel = clock.after(UNDO_MS, end);
  addEventListener('pagehide', end, { signal: leaving.signal });
  undoEnd = stop;
  show();
}

async function answerPrompt(chat: Chat, answer: PromptAnswer, askAgain: () => void): Promise<void> {
  shell.say(undefined);
  const refused = await chat.answer(answer, (now) => noteFor(answer, now));
  if (refused === undefined) return;
  shell.say(refused);
  askAgain();
}

function noteFor({ choice }: PromptAnswer, now: CustomerState): string {
  if (choice === 'fresh') return words.fresh;
  return choice === 'anyone' ? words.anyone : words.continued(now.agent);
}

function setState(next: CustomerState): void {
  // What went wrong before is of no interest any more; a new prompt is the one thing that comes because of it.
  if (next.status !== state?.status && next.status !== 'choosing') shell.say(undefined);
  elsewhere = false;
  state = next;
  show();
}

function onElsewhere(): void {
  undoEnd?.();
  elsewhere = true;
  show();
}

function setLink(next: Link): void {
  link = next;
  show();
}

function show(): void {
  const ending = undoEnd !== undefined;
  shell.show(standing({ state, link, online: navigator.onLine, elsewhere, ending }, words, timeOfDay));
}

function timeOfDay(at: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'short' }).format(at);
}

function cannotOpen(error: unknown): void {
  setLink('refused');
  const reason = error instanceof Told ? error.message : '';
  shell.say(reason, { label: words.tryAgain, onClick: () => location.reload() });
}
