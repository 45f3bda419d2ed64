// Long, because the page is wired in one file: who needs whom is read here and nowhere else.
import type { PromptAnswer } from '../../cards/views.ts';
import { pageClock } from '../clock.ts';
import { chime } from './chime.ts';
import { endingSoon } from './ending.ts';
import { type Act, house as houseAt, isPassing, type Opened, Told, type Widget } from './house.ts';
import { withHistory } from './history.ts';
import { type Chat, joinChat, type Joining } from './kit.ts';
import { type Landing, landing } from './landing.ts';
import { onToken, takeToken } from './landing-token.ts';
import { leftCard } from './left.ts';
import { tabMemory } from './memory.ts';
import { askForCode, giveTranscript, giveWayBack } from './more.ts';
import { type TracelessMemory, traceless } from './no-trace.ts';
import { persist } from './patience.ts';
import { definePageOffer } from './page-offer.ts';
import { isPhone } from './presence.ts';
import { interceptCards, noteFor, unreadNote } from './prompt.ts';
import { guidePrompt } from './prompt-focus.ts';
import { settleCard } from './share.ts';
import { shell as fillShell } from './shell.ts';
import { shownPage } from './shown-page.ts';
import { personOf, siteSession, siteSwitch } from './sign-in.ts';
import { onPage } from './situation.ts';
import { type Button, isOver, type Link } from './standing.ts';
import { loadVendor, type Vendor } from './vendor.ts';
import { defineWayBack } from './way-back-card.ts';
import { showWebChat } from './webchat.ts';
import { type Words, wordsOf } from './wording.ts';

/** What the page is made of, once it is known. */
interface Stage {
  readonly widget: Widget;
  readonly memory: TracelessMemory;
  readonly vendor: Promise<Vendor | undefined>;
  readonly showPerson: (person: string | undefined) => void;
}

/** The chat on the page. */
interface Current {
  readonly chat: Chat;
  /** Takes it off the page, silently. */
  readonly putAway: () => void;
}

// First of all: it may stand in nobody's history or picture.
const landedWith = takeToken();

const clock = pageClock();
const shell = fillShell();
const site = siteSession({
  clock,
  signIn: async (person) => (await house.signIn(stage?.widget.site?.signIn ?? '', person)).token,
  onTrouble: (trouble) => shell.say(trouble ? words.say('page.signIn.unsure') : undefined),
});
const house = houseAt(site);
const page = onPage({
  shell,
  clock,
  words: () => words,
  cookies: house.keepsCookies,
  hasChat: () => current !== undefined,
});
const ending = endingSoon(clock, (isOn) => page.change({ ending: isOn }));

const history = withHistory({ house, clock, page, chat: () => current?.chat, openAnew });

let words: Words = wordsOf();
let stage: Stage | undefined;
let current: Current | undefined;
let door: Landing | undefined;
let acting = false;
/** Who was last said to be signed in, and the changes to that, one after the other. */
let someone: string | undefined;
let becoming = Promise.resolve();
/** Which opening of a chat counts: the one before it may still be under way. */
let round = 0;

defineWayBack(clock, () => words);
definePageOffer(() => words, shownPage(() => words).show);
shell.onButton(press);
page.show();
start().catch(cannotOpen);

async function start(): Promise<void> {
  const always = { clock, isPassing, isWanted: () => true };
  const vendor = persist(loadVendor, { ...always, isPassing: () => true });
  const asked = new URLSearchParams(location.search).get('widget') ?? 'default';
  const widget = await persist(() => house.widget(asked), always);
  if (widget === undefined) return;
  words = wordsOf(widget.wording);
  shell.introduce(widget, words);
  page.show();
  if (widget.clock !== undefined) clock.follow(widget.clock);

  const showPerson = widget.site === undefined ? () => {} : siteSwitch(widget.site, words, changePerson).show;
  stage = { widget, memory: traceless(tabMemory(widget.id)), vendor, showPerson };
  onToken(land);
  const person = widget.site === undefined ? undefined : personOf(widget.site);
  showPerson(person);
  await site.become(person);
  if (landedWith === undefined) await openChat();
  else land(landedWith);
}

/** Shows where a link leads; the chat of this tab, if there is one, rests meanwhile. */
function land(token: string): void {
  if (stage === undefined) return;
  leaveRoom();
  page.change({ atTheDoor: 'landing' });
  door = landing(token, {
    house,
    clock,
    words,
    ...{ widget: stage.widget.id, company: stage.widget.company },
    show: shell.panel,
    onOpened: enter,
    onAsUsual: () => open(),
  });
}

