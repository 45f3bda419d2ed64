import { ActivityHandler, EventFactory } from 'botbuilder';
import type { SessionState } from '../../src/adapters/botframework/session-state.ts';

/** A stock bot: answers, hands off on `agent`, keeps a half-filled answer, throws on `throw`. */
export interface TestBot {
  readonly handler: ActivityHandler;
  /** Texts and events it got, oldest first. */
  readonly heard: readonly string[];
  /** Values of `handoff.status`, oldest first. */
  readonly statuses: readonly unknown[];
  /** Runs before it answers; lets a test act in the middle of a bot's turn. */
  readonly meanwhile: (run: () => Promise<void>) => void;
}

/** Makes one that keeps its form in this state. */
export function testBot(state: SessionState): TestBot {
  const heard: string[] = [];
  const statuses: unknown[] = [];
  let meanwhile: (() => Promise<void>) | undefined;
  const form = state.createProperty<{ name?: string }>('form');
  const handler = new ActivityHandler();
  handler.onMessage(async (context, next) => {
    const { text } = context.activity;
    heard.push(text);
    const run = meanwhile;
    meanwhile = undefined;
    await run?.();
    if (text === 'throw') throw new Error('The bot fell over');
    if (text.startsWith('my name is ')) {
      await form.set(context, { name: text.slice(11) });
      await context.sendActivity('Noted');
    } else if (text === 'who am I') {
      await context.sendActivity(`You are ${(await form.get(context))?.name ?? 'unknown'}`);
    } else if (text === 'agent') {
      await context.sendActivity('One moment');
      await context.sendActivity(EventFactory.createHandoffInitiation(context, { reason: 'A parcel' }));
    } else if (text.startsWith('ask ')) {
      const question = text.slice(4);
      await context.sendActivity({
        type: 'message',
        text: `What is your ${question}?`,
        channelData: { reconnect: { question } },
      });
    } else if (text.startsWith('many ')) {
      for (let i = 1; i <= Number(text.slice(5)); i += 1) await context.sendActivity(`Line ${i}`);
    } else if (text !== 'quiet') {
      await context.sendActivity(`You said ${text}`);
    }
    await state.saveChanges(context, false);
    await next();
  });
  handler.onEvent(async (context, next) => {
    heard.push(context.activity.name ?? '');
    if (context.activity.name === 'handoff.status') statuses.push(context.activity.value);
    await next();
  });
  handler.onConversationUpdate(async (_, next) => {
    heard.push('update');
    await next();
  });
  return { handler, heard, statuses, meanwhile: (run) => (meanwhile = run) };
}
