import { ActivityHandler, ActivityTypes, EventFactory, MessageFactory, type TurnContext } from 'botbuilder';
import { fill, type Wording } from '../../cards/fill.ts';

/**
 * The bot of a house that is given none: it greets, and asks for a person with the framework's own `handoff.initiate`
 * when the customer writes `agent` or presses *Talk to a person*.
 */
export class FrontDesk extends ActivityHandler {
  constructor(given: {
    readonly company: string;
    /** Words of the language a customer's page is in. */
    readonly wordsFor: (locale: string | undefined) => Wording;
  }) {
    super();
    const wordsOf = ({ activity }: TurnContext): Wording => given.wordsFor(activity.locale);

    this.onMembersAdded(async (context, next) => {
      const { channelId, membersAdded = [], recipient } = context.activity;
      const isCustomer = membersAdded.some(({ id }) => id !== recipient.id);
      if (channelId === 'directline' && isCustomer) {
        const words = wordsOf(context);
        const hello = fill(words, 'bot.hello', { company: given.company });
        await context.sendActivity(MessageFactory.suggestedActions([fill(words, 'bot.person')], hello));
      }
      await next();
    });
    this.onMessage(async (context, next) => {
      const words = wordsOf(context);
      if (asksForPerson(context, words)) {
        await context.sendActivity(fill(words, 'bot.coming'));
        await context.sendActivity({
          ...EventFactory.createHandoffInitiation(context, {}),
          type: ActivityTypes.Event,
        });
      } else {
        await context.sendActivity(fill(words, 'bot.help', { word: words.sentences['bot.word'] }));
      }
      await next();
    });
  }
}

/** Whoever has learned the English word is understood in every language. */
function asksForPerson({ activity }: TurnContext, { sentences }: Wording): boolean {
  // A message may be a file alone.
  const said = (activity.text as string | undefined)?.trim().toLowerCase() ?? '';
  return ['agent', sentences['bot.word'], sentences['bot.person']].some((one) => one.toLowerCase() === said);
}
