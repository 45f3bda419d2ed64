import type { botEn } from './bot-wording.en.ts';

/** Arabic; see `bot-wording.en.ts`. */
export const botAr: Record<keyof typeof botEn, string> = {
  'bot.hello': 'مرحبًا بك في {company}. هل تريد التحدث إلى شخص؟',
  'bot.person': 'التحدث إلى شخص',
  'bot.word': 'موظف',
  'bot.coming': 'أطلب لك شخصًا الآن.',
  'bot.help': 'أنا مكتب الاستقبال فقط. اكتب *{word}* للتحدث إلى شخص.',
};
