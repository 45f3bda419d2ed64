import { botEn } from './bot-wording.en.ts';
import { cardsEn } from './card-wording.en.ts';
import { noticesEn } from './notice-wording.en.ts';
import { pageEn } from './page-wording.en.ts';
import { timelineEn } from './timeline-wording.en.ts';

/**
 * English. `{name}` is filled in; `{until.for}` is how long it is until that moment. Plain and short; nobody is blamed;
 * agents go by their first name.
 */
export const en = {
  ...noticesEn,
  ...cardsEn,
  ...timelineEn,
  ...botEn,
  // What the pages say when something is wrong with us or with what was sent.
  failed: 'Something went wrong on our side. What you wrote is safe; please try again.',
  'failed.bad_input': 'That could not be read. Please reload the page and try again.',
  'failed.not_permitted': 'This is not open to you here.',
  'failed.not_signed_in': 'Please sign in again.',
  'failed.not_found': 'This chat cannot be found here. You can start a new one.',
  'failed.store_unavailable': 'We cannot reach your chat for a moment. Please try again.',
  'failed.store_contended': 'Much is happening at once. Please try again.',
  'failed.being_erased': 'What was said here before is being erased. Please try again in a moment.',
  'failed.turn_timeout': 'That took too long. Please try again.',
  'failed.channel_gone': 'The other side cannot be reached here any more.',
  'failed.too_many': 'That was a lot at once. Please wait a moment and try again.',
  'failed.too_large': 'That is too long to be sent at once.',
  'failed.stale': 'This has changed in the meantime. Here is how it stands now.',
  'failed.ask': 'You have used this already. Your chat opens as usual.',
  'failed.used':
    'This was used before, perhaps by you. Please ask your agent for a new link or a code, or go on where your chat is open.',
  'failed.disabled': 'Coming back to an earlier chat is switched off here.',

  // In place of a line that a channel does not take.
  'line.refused': 'A message could not be shown here. It is kept with your chat.',

  // The reconnect prompt.
  'prompt.greeting': 'Welcome back',
  'prompt.greeting.name': 'Welcome back, {name}',
  'prompt.with': 'You were talking with',
  'prompt.bot': 'You have a chat in progress.',
  'prompt.line': 'You were waiting in line.',
  'prompt.here': 'here now, answers at once',
  'prompt.asked': 'here now, will be asked first',
  'prompt.busy': 'here now, busy with others too',
  'prompt.away': 'away right now',
  'prompt.away.backAt': 'away, back at {backAt}',
  'prompt.here.spoken': '{agent} is here now and answers at once.',
  'prompt.asked.spoken': '{agent} is here now and will be asked first.',
  'prompt.busy.spoken': '{agent} is here now, and busy with others too.',
  'prompt.away.spoken': '{agent} is away right now.',
  'prompt.away.spoken.backAt': '{agent} is away and plans to be back {backAt}.',
  'prompt.wait': 'If you continue with {agent}, you wait until {agent} is back.',
  'prompt.wait.backAt': 'If you continue with {agent}, you wait until then.',
  'prompt.last': 'The last thing said, {time}',
  'prompt.last.you': 'The last thing you said, {time}',
  'prompt.held': '{agent} keeps your place for {more}.',
  'prompt.return': 'You can come back to this chat for {more}.',
  'prompt.place': 'Your place in line is kept.',
  'prompt.waiting': 'For anyone, {count} people are waiting, the first for {duration}.',
  'prompt.waiting.one': 'For anyone, 1 person is waiting, for {duration}.',
  'prompt.others': 'Other chats ({count})',
  'prompt.other': '{agent} · {status} · {when}',
  'prompt.other.alone': '{status} · {when}',
  'prompt.other.suspended': 'set aside',
  'prompt.other.queued': 'in line',
  'prompt.other.open': 'in progress',
  'prompt.choose': 'You can answer: {choices}.',
  chooseFirst:
    'Please choose first how to go on. Your last message was not passed on; please send it again then.',
  'button.continue': 'Continue',
  'button.continue.agent': 'Continue with {agent}',
  'button.inLine': 'Continue in line',
  'button.inLine.place': 'Continue in line ({place})',
  'button.anyone': 'Anyone, with my history',
  'button.fresh': 'Start fresh',
  'button.notMe': 'This isn’t me',

  // Too late, or too little known.
  'over.with': 'Your chat with {agent} ended at {time}: {why}.',
  'over.alone': 'Your chat ended at {time}: {why}.',
  'over.with.spoken': 'Your chat with {agent} ended {when}: {why}.',
  'over.alone.spoken': 'Your chat ended {when}: {why}.',
  'over.why.agent': 'it was closed',
  'over.why.customer': 'you closed it',
  'over.why.house': 'it was closed',
  'over.why.quiet': 'it had been quiet for too long',
  'over.why.away': 'it had been quiet for too long',
  'over.why.unanswered': 'nobody answered your message in time',
  'over.why.setAside': 'it had been set aside for too long',
  'over.reference': 'Reference {reference}.',
  'over.new': 'What you have just written begins a new chat.',
  'over.redirect': 'Go on here',
  'button.new.history': 'New chat with my history',
  'button.leaveMessage': 'Leave a message',
  'button.new': 'New chat',
  'share.ask': 'Let the new agent see the earlier chat?',
  'share.yes': 'Yes',
  'share.no': 'No',
  'share.done': 'Whoever answers can read your earlier chat.',
  'share.kept': 'This is a new chat. Nobody is shown the earlier one.',
  unsure: 'We cannot tell right now whether you have a chat with us. If you have one, it is safe.',
  'button.again': 'Try again',

  // The transcript card.
  'transcript.title': 'Your conversation so far',
  'transcript.earlier': 'Earlier lines are not shown here.',
  'transcript.attachment': 'A file was sent',
  'side.you': 'You',
  'side.bot': 'Assistant',
  'side.agent': 'Agent',
  'side.house': 'Note',

  // To whoever presses or types where it cannot be taken.
  cardUnknown: 'This card is out of date. Please open the inbox.',
  notPermitted:
    'You may not take chats now. Whoever administers Microsoft Entra for your company can give you the role Chat.Agent of this app. If you have it already, open the inbox and try again.',

  // A web page that an agent would like to show.
  'customer.showsPage': '{agent} would like to show you a page: {page}',
  'agent.showsPage': '{agent} would like to show a page: {page}',

  // What stands in a canned response for the link that is given with it.
  'canned.reconnectLink': 'the link above',

  // Small parts.
  someone: 'somebody',
  yourAgent: 'your agent',
  theCustomer: 'the customer',
  'moment.at': 'at {time}',
  more: '{number} more {unit}',
  'more.whole': '{duration} more',

  // What the customer's page says itself.
  ...pageEn,
};

export type Key = keyof typeof en;
/** Every sentence, by key. */
export type Sentences = Readonly<Record<Key, string>>;
