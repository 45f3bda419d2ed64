/** What the front desk says, where the author gives no bot of their own. */
export const botEn = {
  'bot.hello': 'Hello, welcome to {company}. Shall I get a person for you?',
  'bot.person': 'Talk to a person',
  /** The word by itself that asks for one. */
  'bot.word': 'agent',
  'bot.coming': 'I am getting a person for you.',
  'bot.help': 'I am only the front desk. Write *{word}* to talk to a person.',
};
