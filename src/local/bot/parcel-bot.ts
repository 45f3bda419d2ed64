import {
  ActivityHandler,
  ActivityTypes,
  EventFactory,
  MessageFactory,
  type Activity,
  type TurnContext,
} from 'botbuilder';
import type { SessionState } from '../../adapters/botframework/session-state.ts';

/** The answers of the parcel form so far; half-filled ones survive a return. */
interface ParcelForm {
  asking?: 'parcel' | 'trouble';
  parcel?: string;
  trouble?: string;
}

const PERSON = 'Talk to a person';
const REPORT = 'Report a parcel';

/**
 * The sample bot: a stock `ActivityHandler` that greets, fills a small form of two questions, and asks for a person with
 * the framework's own `handoff.initiate` when the customer writes `agent` or presses *Talk to a person*.
 */
export class ParcelBot extends ActivityHandler {
  readonly #state: SessionState;

  constructor(state: SessionState) {
    super();
    this.#state = state;
    const form = state.createProperty<ParcelForm>('parcel');

    this.onMembersAdded(async (context, next) => {
      const added = context.activity.membersAdded ?? [];
      const isCustomer = context.activity.channelId === 'directline';
      if (isCustomer && added.some((member) => member.id !== context.activity.recipient.id))
        await greet(context);
      await next();
    });
    this.onMessage(async (context, next) => {
      // A message may be a file alone.
      const text = (context.activity.text as string | undefined)?.trim() ?? '';
      // Agents' lines never come here: whoever writes in Teams has no permission for chats.
      if (context.activity.channelId === 'msteams') {
        await context.sendActivity(NO_AGENT);
        return next();
      }
      const answers = await form.get(context, {});
      if (/^(agent|talk to a person)$/iu.test(text)) await askForPerson(context, answers);
      else if (text === REPORT || answers.asking !== undefined) await askParcel(context, answers, text);
      else await answer(context, text);
      await next();
    });
    this.onEvent(async (context, next) => {
      if (context.activity.name === 'reconnect/returned') {
        const answers = await form.get(context, {});
        if (answers.asking !== undefined) await context.sendActivity(question(answers));
      }
      await next();
    });
  }

  override async run(context: TurnContext): Promise<void> {
    await super.run(context);
    await this.#state.saveChanges(context);
  }
}

async function greet(context: TurnContext): Promise<void> {
  const text = 'Hello! I am the parcel bot. I can take a report, or bring you to a person.';
  await context.sendActivity(MessageFactory.suggestedActions([REPORT, PERSON], text));
}

async function answer(context: TurnContext, text: string): Promise<void> {
  await context.sendActivity(`You said “${text}”. Write *agent* to talk to a person.`);
}

async function askForPerson(context: TurnContext, answers: ParcelForm): Promise<void> {
  const reason = answers.parcel === undefined ? 'a question' : `parcel ${answers.parcel}`;
  await context.sendActivity('I am getting a person for you.');
  await context.sendActivity({
    ...EventFactory.createHandoffInitiation(context, { reason, ...answers }),
    type: ActivityTypes.Event,
  });
}

async function askParcel(context: TurnContext, answers: ParcelForm, text: string): Promise<void> {
  if (answers.asking === 'parcel') {
    answers.parcel = text;
    answers.asking = 'trouble';
  } else if (answers.asking === 'trouble') {
    answers.trouble = text;
    delete answers.asking;
    await context.sendActivity(
      `Thank you. Parcel ${answers.parcel ?? ''}: “${text}”. Write *agent* to talk to a person.`,
    );
    return;
  } else {
    answers.asking = 'parcel';
  }
  await context.sendActivity(question(answers));
}

const NO_AGENT =
  'I bring customers’ chats to agents, and you may not take chats yet. Whoever administers Microsoft Entra for your ' +
  'company can give you the role *Chat.Agent* of this app. Then open the *Inbox* tab.';

/** Named, so that it is counted when somebody is asked it a second time. */
const question = ({ asking = 'parcel' }: ParcelForm): Partial<Activity> => ({
  type: ActivityTypes.Message,
  text: asking === 'trouble' ? 'What is wrong with it?' : 'Which parcel number is it?',
  channelData: { reconnect: { question: asking } },
});
