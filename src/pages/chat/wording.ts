/** What the page itself says; what the house says comes in the house's words. */
export interface Words {
  readonly connecting: string;
  readonly connected: string;
  readonly connectedWith: (name: string) => string;
  readonly inLine: (place: number | undefined) => string;
  readonly waitingFor: (name: string | undefined) => string;
  readonly setAside: (name: string | undefined) => string;
  readonly backBy: (time: string) => string;
  readonly choose: string;
  readonly elsewhere: string;
  readonly continueHere: string;
  readonly composerElsewhere: string;
  readonly reconnecting: string;
  readonly offline: string;
  readonly ended: string;
  readonly expired: string;
  readonly ending: string;
  readonly undo: string;
  readonly suspend: string;
  readonly end: string;
  readonly newChat: string;
  readonly leaveLine: string;
  readonly conversation: string;
  readonly chooseFirst: string;
  readonly composerEnded: string;
  readonly loading: string;
  readonly placeholder: string;
  readonly said: (company: string) => string;
  readonly typing: (name: string | undefined) => string;
  readonly hello: (company: string) => string;
  readonly continued: (name: string | undefined) => string;
  readonly anyone: string;
  readonly fresh: string;
  readonly failed: string;
  readonly cannotOpen: string;
  readonly tryAgain: string;
  readonly site: string;
  readonly notSignedIn: string;
  readonly otherChats: string;
  readonly preview: string;
}

const en: Words = {
  connecting: 'Connecting…',
  connected: 'Connected',
  connectedWith: (name) => `Connected with ${name}`,
  inLine: (place) => (place === undefined ? 'You are in line' : `You are in line: ${ordinal(place)}`),
  waitingFor: (name) => `Waiting for ${name ?? 'your agent'}`,
  setAside: (name) => `Set aside. Write to go on with ${name ?? 'your agent'}.`,
  backBy: (time) => `back by ${time}`,
  choose: 'Connected. Choose how to go on.',
  elsewhere: 'This chat goes on in another window, or has ended',
  continueHere: 'Continue here',
  composerElsewhere: 'Continue here to write',
  reconnecting: 'Reconnecting… What you wrote is safe.',
  offline: 'You are offline. We reconnect as soon as you are back.',
  ended: 'Chat ended',
  expired: 'Chat ended: it had been quiet for too long',
  ending: 'Ending the chat…',
  undo: 'Undo',
  suspend: 'Suspend',
  end: 'End chat',
  newChat: 'New chat',
  leaveLine: 'Leave line',
  conversation: 'Conversation',
  chooseFirst: 'Choose first how to go on',
  composerEnded: 'This chat has ended.',
  loading: 'Loading the chat…',
  placeholder: 'Type your message',
  said: (company) => `${company} said:`,
  typing: (name) => `${name ?? 'Somebody'} is writing…`,
  hello: (company) => `Hello! Write to ${company} here. You can leave and come back; nothing is lost.`,
  continued: (name) => (name === undefined ? 'You continued your chat' : `You continued with ${name}`),
  anyone: 'You asked for anyone, with your history',
  fresh: 'You started fresh',
  failed: 'That did not work. Nothing has changed; please try again.',
  cannotOpen: 'The chat cannot be opened right now.',
  tryAgain: 'Try again',
  site: 'Site',
  notSignedIn: 'not signed in',
  otherChats: 'Other chats',
  preview: 'Preview',
};

const ar: Words = {
  connecting: 'جارٍ الاتصال…',
  connected: 'متصل',
  connectedWith: (name) => `متصل مع ${name}`,
  inLine: (place) => (place === undefined ? 'أنت في قائمة الانتظار' : `أنت في قائمة الانتظار: ${place}`),
  waitingFor: (name) => (name === undefined ? 'في انتظار الموظف' : `في انتظار ${name}`),
  setAside: (name) => `المحادثة مؤجلة. اكتب للمتابعة${name === undefined ? '' : ` مع ${name}`}.`,
  backBy: (time) => `يعود بحلول ${time}`,
  choose: 'متصل. كيف تود المتابعة؟',
  elsewhere: 'تستمر هذه المحادثة في نافذة أخرى، أو أنها انتهت',
  continueHere: 'المتابعة هنا',
  composerElsewhere: 'تابع هنا لتتمكن من الكتابة',
  reconnecting: 'جارٍ إعادة الاتصال… ما كتبته محفوظ.',
  offline: 'أنت غير متصل بالإنترنت. سنعيد الاتصال فور عودتك.',
  ended: 'انتهت المحادثة',
  expired: 'انتهت المحادثة: لم يُكتب شيء لفترة طويلة',
  ending: 'جارٍ إنهاء المحادثة…',
  undo: 'تراجع',
  suspend: 'تعليق',
  end: 'إنهاء المحادثة',
  newChat: 'محادثة جديدة',
  leaveLine: 'مغادرة الانتظار',
  conversation: 'المحادثة',
  chooseFirst: 'اختر أولاً كيف تود المتابعة',
  composerEnded: 'انتهت هذه المحادثة.',
  loading: 'جارٍ تحميل المحادثة…',
  placeholder: 'اكتب رسالتك',
  said: (company) => `قال ${company}:`,
  typing: (name) => (name === undefined ? 'يكتب…' : `${name} يكتب…`),
  hello: (company) => `مرحبًا! اكتب إلى ${company} هنا. يمكنك المغادرة والعودة؛ لن يضيع شيء.`,
  continued: (name) => (name === undefined ? 'تابعت محادثتك' : `تابعت مع ${name}`),
  anyone: 'طلبت أي موظف، مع سجل محادثتك',
  fresh: 'بدأت من جديد',
  failed: 'لم ينجح ذلك. لم يتغير شيء؛ حاول مرة أخرى.',
  cannotOpen: 'لا يمكن فتح المحادثة الآن.',
  tryAgain: 'حاول مرة أخرى',
  site: 'الموقع',
  notSignedIn: 'لم يتم تسجيل الدخول',
  otherChats: 'محادثات أخرى',
  preview: 'معاينة',
};

const languages: Readonly<Record<string, Words>> = { en, ar };

/** The words of a BCP 47 language; English where we have none. */
export const wordsOf = (language: string): Words =>
  languages[language.split('-', 1)[0]?.toLowerCase() ?? ''] ?? en;

export const isRightToLeft = (language: string): boolean => /^(ar|fa|he|ur)\b/i.test(language);

function ordinal(place: number): string {
  const suffix = { one: 'st', two: 'nd', few: 'rd' }[
    new Intl.PluralRules('en', { type: 'ordinal' }).select(place) as 'one' | 'two' | 'few'
  ] as string | undefined;
  return `${place}${suffix ?? 'th'}`;
}
