/**
 * What the customer's page says itself, in English. A key may have a variant for when something is known:
 * `page.inLine.place` where there is a place, `page.waitingFor.name` where the agent has a name.
 */
export const pageEn = {
  // Where the chat stands.
  'page.connecting': 'Connecting…',
  'page.connected': 'Connected',
  'page.connected.name': 'Connected with {name}',
  'page.inLine': 'You are in line',
  'page.inLine.place': 'You are in line: {place}',
  'page.waitingFor': 'Waiting for your agent',
  'page.waitingFor.name': 'Waiting for {name}',
  'page.backBy': '{waiting}, back by {time}',
  'page.opens': '{waiting}. We open: {time}',
  'page.message': 'Your message waits for us. You can close this page.',
  'page.setAside': 'Set aside. Write to go on with your agent.',
  'page.setAside.name': 'Set aside. Write to go on with {name}.',
  'page.choose': 'Connected. Choose how to go on.',
  'page.elsewhere': 'This chat goes on in another window, or has ended',
  'page.reconnecting': 'Reconnecting… What you wrote is safe.',
  'page.offline': 'You are offline. We reconnect as soon as you are back.',
  'page.ending': 'Ending the chat…',
  'page.ended': 'Chat ended',
  'page.expired': 'Chat ended: it had been quiet for too long',

  // Its buttons.
  'page.suspend': 'Suspend',
  'page.end': 'End chat',
  'page.undo': 'Undo',
  'page.newChat': 'New chat',
  'page.leaveMessage': 'Leave a message',
  'page.backInLine': 'Wait in line',
  'page.leaveLine': 'Leave line',
  'page.continueHere': 'Continue here',
  'page.button.anyone': 'Anyone, with my history',
  'page.button.fresh': 'Start fresh',
  'page.tryAgain': 'Try again',

  // The conversation, and where to write.
  'page.conversation': 'Conversation',
  'page.hello': 'Hello! Write to {company} here. You can leave and come back; nothing is lost.',
  'page.placeholder': 'Type your message',
  'page.chooseFirst': 'Choose first how to go on',
  'page.composerElsewhere': 'Continue here to write',
  'page.composerEnded': 'This chat has ended.',
  'page.loading': 'Loading the chat…',
  'page.said': '{company} said:',
  'page.unread': 'New while you were away · {count} messages',
  'page.unread.one': 'New while you were away · 1 message',
  'page.typing': 'Somebody is writing…',
  'page.typing.name': '{name} is writing…',

  // What the customer has chosen.
  'page.continued': 'You continued your chat',
  'page.continued.name': 'You continued with {name}',
  'page.anyone': 'You asked for anyone, with your history',
  'page.fresh': 'You started fresh',

  // What went wrong.
  'page.failed': 'That did not work. Nothing has changed; please try again.',
  'page.cannotOpen': 'The chat cannot be opened right now.',

  // Around it.
  'page.site': 'Site',
  'page.notSignedIn': 'not signed in',
  'page.otherChats': 'Other chats',
  'page.preview': 'Preview',

  // Places in line, which the house counts with too.
  'ordinal.one': '{number}st',
  'ordinal.two': '{number}nd',
  'ordinal.few': '{number}rd',
  'ordinal.other': '{number}th',

  // Coming back by a link or a code.
  'page.landing.choose': 'Choose how to go on',
  'page.landing.looking': 'Checking your link…',
  'page.landing.title': 'Come back to your chat?',
  'page.landing.title.name': 'Come back to your chat with {name}?',
  'page.landing.text': 'You will see everything said so far, and go on where you were.',
  'page.landing.continue': 'Continue',
  'page.landing.continue.name': 'Continue with {name}',
  'page.landing.fresh': 'Start a new chat',
  'page.landing.coming': 'Bringing back your chat…',
  'page.landing.again': 'No answer yet. Trying again… Nothing is lost.',
  'page.unknown.title': 'This link does not work here',
  'page.unknown.text':
    'It may have been withdrawn or copied in part. If you were signed in when you got it, sign in and open it again.',
  'page.unknownCode.title': 'This code does not work',
  'page.unknownCode.text':
    'A code works once, for ten minutes. Check the three words, or ask your agent for a new one.',
  'page.used.title': 'This link was already used',
  'page.used.text':
    'Was it you? Then your chat is open where you used it. To bring it here, ask your agent for a code. If it was not you, please tell your agent.',
  'page.over.title': 'That chat has ended',
  'page.tooMany.title': 'Too many tries',
  'page.tooMany.text': 'Please wait {time}, then try again.',
  'page.unreachable.title': 'We cannot reach the chat',
  'page.unreachable.text': 'Please check your connection. Nothing is lost, and you can try again.',
  'page.signInFirst.title': 'Please sign in first',
  'page.signInFirst.text': 'This chat belongs to an account. Sign in on this site, then open the link again.',
  'page.code.have': 'I have a code',
  'page.code.title': 'Come back with a code',
  'page.code.label': 'Your code, three words',
  'page.code.hint': 'Your agent or another of your windows can give you one.',
  'page.code.notThree': 'A code is three words, such as: apple river candle.',
  'page.code.use': 'Use code',
  'page.cancel': 'Cancel',
  'page.close': 'Close',

  // A way back that was given.
  'page.link.title': 'Your way back to this chat',
  'page.link.text': 'Open the link in any browser, or enter the code here. Keep both to yourself.',
  'page.link.code.text': 'Enter this code here, in any browser. Keep it to yourself.',
  'page.link.next': 'The link you used is spent. This is the next one. Keep it to yourself.',
  'page.link.link': 'Link',
  'page.link.code': 'Code',
  'page.link.copy': 'Copy link',
  'page.link.copyCode': 'Copy code',
  'page.link.copied': 'Copied',
  'page.link.byHand': 'It is selected: please copy it.',
  'page.link.left': 'good for {time} more',
  'page.link.codeEnded': 'this code has ended',

  // A page that an agent would like to show.
  'page.shows.ask': 'Your agent would like to show you a page',
  'page.shows.ask.name': '{name} would like to show you a page',
  'page.shows.show': 'Show',
  'page.shows.no': 'No thanks',
  'page.shows.tab': 'Open in a new tab',
  'page.shows.close': 'Close page',
  'page.shows.declined': 'You did not look at it.',
  'page.shows.frame': 'Page of {host}',

  // More.
  'page.more': 'More',
  'page.wayBack': 'Get a way back',
  'page.withdraw': 'Withdraw links',
  'page.withdrawn': 'The links and codes given so far have stopped working.',
  'page.download': 'Download transcript',
  'page.shared': 'Shared computer',
  'page.shared.ask': 'Is this a shared computer?',
  'page.shared.yes': 'Yes, shared',
  'page.shared.done':
    'This computer keeps nothing of this chat. It is open in this tab only, until you close or reload it.',
  'page.leave': 'Leave and forget this computer',
  'page.left.title': 'This computer has forgotten you',
  'page.left.text': 'Your chat goes on: with the link or code you can come back.',
  'page.noCookies':
    'This browser keeps no cookies, so this chat can be found again only with its link or code.',

  // How a chat ended.
  'page.ended.agent': 'Your agent closed it {time}.',
  'page.ended.agent.name': '{name} closed it {time}.',
  'page.ended.customer': 'You ended it {time}.',
  'page.ended.house': 'It ended {time}.',
  'page.ended.quiet': 'It ended {time}, because it had been quiet for too long.',
  'page.ended.away': 'It ended {time}, because you had been away for too long.',
  'page.ended.unanswered': 'Nobody answered your message in time, and it ended {time}.',
  'page.ended.setAside': 'It had been set aside, and its time ran out {time}.',
  'page.ended.at': 'at {time}',
  'page.ended.on': 'on {time}',
  'page.ended.earlier': 'Your earlier chat has ended.',
  'page.reference': 'Reference number: {reference}',
  'page.redirect': 'We are taking you to {host}.',
  'page.redirect.link': 'Go to {host}',
  'page.redirect.stay': 'Stay here',

  // Signing in on the site while the chat is open.
  'page.signIn.unsure': 'We could not confirm your sign-in. Trying again…',
  'page.signIn.done': 'You are signed in. Your chat goes on.',
  'page.signIn.failed': 'Your chat could not be joined to your sign-in. It goes on as before.',
  'page.withHistory': 'Go on with my history',
  'page.share.done': 'Whoever answers can read your earlier chat.',

  // The transcript as a file.
  'page.transcript.title': 'Chat with {company}',
  'page.transcript.made': 'Saved {time}. Times are in {zone}.',
  'page.transcript.you': 'You',
  'page.transcript.file': 'File: {name}',
};

export type PageKey = keyof typeof pageEn;
/** Every sentence a page needs, by key. */
export type PageSentences = Readonly<Record<PageKey, string>>;
