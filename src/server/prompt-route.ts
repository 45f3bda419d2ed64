import type { Request } from 'restify';
import { shareCard } from '../cards/too-late.ts';
import { refusalText } from '../cards/wording.ts';
import type { CustomerState, PromptAnswer, Shareable } from '../cards/views.ts';
import { readPromptAnswer } from '../handoff/activities.ts';
import { nextSession } from '../handoff/next-session.ts';
import { readConversationId, type ConversationId, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import { deviceOf } from './customer-device.ts';
import type { CustomerRoutes } from './customer-routes.ts';
import { bodyOf, Refused, type Answer } from './http.ts';

/**
 * Takes the answer to a prompt. What it needs is read while it is still being proved who gives it: one round of reads, one
 * write, and the answer carries the transcript.
 */
export function byPrompt(given: CustomerRoutes): (req: Request) => Promise<Answer> {
  const { customers } = given.house;
  return async (req) => {
    const { prompt, conversation } = promptIn(req);
    const reading = customers.readAhead(conversation, prompt);
    // Whoever turns out to be somebody else never hears of it.
    reading?.catch(() => undefined);
    const identity = await given.identities.known(req);
    const { customer } = identity;
    const returned = await customers.answer(customer, conversation, prompt, reading, deviceOf(req).device);
    const { refused, share } = returned;
    if (refused !== undefined) throw await refusedBy(given, customer, conversation, refused, returned.state);
    const isFresh = prompt.choice === 'fresh' || prompt.choice === 'notMe';
    return {
      body: {
        conversationId: conversation,
        userId: customer,
        state: isFresh ? await freshState(given, customer, conversation, prompt.sid) : returned.state,
        transcript: returned.transcript,
        ...(share !== undefined && { share: await shareBody(given, customer, conversation, share) }),
      },
      ...(identity.setCookie !== undefined && { headers: { 'Set-Cookie': identity.setCookie } }),
    };
  };
}

function promptIn(req: Request): { readonly prompt: PromptAnswer; readonly conversation: ConversationId } {
  const asked: unknown = bodyOf(req)['prompt'];
  const prompt = readPromptAnswer(asked);
  const conversation = readConversationId(
    typeof asked === 'object' && asked !== null ? Reflect.get(asked, 'conversation') : undefined,
  );
  if (prompt === undefined || conversation === undefined) {
    throw new Refused(400, 'bad_input', 'prompt: sid, epoch, nonce, choice and conversation are needed.');
  }
  return { prompt, conversation };
}

/** A page that can show the card itself is handed it; one that has its own words needs the rest. */
export async function shareBody(
  { house }: CustomerRoutes,
  customer: CustomerId,
  conversation: ConversationId,
  share: Shareable,
): Promise<unknown> {
  const { words } = house.widget(await house.customers.widgetOf(customer, conversation));
  return { ...share, card: shareCard(share, words) };
}

/** The bot greets in the conversation in which its customer chose to start fresh; its words open the new session. */
export async function freshState(
  given: CustomerRoutes,
  customer: CustomerId,
  conversation: ConversationId,
  old: SessionId,
): Promise<CustomerState> {
  await greetFresh(given, customer, conversation, old);
  const { customers, clock } = given.house;
  const greeted = await customers.current(customer, conversation);
  return greeted === undefined ? { status: 'none', now: clock.now() } : customers.state(greeted.sid);
}

async function greetFresh(
  { house, greet }: CustomerRoutes,
  customer: CustomerId,
  conversation: ConversationId,
  old: SessionId,
): Promise<void> {
  if ((await house.customers.current(customer, conversation)) !== undefined) return;
  const before = await house.sessions.header(old);
  if (before === undefined) return;
  const reference = { ...before.reference, conversation, user: { ...before.reference.user, id: customer } };
  // The id that their own first line would open here: whichever comes first, it is one session.
  const sid = await nextSession(house.sessions, reference);
  const { says } = await greet(sid, reference);
  if (says.length === 0) return;
  const widget = await house.customers.widgetOf(customer, conversation);
  const subject = (await house.sessions.index(customer))?.subject ?? { kind: 'anonymous' };
  await house.sessions.ask(sid, {
    actor: 'bot',
    command: () => ({ type: 'tick' }),
    say: says,
    dedupe: [`greeting|${sid}`],
    opening: { widget, stream: house.widget(widget).stream, subject, reference },
  });
}

/** A no to a customer, in the widget's language, with where they stand. */
export async function refusedBy(
  { house }: CustomerRoutes,
  customer: CustomerId,
  conversation: ConversationId,
  refusal: Refusal,
  state: CustomerState,
): Promise<Refused> {
  const { words } = house.widget(await house.customers.widgetOf(customer, conversation));
  return new Refused(409, refusal.kind, refusalText(refusal, words, 'customer'), { state });
}
