import type { NoticeCode } from '../session/ledger.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Status } from '../session/session.ts';

/**
 * What every language must have. A key may have variants (`customer.closed.agent`, chosen by a parameter's value;
 * `customer.queued.place`, chosen because the parameter is there) and additions (`customer.suspended+backBy`).
 */
export type RequiredKey =
  | `${'customer' | 'agent'}.${NoticeCode}`
  | `refused.${'customer' | 'agent'}.${Refusal['kind']}`
  | `status.${'customer' | 'agent'}.${Status}`;

/** What happened, a no and why, and where a session stands, in English; how it is written is said in `wording.en.ts`. */
export const noticesEn = {
  // For the customer: what happened.
  'customer.queued': 'You are in line. Somebody will be with you soon.',
  'customer.queued.place': 'You are {place} in line. Somebody will be with you soon.',
  'customer.queueLimit':
    'Nobody is free yet. You keep your place; you can also leave a message here and we will answer.',
  'customer.queueLimit.nobodyOn':
    'Nobody is here right now. You keep your place; you can also leave a message and go, and we will answer.',
  'customer.queued.opensAt': 'You are in line.',
  'customer.outsideHours': 'We are closed right now. We open again: {opensAt}.',
  'customer.outsideHours.inLine':
    'We are closed right now. We open again: {opensAt}. You keep your place; you can also leave a message and go, and we will answer.',
  'customer.messageLeft':
    'Your message waits for us with everything said here. You can add to it, and you can go.',
  'customer.messageLeft.prompt':
    'Your message waits for us with everything said here. You can add to it, and you can close this page: come back in this browser and the answer is here.',
  'customer.messageLeft.link':
    'Your message waits for us with everything said here. You can add to it, and you can close this page: the answer is here for whoever comes back with your link or code. Take one with you before you go.',
  'customer.messageLeft+until':
    'It waits until {until}. Should nobody have answered by then, it ends, and you get a reference.',
  'customer.messageLeft+until.for':
    'It waits for {until.for}. Should nobody have answered by then, it ends, and you get a reference.',
  'customer.leftQueue': 'You have left the line. You can ask for a person again at any time.',
  'customer.joined': '{agent} is here.',
  'customer.joined.message': '{agent} has taken your message.',
  'customer.agentSilent':
    '{agent} is not answering just now. We are looking after it, and you keep your place.',
  'customer.agentSilent.away':
    '{agent} has had to step away. We are looking after it, and you keep your place.',
  'customer.agentSilent.notPermitted':
    '{agent} cannot go on with this chat. We are looking for somebody who can.',
  'customer.agentSilent.unreachable':
    '{agent} cannot be reached just now. We are looking after it, and you keep your place.',
  'customer.offeredOn':
    'Whoever is free first can take over now, and can read everything said so far. {agent} may still answer too.',
  'customer.agentBack': '{agent} is back.',
  'customer.takenOver': '{agent} is here.',
  'customer.customerGone': 'You were away for a moment.',
  'customer.holdEnded': 'You can still come back. {agent} will be asked first.',
  'customer.customerBack': 'You are back.',
  'customer.welcomeBack': 'Welcome back. You are with {agent} again.',
  'customer.asking': 'Welcome back. Asking {agent} to pick up where you left off.',
  'customer.waitingForAway': '{agent} is away right now. Your place with {agent} is kept.',
  'customer.waitingForAway+until':
    'If {agent} is not back within {until.for}, somebody else can take over with everything said so far.',
  'customer.offeredToYou': '{agent} is being asked.',
  'customer.toQueue': 'You are in line again, with everything said so far and your earlier place.',
  'customer.toQueue.handoff': 'You are in line. Whoever answers can read everything said so far.',
  'customer.toQueue.agentDeclined':
    '{agent} cannot take this right now. You are in line with your earlier place, and whoever answers can read everything said so far.',
  'customer.toQueue.agentSilent':
    '{agent} could not answer right now. You are in line with your earlier place, and whoever answers can read everything said so far.',
  'customer.toQueue.agentAway':
    '{agent} is away. You are in line with your earlier place, and whoever answers can read everything said so far.',
  'customer.toQueue.customerChoseAnyone':
    'You are in line with your earlier place. Whoever is free first can read everything said so far.',
  'customer.toQueue.backInLine': 'Welcome back. You have kept your place in line.',
  'customer.toQueue+askedMs': 'We waited {askedMs} for an answer.',
  'customer.toQueue.transferred':
    'You are being passed on to colleagues. You are in line with your earlier place, and whoever answers can read everything said so far.',
  'customer.declined': '{agent} cannot take this right now.',
  'customer.handingOver':
    '{agent} is asking {colleague} to take over. {colleague} can read everything said so far.',
  'customer.transferred': '{agent} has handed this chat to {colleague}, who can read everything said so far.',
  'customer.invited': '{agent} is asking {colleague} to join.',
  'customer.guestJoined': '{colleague} has joined this chat.',
  'customer.guestLeft': '{colleague} has left this chat.',
  'customer.suspended': 'This chat is set aside. You can come back to it, and to {agent}.',
  'customer.suspended.agent': '{agent} has set this chat aside and will come back to it.',
  'customer.suspended.customer': 'You have set this chat aside. You can come back to it, and to {agent}.',
  'customer.suspended+reason': 'Reason: “{reason}”.',
  'customer.suspended+backBy': '{agent} plans to be back {backBy}.',
  'customer.suspended+until': 'It is kept for {until.for}.',
  'customer.suspensionEdited': '{agent} has updated when this chat continues.',
  'customer.suspensionEdited+reason': 'Reason: “{reason}”.',
  'customer.suspensionEdited+backBy': '{agent} plans to be back {backBy}.',
  'customer.waitingForResume': 'Welcome back. You are waiting for {agent}, who knows that you are here.',
  'customer.resumed': '{agent} is back.',
  'customer.endsSoon': 'Are you still there? Without a word from you this chat ends soon.',
  'customer.endsSoon.endsAt': 'Are you still there? Without a word from you this chat ends {endsAt}.',
  'customer.closed': 'This chat has ended.',
  'customer.closed.agent': '{agent} has ended this chat.',
  'customer.closed.customer': 'You have ended this chat.',
  'customer.closed+reference': 'Your reference is {reference}.',
  'customer.expired':
    'This chat has ended because it was quiet for a while. You can start a new one at any time.',
  'customer.expired.unanswered':
    'Nobody has answered your message in time, and this chat has ended. We are sorry. You can start a new one at any time.',
  'customer.expired+reference': 'Your reference is {reference}.',
  'customer.endedUnseen': 'Some messages came after you had left.',
  'customer.takenBack': '{agent} continues this chat in a new one.',
  'customer.signedIn': 'You are signed in.',
  'customer.linkGiven': '{agent} has given you a way back, should this chat break off.',
  'customer.linkGiven.used':
    'The link you used is spent. This is the next one, should this chat break off again.',
  'customer.linkGiven+url': 'This link brings you back here: {url}.',
  'customer.linkGiven+until': 'It works for {until.for}.',
  'customer.linkGiven+lastsMs': 'It works while we chat, and for {lastsMs} after that.',
  'customer.linkGiven+code': 'On another device you can also type the code “{code}”.',
  'customer.linkGiven+codeUntil': 'The code works for {codeUntil.for}.',
  'customer.linksRevoked': 'The links and codes given for this chat no longer work.',
  'customer.linkReused': 'A link to this chat was opened again elsewhere. Nothing has changed here.',
  'customer.backByMissed': '{agent} meant to be back by now and is not here yet.',
  'customer.answerOwed': '{agent} has been reminded that you are waiting.',
  'customer.answerOverdue': 'Others have been told that you are waiting.',
  'customer.backSoon': '{agent} plans to be back in {leftMs}.',
  'customer.waitedInVain': '{agent} has not answered yet. You can keep waiting, or leave a message here.',
  'customer.waitedInVain.away': '{agent} is away right now. You can wait, or leave a message here.',
  'customer.earlierShared': 'Whoever answers can read your earlier chat.',

  'customer.fileRefused': '“{name}” could not be passed on.',
  'customer.fileRefused.off': 'Files cannot be sent in this chat: “{name}” was not passed on.',
  'customer.fileRefused.empty': '“{name}” is empty and was not passed on.',
  'customer.fileRefused.tooLarge':
    '“{name}” is too large and was not passed on. A file may have {mostBytes}.',
  'customer.fileRefused.type': 'Files like “{name}” cannot be sent here. These can: {types}.',
  'customer.fileRefused.disguised': '“{name}” was not passed on: what is in it is not what its name says.',
  'customer.fileRefused.tooMany':
    '“{name}” was not passed on: {most} files can be sent at once. Please send it by itself.',
  'customer.fileRefused.unreadable': '“{name}” did not reach us. Please send it again.',

  // For the agent: what happened.
  'agent.queued': '{customer} is waiting in line.',
  'agent.queued.place': '{customer} is waiting in line, {place}.',
  'agent.queueLimit': '{customer} has waited a while and was told that a message can be left.',
  'agent.queueLimit.nobodyOn': '{customer} was told that nobody is here, and that a message can be left.',
  'agent.outsideHours': '{customer} was told that we are closed and open again: {opensAt}.',
  'agent.messageLeft': '{customer} has left a message, and may have gone.',
  'agent.messageLeft+until': 'It waits until {until}.',
  'agent.messageLeft+until.for': 'It waits for {until.for}.',
  'agent.leftQueue': '{customer} has left the line.',
  'agent.joined': '{agent} has taken this chat.',
  'agent.agentSilent': '{customer} was told that {agent} is not answering just now.',
  'agent.agentSilent.away': '{customer} waits, and was told that {agent} is away.',
  'agent.agentSilent.notPermitted':
    '{customer} waits, and was told that {agent} cannot go on with this chat.',
  'agent.agentSilent.unreachable': '{customer} waits, and was told that {agent} cannot be reached.',
  'agent.offeredOn':
    'Anyone may take this chat over now. It stays with {agent} until somebody does, or {agent} acts.',
  'agent.agentBack': '{agent} is back, and goes on with this chat.',
  'agent.takenOver': '{agent} has taken this chat over.',
  'agent.takenOver.from': '{agent} has taken this chat over from {from}.',
  'agent.customerGone': '{customer} is gone.',
  'agent.customerGone.closedWindow': '{customer} is gone: the window was closed.',
  'agent.customerGone.silent': '{customer} is gone: probably a lost connection.',
  'agent.customerGone.phone': '{customer} is gone: probably a locked phone.',
  'agent.customerGone.leftMessage':
    '{customer} has left a message and is not here. Your answer is kept for their return.',
  'agent.customerGone+heldUntil': 'You stay reserved for {heldUntil.for}.',
  'agent.customerGone+returnUntil': '{customer} can come back for {returnUntil.for}.',
  'agent.holdEnded':
    'Your place kept for {customer} is free again. You will be asked first if {customer} returns.',
  'agent.holdEnded.lapsed':
    '{customer} has not come back so far. The place is free again; you will be asked first if {customer} returns.',
  'agent.holdEnded.released': 'The place kept for {customer} was released. {customer} can still come back.',
  'agent.holdEnded.queueTarget':
    'Others have waited too long: the place kept for {customer} is free again. You will be asked first if {customer} returns.',
  'agent.holdEnded.startedFresh': '{customer} has started a new chat. The place kept here is free again.',
  'agent.customerBack': '{customer} is back.',
  'agent.customerBack.link': '{customer} is back, with the link.',
  'agent.customerBack.code': '{customer} is back, with the code.',
  'agent.customerBack+awayMs': 'Away for {awayMs}.',
  'agent.customerBack+device.phone': 'Now on a phone.',
  'agent.customerBack+device.computer': 'Now on a computer.',
  'agent.customerBack+unread': '{unread} of your messages unread.',
  'agent.customerBack+unread.1': 'One of your messages unread.',
  'agent.welcomeBack': '{customer} was welcomed back.',
  'agent.asking': '{agent} is being asked first.',
  'agent.waitingForAway': '{customer} is back and waits for {agent}.',
  'agent.waitingForAway+until': 'The place is kept for {until.for}.',
  'agent.offeredToYou': '{customer} is back and asks for you.',
  'agent.toQueue': 'Back in line, with the earlier place.',
  'agent.toQueue.handoff': 'In line, waiting for anyone.',
  'agent.toQueue.agentDeclined': '{agent} has passed. Back in line, with the earlier place.',
  'agent.toQueue.agentSilent': '{agent} had no time to answer. Back in line, with the earlier place.',
  'agent.toQueue.agentAway': '{agent} is away. Back in line, with the earlier place.',
  'agent.toQueue.customerChoseAnyone':
    '{customer} chose whoever is free first. In line, with the earlier place.',
  'agent.toQueue.backInLine': '{customer} is back in line, with the earlier place.',
  'agent.toQueue+askedMs': 'Asked for {askedMs}.',
  'agent.toQueue.transferred': '{agent} has passed this on. In line, with the earlier place.',
  'agent.declined': '{agent} has passed.',
  'agent.declined+reason': 'Reason: “{reason}”.',
  'agent.handingOver': '{agent} is asking {colleague} to take over.',
  'agent.transferred': '{agent} has handed this chat to {colleague}.',
  'agent.invited': '{agent} is asking {colleague} to join.',
  'agent.guestJoined': '{colleague} has joined.',
  'agent.guestLeft': '{colleague} has left.',
  'agent.guestLeft.agent': '{agent} has asked {colleague} to leave.',
  'agent.suspended': 'This chat is set aside.',
  'agent.suspended.agent': '{agent} has set this chat aside.',
  'agent.suspended.customer': '{customer} has set this chat aside.',
  'agent.suspended+reason': 'Reason: “{reason}”.',
  'agent.suspended+backBy': '{customer} was told: back {backBy}.',
  'agent.suspended+until': 'It is kept for {until.for}.',
  'agent.suspensionEdited': 'The note on why and until when was changed.',
  'agent.suspensionEdited+reason': 'Reason: “{reason}”.',
  'agent.suspensionEdited+backBy': '{customer} was told: back {backBy}.',
  'agent.waitingForResume': '{customer} is back and waits for {agent}.',
  'agent.resumed': '{agent} has resumed this chat.',
  'agent.answerOwed': '{customer} has been waiting for an answer from {agent} for {waitedMs}.',
  'agent.answerOverdue':
    '{customer} has been waiting for an answer from {agent} for {waitedMs}. Supervisors have been told.',
  'agent.backSoon': '{agent} promised {customer} to be back in {leftMs}.',
  'agent.backByMissed':
    '{agent} promised {customer} to be back by now. Supervisors have been told; a colleague can take over.',
  'agent.endsSoon': '{customer} owes the answer. Without one this chat ends soon.',
  'agent.endsSoon.endsAt': '{customer} owes the answer. Without one this chat ends {endsAt}.',
  'agent.closed': 'This chat has ended.',
  'agent.closed.agent': '{agent} has ended this chat.',
  'agent.closed.customer': '{customer} has ended this chat.',
  'agent.closed.bot': 'The assistant has ended this chat.',
  'agent.closed+reference': 'Reference {reference}.',
  'agent.expired': 'This chat has ended because its time ran out.',
  'agent.expired.unanswered': 'This message has ended: nobody answered it in time.',
  'agent.expired+reference': 'Reference {reference}.',
  'agent.endedUnseen': '{customer} has not seen {count} of the messages written here.',
  'agent.endedUnseen.1': '{customer} has not seen one of the messages written here.',
  'agent.takenBack': 'This chat goes on in a new one, with everything said so far.',
  'agent.linkGiven': '{agent} has given {customer} a reconnect link.',
  'agent.linkGiven+until': 'It works for {until.for}.',
  'agent.linkGiven+lastsMs': 'It works while the chat runs, and for {lastsMs} after it breaks off.',
  'agent.linksRevoked': 'The links and codes given for this chat no longer work.',
  'agent.linksRevoked.customer': '{customer} has withdrawn the links and codes given for this chat.',
  'agent.linkReused':
    'A used link to this chat was opened on an unknown device and refused. If it was {customer}, a code admits them.',
  'agent.waitedInVain': '{customer} was told that the answer takes longer.',
  'agent.waitedInVain.away': '{customer} was told that {agent} is away.',
  'agent.earlierShared': '{customer} lets you read the earlier chat.',
  'agent.fileRefused': '{customer} sent a file that was not taken: “{name}”.',
  'agent.fileRefused.tooLarge': '{customer} sent a file that is too large: “{name}”.',
  'agent.fileRefused.type': '{customer} sent a file of a type that is not taken: “{name}”.',
  'agent.fileRefused.disguised':
    '{customer} sent a file that is not what its name says: “{name}”. It was not taken.',
  'agent.fileRefused.unreadable': 'A file from {customer} did not reach us: “{name}”.',
  'agent.signedIn': '{customer} has signed in.',
  'agent.signedIn.name': '{customer} has signed in as {name}.',

  // A no, and why.
  'refused.customer.taken': '{agent} is already with this chat.',
  'refused.customer.over': 'This chat is over. You can start a new one at any time.',
  'refused.customer.over.closed': 'This chat has ended. You can start a new one at any time.',
  'refused.customer.over.expired':
    'This chat has ended because it was quiet for a while. You can start a new one at any time.',
  'refused.customer.notYours': 'This is not possible from here.',
  'refused.customer.agentAway': '{agent} is away right now.',
  'refused.customer.already': 'That is already done.',
  'refused.customer.already.suspended': 'This chat is already set aside.',
  'refused.customer.already.closed': 'This chat has already ended.',
  'refused.customer.already.expired': 'This chat has already ended.',
  'refused.customer.inLine': 'You are already in line. You keep your place.',
  'refused.customer.notNow': 'That is not possible right now.',
  'refused.customer.notNow.bot': 'Nobody has joined yet. Ask for a person first.',
  'refused.customer.notNow.closed': 'This chat has ended. You can start a new one at any time.',
  'refused.customer.notNow.expired': 'This chat has ended. You can start a new one at any time.',
  'refused.customer.badBackBy': 'Please choose a time within the next 14 days.',
  'refused.customer.tooLate': 'That time has passed. You can start a new chat.',
  'refused.agent.taken': '{agent} has taken it.',
  'refused.agent.over': 'This chat is over.',
  'refused.agent.over.closed': 'This chat has ended.',
  'refused.agent.over.expired': 'This chat has ended because its time ran out.',
  'refused.agent.notYours': 'Only the agent of this chat can do that.',
  'refused.agent.agentAway': '{agent} is not here right now. Choose somebody else, or a queue.',
  'refused.agent.already': 'That is already done.',
  'refused.agent.already.active': 'This chat is already active.',
  'refused.agent.already.suspended': 'This chat is already set aside.',
  'refused.agent.already.closed': 'This chat has already ended.',
  'refused.agent.already.expired': 'This chat has already ended.',
  'refused.agent.inLine': 'The customer is already in line.',
  'refused.agent.notNow': 'That is not possible right now.',
  'refused.agent.notNow.bot': 'The customer is with the assistant; nobody was asked for.',
  'refused.agent.notNow.queued': 'Accept this chat first.',
  'refused.agent.notNow.active': 'This chat is active; that is not needed now.',
  'refused.agent.notNow.disconnected': 'The customer is gone; that is possible once the customer is back.',
  'refused.agent.notNow.suspended': 'This chat is set aside. Resume it first.',
  'refused.agent.notNow.resuming': 'The customer is back and waits for an answer first.',
  'refused.agent.notNow.closed': 'This chat has ended.',
  'refused.agent.notNow.expired': 'This chat has ended because its time ran out.',
  'refused.agent.badBackBy': 'Choose a time within the next 14 days.',
  'refused.agent.tooLate': 'The time to take this chat back, or to note what came of it, has passed.',

  // Where a session stands.
  'status.customer.bot': 'With the assistant',
  'status.customer.queued': 'Waiting in line',
  'status.customer.queued.place': 'Waiting in line, {place}',
  'status.customer.active': 'With {agent}',
  'status.customer.disconnected': 'Reconnecting',
  'status.customer.suspended': 'Waiting for {agent}',
  'status.customer.resuming': 'Waiting for {agent}',
  'status.customer.closed': 'Ended',
  'status.customer.expired': 'Ended',
  'status.agent.bot': 'With the assistant',
  'status.agent.queued': 'Waiting in line',
  'status.agent.queued.place': 'Waiting in line, {place}',
  'status.agent.active': 'Active',
  'status.agent.disconnected': 'Gone',
  'status.agent.suspended': 'Set aside',
  'status.agent.resuming': 'Back, waiting for {agent}',
  'status.agent.closed': 'Ended',
  'status.agent.expired': 'Ended, time ran out',
} satisfies Record<RequiredKey, string> & Record<string, string>;

export type NoticeSentences = Readonly<Record<keyof typeof noticesEn, string>>;
