import { digest } from '../../src/adapters/cosmos/documents.ts';
import type { Redeemed as RedeemedAs } from '../../src/handoff/links-redeem.ts';
import type { Rim } from '../../src/handoff/links-use.ts';
import type { ConversationId } from '../../src/session/ids.ts';
import type { Acting } from './acting.ts';
import { oursIn } from './channel.ts';
import { addressOf } from './file-line.ts';
import type { Came } from './instance.ts';
import { fromCustomer, moveTo, newPage, type SimCustomer } from './people.ts';
import type { Of } from './plan.ts';

/** What customers do, each deed as their page or their channel does it. */
export interface CustomerDeeds {
  readonly say: (deed: Of<'say'>) => Promise<void>;
  readonly beat: (deed: Of<'beat'>) => Promise<void>;
  readonly open: (deed: Of<'open'>) => Promise<void>;
  readonly answer: (deed: Of<'answer'>) => Promise<void>;
  readonly redeem: (deed: Of<'redeem'>) => Promise<void>;
  readonly press: (deed: Of<'press'>) => Promise<void>;
  readonly signIn: (deed: Of<'signIn'>) => Promise<void>;
  readonly erase: (deed: Of<'erase'>) => Promise<void>;
}

export function customerDeeds(acting: Acting): CustomerDeeds {
  const { stage, history, asked, post, patiently, wait } = acting;
  const { world, channel } = stage;
  /** Lines that come again later: after an erasure they are new ones. */
  const late = new Set<string>();
  const lines = new Map<ConversationId, number>();
  const nextIn = (conversation: ConversationId): number => {
    const next = (lines.get(conversation) ?? 0) + 1;
    lines.set(conversation, next);
    return next;
  };
  let opened = 0;
  let attempts = 0;

  const pageOf = ({ who, tab }: { readonly who: number; readonly tab: number }) => {
    const customer = acting.customer(who);
    return { customer, conversation: tabOf(customer, tab) };
  };
  /** They were told that they must choose first, and that the line is not passed on. */
  const wasAskedFirst = (conversation: string, since: number): boolean =>
    channel.arrived.some(
      (one) =>
        one.conversation === conversation && one.at >= since && oursIn(one.activity)?.['prompt'] === true,
    );

  const beat: CustomerDeeds['beat'] = async (deed) => {
    const { customer, conversation } = pageOf(deed);
    await asked(deed.to, 'beat', ({ house }) => {
      const now = house.clock.now();
      return house.customers.beat(customer.id, {
        ...{ conversation, beatAt: now, phone: false, widget: 'support' },
        ...(deed.leaving && { leftAt: now }),
      });
    });
  };

  const rim: Rim = {
    open: async () => {
      await wait(5);
      return { token: 'token', conversationId: `opened-${(opened += 1)}`, expires_in: 1800 };
    },
    admit: (_, conversation) => ({ hash: digest(`device of ${conversation}`), setCookie: '', pass: '' }),
  };
  const open: CustomerDeeds['open'] = async (deed) => {
    newPage(acting.customer(deed.who), deed.tab);
    const { customer, conversation } = pageOf(deed);
    await beat({ ...deed, do: 'beat' });
    const join = { type: 'event', name: 'webchat/join', value: {}, id: `${conversation}|join` };
    const came = await post(deed.to, fromCustomer(customer, conversation, join), 'join');
    const sid = await acting.newestOf(customer);
    // The transcript was to come with it, and may have got lost with the answer.
    if (came.came !== 'ok' && sid !== undefined) acting.handed(sid, came, undefined);
  };
  /** One click, and the page's own repetitions of it until it is answered. */
  const use = async (deed: Of<'redeem'>, token: string, first: number): Promise<void> => {
    const caller = acting.customer(deed.who);
    const attempt = `attempt-${(attempts += 1)}`;
    const firstSentAt = world.now();
    const sid = acting.sidOf(token);
    const click = async (to: number): Promise<Came<RedeemedAs>> => {
      const came = await asked(to, `redeem ${attempt}`, ({ house }) =>
        house.redemptions.redeem(
          { way: 'link', text: token },
          {
            from: caller.id,
            idempotencyKey: attempt,
            who: () => Promise.resolve({ devices: [caller.id], account: caller.account }),
          },
          rim,
        ),
      );
      if (came.came !== 'ok' && sid !== undefined) acting.handed(sid, came, undefined);
      return came;
    };
    const came = await patiently(first, click);
    const told = {
      ...{ token, attempt, by: caller.id, account: caller.account },
      ...{ firstSentAt, answeredAt: world.now() },
    };
    if (came.came !== 'ok') {
      history.redeemed.push({ ...told, came: 'failed' });
      return;
    }
    world.note(`${attempt} came to ${came.value.kind}`);
    if (came.value.kind !== 'back') {
      history.redeemed.push({ ...told, came: came.value.kind });
      // Their chat opens as usual.
      if (came.value.kind === 'ask') await open({ do: 'open', who: deed.whose, tab: 0, to: first });
      return;
    }
    const { back } = came.value;
    const opens = back.opened.conversationId;
    history.redeemed.push({ ...told, came: 'back', opens });
    if (back.state.sid !== undefined) acting.handed(back.state.sid, came, back.state.seq, opens);
    moveTo(acting.customer(deed.whose), 0, opens);
    acting.given(back.link.url, sid);
  };

  return {
    say: async (deed) => {
      const { customer, conversation } = pageOf(deed);
      const count = (customer.said += 1);
      const text = deed.text ?? `${customer.mark} line ${count}`;
      const firstSentAt = world.now();
      // Without an id of the client's, only the channel's own resend is known for what it is.
      const client = deed.bare ? {} : { channelData: { clientActivityID: `${customer.id}-${count}` } };
      const bare = deed.bare ? nextIn(conversation) : 0;
      const activity = (attempt: number) =>
        fromCustomer(customer, conversation, {
          // Ids are a conversation's own: another one of theirs has the same.
          id: deed.bare ? `line-${bare}` : `${conversation}|${count}-${attempt}`,
          text,
          ...client,
          ...(deed.file && { attachments: [uploaded(text)] }),
        });
      const what = `say “${text}”`;
      const { also, lateMs } = deed;
      if (also !== undefined) void post(also, activity(0), what);
      if (lateMs !== undefined) {
        late.add(text);
        void wait(lateMs).then(() => post(deed.to, activity(deed.anew ? ANEW : 0), `late ${what}`));
      }
      const came = await patiently(deed.to, (to, attempt) => post(to, activity(attempt), what));
      if (deed.text !== undefined) return;
      history.said.push({
        ...{ text, by: customer.id, firstSentAt },
        ...(came.came === 'ok' && { ackedAt: world.now() }),
        ...(wasAskedFirst(conversation, firstSentAt) && { turnedAway: true as const }),
        ...(deed.file && { file: true as const }),
      });
    },
    beat,
    open,
    answer: async (deed) => {
      const { customer, conversation } = pageOf(deed);
      const shown = await asked(deed.to, 'prompt', ({ house }) =>
        house.customers.prompt(customer.id, conversation),
      );
      if (shown.came !== 'ok' || shown.value === undefined) return;
      const { sid, epoch, nonce } = shown.value;
      const { choice } = deed;
      const isReturn = choice === 'agent' || choice === 'anyone';
      const click = async (to: number) => {
        const came = await asked(to, `answer ${choice}`, ({ house }) =>
          house.customers.answer(customer.id, conversation, { sid, epoch, nonce, choice }),
        );
        if (isReturn) acting.handed(sid, came, came.came === 'ok' ? came.value.state.seq : undefined);
        return came;
      };
      if (deed.also !== undefined) void click(deed.also);
      await patiently(deed.to, click);
    },
    redeem: async (deed) => {
      const token = acting.customer(deed.whose).links.at(-1);
      if (token === undefined) return;
      await Promise.all([
        use(deed, token, deed.to),
        ...(deed.also === undefined ? [] : [use(deed, token, deed.also)]),
      ]);
    },
    press: async (deed) => {
      const { customer, conversation } = pageOf(deed);
      const came = await asked(deed.to, `press ${deed.act}`, ({ house }) =>
        house.customers.act(customer.id, conversation, deed.act),
      );
      if (deed.act !== 'anyone' || (came.came === 'ok' && came.value.refused !== undefined)) return;
      const sid = came.came === 'ok' ? came.value.state.sid : await acting.newestOf(customer);
      const upTo = came.came === 'ok' ? came.value.state.seq : undefined;
      if (sid !== undefined) acting.handed(sid, came, upTo);
    },
    signIn: async ({ who, to }) => {
      const { id, account, mark } = acting.customer(who);
      await patiently(to, (place) =>
        asked(place, 'signIn', ({ house }) =>
          house.adopt(id, account, { kind: 'signedIn', issuer: 'https://site.sim', name: mark }),
        ),
      );
    },
    erase: async ({ who, to }) => {
      const { id, mark } = acting.customer(who);
      const texts = history.said
        .filter(({ text, ackedAt }) => text.includes(mark) && ackedAt !== undefined && !late.has(text))
        .map(({ text }) => text);
      const came = await patiently(to, (place) =>
        asked(place, 'erase', ({ house }) => house.erasures.ask(id, 'sim')),
      );
      history.erased.push({ customer: id, mark, texts: came.came === 'ok' ? texts : [] });
    },
  };
}

/** A file that says the same, as Direct Line names what a page has uploaded. */
const uploaded = (text: string) => ({
  ...{ contentType: 'text/plain', name: 'said.txt' },
  contentUrl: addressOf(text),
});

/** The number of an attempt that nobody gets to. */
const ANEW = 9;

function tabOf({ tabs }: SimCustomer, tab: number): ConversationId {
  const conversation = tabs[tab];
  if (conversation === undefined) throw new RangeError('A plan names a page that is not there');
  return conversation;
}