/** Goes on with a chat that a link or a code has brought back. */
function enter(opened: Opened): void {
  leaveRoom();
  stage?.memory.forget();
  open(opened);
}

const open = (joining: Joining = 'join') => void openChat(joining).catch(cannotOpen);

async function openChat(joining: Joining = 'join'): Promise<void> {
  if (stage === undefined) return;
  const { widget, memory } = stage;
  leaveRoom();
  const mine = round;
  const ifMine =
    <T extends unknown[]>(then: (...values: T) => void) =>
    (...values: T) => {
      if (mine === round) then(...values);
    };
  const vendor = await stage.vendor;
  if (vendor === undefined || mine !== round) return;

  let join = () => {};
  const onConversation = () => join();
  const chat = await joinChat(
    {
      house,
      vendor,
      clock,
      memory,
      widget,
      person: site.person(),
      onState: ifMine(page.told),
      onElsewhere: ifMine(onElsewhere),
      onRejoin: ifMine(() => open()),
      onLink: ifMine(setLink),
      onConversation,
      noteFor: noteFor(words),
      unreadNote: unreadNote(words),
      chime: () => void chime(),
    },
    joining,
  );
  if (mine !== round) {
    chat.close();
    return;
  }

  const guide = guidePrompt(shell);
  const view = showWebChat({
    webChat: vendor.webChat,
    clock,
    element: shell.place(),
    connection: chat.connection,
    words,
    widget,
    draft: memory.read().draft,
    onDraft: (draft) => memory.write({ draft }),
    onSaid: () => void learn(chat),
    middleware: interceptCards({
      answer: (answer) => {
        if (answer.choice === 'notMe') {
          void doing(async () => forgetHere(chat).then(() => open('anew')));
          return;
        }
        guide.answered();
        void answerPrompt(chat, answer, onConversation).finally(guide.settled);
      },
      share: (answer) => {
        settleCard();
        if (answer.yes) void doing(() => history.share(chat, answer), 'page.share.done');
      },
    }),
  });
  ({ join } = view);
  current = {
    chat,
    putAway: () => {
      guide.stop();
      view.close();
      chat.close();
    },
  };
  page.show();
  // Opening it has made this browser known again.
  if (page.now().shared) void doing(() => keepNothing(chat));
  if (typeof joining === 'object') requestAnimationFrame(() => shell.focusComposer());
}

// The bot's chats change without a word to the page, and what can be done depends on whether there is one.
async function learn(chat: Chat): Promise<void> {
  if (page.now().state?.status !== 'none') return;
  try {
    const state = await house.beat({
      conversation: chat.conversation(),
      phone: isPhone(),
      hidden: document.hidden,
    });
    if (current?.chat === chat && page.now().state?.status === 'none') page.told(state);
  } catch {
    // The next beat will tell.
  }
}

/** Takes whatever is on the page off it, so that something else can come. */
function leaveRoom(): void {
  round += 1;
  ending.undo();
  current?.putAway();
  current = undefined;
  door?.close();
  door = undefined;
  shell.panel(undefined);
  shell.say(undefined);
  page.change({ state: undefined, elsewhere: false, atTheDoor: undefined, link: 'connecting' });
}

async function openAnew(): Promise<void> {
  leaveRoom();
  stage?.memory.forget();
  await openChat('anew');
}

function newChat(): void {
  const memory = stage?.memory;
  if (memory === undefined) return;
  // What is not sent yet goes along as a draft: in the new conversation it is the customer's to send.
  const { unsent = [], draft = '' } = memory.read();
  leaveRoom();
  memory.forget();
  memory.write({ draft: [...unsent.map(({ text }) => text), draft].filter(Boolean).join('\n') });
  open('anew');
}

const withChat = (then: (chat: Chat, widget: Widget) => void) => () => {
  if (current !== undefined && stage !== undefined) then(current.chat, stage.widget);
};
const acts = (act: Act) => withChat((chat) => void doing(() => chat.act(act)));

