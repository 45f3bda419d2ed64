import type { Acting } from './acting.ts';
import { cardsIn, readCard, type CardButton, type Replaced, type ShownCard } from './cards.ts';
import { field, type Pressed } from './evidence.ts';
import { addressOf } from './file-line.ts';
import type { Came } from './instance.ts';
import { chatOf, fromAgent, type SimAgent, type SimCustomer } from './people.ts';
import type { Of } from './plan.ts';

/** What agents do in their chat with the bot. */
export interface CardDeeds {
  readonly card: (deed: Of<'card'>) => Promise<void>;
  readonly line: (deed: Of<'line'>) => Promise<void>;
}

/** A button that is pressed, on which card, and what travels with it. */
interface Pressing {
  readonly agent: SimAgent;
  readonly cardId: string;
  readonly button: CardButton;
  readonly data: Readonly<Record<string, unknown>>;
  readonly since: number;
}

/** What whoever pressed was told: that it is done, that nothing was, or nothing they could tell it by. */
type Told = 'done' | 'not' | 'unknown';

export function cardDeeds(acting: Acting): CardDeeds {
  const { stage, history, post, patiently, wait } = acting;
  const { world, channel } = stage;
  const replaced: Replaced[] = [];
  /** A line that names no chat may be sent by more than one press. */
  const firstSent = new Map<string, number>();

  /** Where nobody has the session, an agent who may have had its card. */
  const agentOf = async (deed: Of<'card' | 'line'>, customer: SimCustomer): Promise<SimAgent> => {
    if (deed.agent !== 'owner') return acting.agent(deed.agent);
    const sid = await acting.newestOf(customer);
    return (sid && (await acting.ownerOf(sid))) ?? acting.agent(deed.to);
  };
  const find = (agent: SimAgent, customer: SimCustomer, acts: Of<'card'>['acts'], isOld: boolean) => {
    for (const [cardId, states] of cardsIn(channel, chatOf(agent), replaced))
      for (const card of isOld ? states.slice(0, -1).reverse() : states.slice(-1)) {
        const button = buttonOn(card, acts, customer);
        if (button !== undefined) return { cardId, card, button };
      }
    return undefined;
  };

  /** Brings it to an instance, as Teams does, under an id of Teams'. */
  const send = async (pressing: Pressing, to: number, id: string, submits = false): Promise<Came<Told>> => {
    const { agent, cardId, button, since } = pressing;
    const sentAt = world.now();
    const came = await post(to, pressed(pressing, id, submits), `card/${button.act} by ${agent.id}`);
    if (came.came !== 'ok') return came;
    const one = { agent: agent.id, sid: button.sid, act: button.act, since, sentAt, answeredAt: world.now() };
    if (submits) {
      const reply = channel.arrived.find(({ activity }) => activity['replyToId'] === id)?.activity['text'];
      const told = typeof reply === 'string' ? { said: reply } : {};
      history.pressed.push({ ...one, ...told });
      return { came: 'ok', value: toldBy(told) };
    }
    const answer = field(field(came.value, 'body'), 'value');
    const card = readCard(answer);
    if (card === undefined) {
      history.pressed.push({ ...one, said: String(field(answer, 'code')) });
      return { came: 'ok', value: 'not' };
    }
    replaced.push({ chat: chatOf(agent), id: cardId, at: world.now(), card });
    const epoch = card.buttons[0]?.epoch;
    const told: Pressed = {
      ...{ ...one, ...(button.act !== SEND_TO && { shows: card.title }) },
      ...(epoch !== undefined && { epoch }),
      ...(card.said !== undefined && { said: card.said }),
    };
    history.pressed.push(told);
    if (button.act === SEND_TO) return { came: 'ok', value: SENT.test(card.title) ? 'done' : 'not' };
    return { came: 'ok', value: toldBy(told) };
  };

  return {
    card: async (deed) => {
      const customer = acting.customer(deed.on);
      const agent = await agentOf(deed, customer);
      const [isOld, acts] = [deed.old === true, deed.acts];
      const found = find(agent, customer, acts, isOld) ?? find(agent, customer, acts, !isOld);
      if (found === undefined) {
        world.note(`${agent.id} has no card with ${acts.join(', ')}`);
        history.came.set('card none', (history.came.get('card none') ?? 0) + 1);
        return;
      }
      const { cardId, card, button } = found;
      const text = wordsFor(button.act, card, () => answerOf(agent, customer));
      const filled = button.hasInputs ? filledIn(card, text, agent.presses) : {};
      const name = `press-${agent.id}-${(agent.presses += 1)}`;
      const since = world.now();
      if (!firstSent.has(text)) firstSent.set(text, since);
      const pressing: Pressing = { agent, cardId, button, data: { ...filled, ...button.data }, since };
      const once = (to: number, attempt: number) =>
        send(pressing, to, deed.anew === true ? `${name}-${attempt}` : name, deed.submits);
      const { also, lateMs } = deed;
      const all = await Promise.all([
        patiently(deed.to, once),
        ...(also === undefined ? [] : [once(also, ANEW)]),
        ...(lateMs === undefined ? [] : [wait(lateMs).then(() => once(deed.to, LATE))]),
      ]);
      if (text === '') return;
      const told = all.map((one) => (one.came === 'ok' ? one.value : 'unknown'));
      history.said.push({
        ...{ text, by: agent.id, firstSentAt: firstSent.get(text) ?? since },
        ...(told.includes('done') && { ackedAt: world.now() }),
        ...(button.data['files'] !== undefined && { file: true as const }),
        // A line may be sent by another press of the question whom it is for.
        ...(button.act !== SEND_TO && told.every((one) => one === 'not') && { unsent: true as const }),
      });
    },
    line: async (deed) => {
      const { to, also } = deed;
      const customer = acting.customer(deed.on);
      const agent = await agentOf(deed, customer);
      const text = answerOf(agent, customer);
      const id = `line-${agent.id}-${agent.acts}`;
      const attachments = deed.file ? [dropped(text)] : [];
      const activity = fromAgent(agent, { ...{ type: 'message', id, text, attachments } });
      const once = (place: number) => post(place, activity, `line by ${agent.id}`);
      await Promise.all([patiently(to, once), ...(also === undefined ? [] : [once(also)])]);
    },
  };
}

