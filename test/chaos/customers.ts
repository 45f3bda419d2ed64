import { pause } from '../bench/measure.ts';
import type { Act, Handed } from './history.ts';
import type { Town } from './town.ts';
import { askOf, insist } from './wire.ts';

/** What the people of a run share. */
export interface Run {
  readonly town: Town;
  readonly random: () => number;
  /** Whether the day goes on; afterwards everybody ends what they are at. */
  readonly goesOn: () => boolean;
  /** The pause between two acts of one person, ms; half of it to one and a half times. */
  readonly paceMs: number;
}

export interface Customer {
  /** Opens a page and writes, again and again, until the day is over. */
  readonly day: () => Promise<void>;
  /** One last line, which brings back whoever counted as gone. */
  readonly lastWord: () => Promise<void>;
  /** The page says that it is there. */
  readonly beat: () => Promise<void>;
}

interface Page {
  readonly user: string;
  readonly conversation: string;
  readonly cookie: string;
}

const BEAT_MS = 45_000;
const TRIES = 60;

/** A customer on the bare protocol, who sends again what was not answered, as a channel and a person would. */
export function customer({ town, random, goesOn, paceMs }: Run, name: string, n: number): Customer {
  const { history } = town;
  const address = { 'x-forwarded-for': `10.1.0.${n}` };
  let page: Page | undefined;
  let lines = 0;
  let beatAt = 0;
  const enough = (attempt: number): boolean => attempt >= TRIES;

  /** The page opens its line; whoever is known by the cookie is back in their chat at once. */
  const open = async (): Promise<void> => {
    const act: Act = { f: 'return', customer: name };
    const op = history.begin(name, act);
    const answer = await insist(
      town,
      random,
      (instance) =>
        askOf(
          instance,
          'POST',
          '/api/directline/token',
          { ...address, ...(page && { cookie: page.cookie }) },
          {},
        ),
      enough,
    );
    if (answer?.status !== 200) {
      history.note(name, { type: 'info', op });
      return;
    }
    const {
      userId,
      conversationId,
      transcript = [],
    } = answer.body as {
      readonly userId: string;
      readonly conversationId: string;
      readonly transcript?: readonly Handed[];
    };
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? page?.cookie ?? '';
    page = { user: userId, conversation: conversationId, cookie };
    beatAt = Date.now();
    const handed = transcript.map(({ sid, seq }) => ({ sid, seq }));
    history.note(name, { type: 'ok', op, conversation: conversationId, transcript: handed });
  };

  const activity = (line: string, text: string, at: Page, id: string): object => ({
    ...{ type: 'message', id: `${at.conversation}|${id}`, channelId: 'directline', text },
    serviceUrl: town.connector.serviceUrl('directline'),
    from: { id: at.user },
    conversation: { id: at.conversation },
    recipient: { id: 'contoso-bot', name: 'Contoso' },
    channelData: { clientActivityID: line },
  });
  const send = async (sent: object) => {
    const authorization = `Bearer ${await town.signature('directline')}`;
    return (instance: Parameters<typeof askOf>[0]) =>
      askOf(instance, 'POST', '/api/messages', { authorization, ...address }, sent);
  };

  /** One line; the channel sends again under the same id, the person under another. */
  const say = async (text?: string): Promise<void> => {
    if (page === undefined) return;
    const at = page;
    lines += 1;
    const line = `${name}-${lines}`;
    const op = history.begin(name, { f: 'say', customer: name, line });
    let id = line;
    const answer = await insist(
      town,
      random,
      async (instance, attempt) => {
        if (attempt > 0 && random() < 0.5) id = `${line}.${attempt}`;
        return (await send(activity(line, text ?? `This is ${line}`, at, id)))(instance);
      },
      enough,
    );
    if (answer === undefined) {
      history.note(name, { type: 'info', op });
      return;
    }
    if (answer.status >= 300) {
      history.note(name, { type: 'fail', op, why: String(answer.status) });
      return;
    }
    history.note(name, { type: 'ok', op });
    if (random() < 0.15)
      void repeat(activity(line, text ?? `This is ${line}`, at, id)).catch(() => undefined);
  };
  /** The channel delivers once more what was taken, later and to another instance. */
  const repeat = async (sent: object): Promise<void> => {
    await pause(random() * 3_000);
    await (
      await send(sent)
    )(await town.any(random));
  };

  const beat = async (): Promise<void> => {
    if (page === undefined) return;
    beatAt = Date.now();
    const { conversation, cookie } = page;
    await askOf(
      await town.any(random),
      'POST',
      '/api/presence',
      { ...address, cookie },
      { conversation, phone: false },
    );
  };
  const leave = async (): Promise<void> => {
    if (page === undefined) return;
    const { conversation, cookie } = page;
    await askOf(
      await town.any(random),
      'POST',
      '/api/presence',
      { ...address, cookie },
      { conversation, leaving: true },
    );
  };

  return {
    beat,
    lastWord: async () => {
      await beat();
      await say();
    },
    day: async () => {
      await open();
      for (let round = 0; goesOn(); round += 1) {
        await pause(paceMs * (0.5 + random()));
        const chance = random();
        if (round % 6 === 0) await say('agent');
        else if (chance < 0.04) {
          await leave();
          await open();
        } else if (chance < 0.14) {
          // Written in one breath: the channel hands both on at once.
          await Promise.all([say(), say()]);
        } else await say();
        if (Date.now() - beatAt > BEAT_MS) await beat();
      }
    },
  };
}