const presses: Readonly<Record<Button, () => void>> = {
  anyone: acts('anyone'),
  fresh: acts('fresh'),
  suspend: acts('suspend'),
  ...{ leaveQueue: acts('leaveQueue'), leaveMessage: acts('leaveMessage'), backInLine: acts('backInLine') },
  end: withChat((chat) => ending.begin(() => void doing(() => chat.act('end')).finally(page.show))),
  undo: ending.undo,
  newChat,
  continueHere: newChat,
  wayBack: withChat((chat) => void doing(() => giveWayBack({ house, clock, words }, chat.conversation()))),
  withdraw: withChat((chat) => void doing(() => house.withdrawLinks(chat.conversation()), 'page.withdrawn')),
  download: withChat(
    (chat, { company }) =>
      void doing(() =>
        giveTranscript({ house, clock, words }, { conversation: chat.conversation(), company }),
      ),
  ),
  code: () => {
    if (stage === undefined) return;
    const widget = stage.widget.id;
    askForCode({ house, clock, words, widget, onOpened: enter, onAsUsual: () => open() });
  },
  withHistory: () => void doing(history.goOn, 'page.share.done'),
  shared: withChat((chat) => void doing(() => keepNothing(chat))),
  leave: () => void doing(leave),
};

function press(button: Button): void {
  shell.say(undefined);
  presses[button]();
}

/** Does one thing at a time; says when it did not work, or `done` when it did. */
async function doing(what: () => Promise<void>, done?: Parameters<Words['say']>[0]): Promise<void> {
  if (acting) return;
  acting = true;
  await trying(what, done);
  acting = false;
}

async function trying(what: () => Promise<void>, done?: Parameters<Words['say']>[0]): Promise<void> {
  try {
    await what();
    if (done !== undefined) shell.tell(words.say(done));
  } catch (error) {
    if (error instanceof Told && error.state !== undefined) page.told(error.state);
    shell.say(error instanceof Told && error.message !== '' ? error.message : words.failed);
  }
}

/** From now on the chat lives in this page alone. */
async function keepNothing(chat: Chat): Promise<void> {
  await house.forgetShared(chat.conversation());
  chat.disband();
  stage?.memory.leaveNoTrace();
  page.change({ shared: true });
}

/** Makes this browser nobody's; the chat goes on without it. */
async function forgetHere(chat: Chat | undefined): Promise<void> {
  await house.forget();
  chat?.disband();
  leaveRoom();
  stage?.memory.forget();
  stage?.showPerson(undefined);
  await site.become(undefined);
  page.change({ shared: false });
}

async function leave(): Promise<void> {
  await forgetHere(current?.chat);
  page.change({ atTheDoor: 'left' });
  shell.panel(leftCard(words, { onNewChat: () => open('anew'), onCode: () => press('code') }));
}

/** Somebody has signed in or out on the company's site. */
function changePerson(person: string | undefined): void {
  someone = person;
  // Whatever else is under way, a sign-out takes place: the next person may be at the computer already.
  if (person === undefined) void site.become(undefined);
  becoming = becoming.then(() => trying(() => becomePerson(person)));
}

async function becomePerson(person: string | undefined): Promise<void> {
  if (person !== someone) return;
  const before = site.person();
  const chat = current?.chat;
  const { state } = page.now();
  const goesOn = before === undefined && chat !== undefined && state?.sid !== undefined && !isOver(state);
  stage?.showPerson(person);
  if (person !== undefined && goesOn) {
    await site.become(person);
    await joinToSignIn(chat.conversation(), person);
    return;
  }
  if (door !== undefined) {
    await site.become(person);
    door.again();
    return;
  }
  chat?.disband();
  leaveRoom();
  stage?.memory.forget();
  await site.become(person);
  if (person === undefined) await persist(house.forget, { clock, isPassing, isWanted: () => true });
  open('anew');
}

async function joinToSignIn(conversation: string, person: string): Promise<void> {
  try {
    const isWanted = () => someone === person;
    await persist(() => house.identify(conversation), { clock, isPassing, isWanted });
    if (!isWanted()) return;
    // Loaded again, the page is theirs who signed in, and goes on with what it remembers.
    stage?.memory.write({ person });
    shell.tell(words.say('page.signIn.done'));
  } catch {
    // With the token every further word would be somebody else's: the chat goes on as it was.
    await site.become(undefined);
    stage?.showPerson(undefined);
    shell.say(words.say('page.signIn.failed'));
  }
}

async function answerPrompt(chat: Chat, answer: PromptAnswer, askAgain: () => void): Promise<void> {
  shell.say(undefined);
  const refused = await chat.answer(answer);
  if (refused === undefined) return;
  shell.say(refused);
  askAgain();
}

function onElsewhere(): void {
  ending.undo();
  page.change({ elsewhere: true });
}

const setLink = (link: Link) => page.change({ link });
function cannotOpen(error: unknown): void {
  setLink('refused');
  const reason = error instanceof Told ? error.message : '';
  shell.say(reason, { label: words.tryAgain, onClick: () => location.reload() });
}