const SEND_TO = 'sendTo';

const answerOf = (agent: SimAgent, { mark }: SimCustomer): string =>
  `${mark} answer ${agent.id} ${(agent.acts += 1)}`;

/** What is said by a press: words of its own, or those that the card asks about. */
function wordsFor(act: string, { fields }: ShownCard, anew: () => string): string {
  if (act === SEND_TO) return fields.get('text')?.[0] ?? '';
  return act === 'message' || act === 'comment' ? anew() : '';
}

/** A file that says the same, as Teams names what is dropped into a chat. */
const dropped = (text: string) => ({
  contentType: 'application/vnd.microsoft.teams.file.download.info',
  name: 'answer.txt',
  content: { downloadUrl: addressOf(text) },
});

/** Numbers of attempts that nobody gets to by trying again. */
const [ANEW, LATE] = [8, 9];

function buttonOn(
  card: ShownCard,
  acts: readonly string[],
  { id, mark }: SimCustomer,
): CardButton | undefined {
  const isFor = (card.fields.get('text')?.[0] ?? '').includes(mark);
  const theirs = card.buttons.filter(({ sid, act }) => sid.startsWith(id) && (act !== SEND_TO || isFor));
  return acts.flatMap((act) => theirs.find((one) => one.act === act) ?? [])[0];
}

/** What stands in the fields, or is chosen there, and the words in the reply box. */
const filledIn = ({ fields }: ShownCard, text: string, nth: number): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries([...fields].map(([id, values]) => [id, values[nth % values.length]])),
  text,
});

/** As a client sends it that knows `Action.Execute`, or as one that does not. */
function pressed(
  { agent, button: { act }, data }: Pressing,
  id: string,
  submits: boolean,
): Readonly<Record<string, unknown>> {
  const verb = `reconnect/${act}`;
  if (submits) return fromAgent(agent, { type: 'message', id, value: { ...data, verb } });
  const action = { type: 'Action.Execute', verb, data };
  const value = { action, trigger: 'manual' };
  return fromAgent(agent, { type: 'invoke', name: 'adaptiveCard/action', id, value });
}

const toldBy = ({ said }: Pick<Pressed, 'said'>): Told =>
  said === undefined || SENT.test(said) ? 'done' : 'not';
/** How a card or a reply says that words are where they were to go. */
const SENT = /^(?:Sent to|That was sent already|This was sent already)/u;
