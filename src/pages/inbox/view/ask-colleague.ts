import type { Extras } from '../state/acting.ts';
import { calledBy } from '../state/banner.ts';
import type { Colleague, Directory, Row } from '../wire/wire.ts';
import { ask } from './ask.ts';
import { h } from './dom.ts';
import { picker, type Option } from './picker.ts';

type Look = () => Promise<Directory | undefined>;

const WORDS = { available: 'Available', busy: 'Busy', away: 'Away', offline: 'Offline' } as const;

/** A colleague to choose; who is not here is shown, and cannot be. */
export function colleagueOption(one: Colleague, prefix = ''): Option {
  const load = `${one.used} of ${one.capacity} chats`;
  const hint = [WORDS[one.status], load, ...one.streams].join(' · ');
  return { value: `${prefix}${one.id}`, name: one.name, hint, disabled: !one.here };
}

/** Everybody and every queue a chat can be handed to; those who are here first. */
export const destinations = ({ agents, streams }: Directory): readonly Option[] => [
  ...agents.toSorted((a, b) => Number(b.here) - Number(a.here)).map((one) => colleagueOption(one, 'agent:')),
  ...streams.map((stream): Option => ({ value: `queue:${stream}`, name: stream, hint: 'Queue' })),
];

/** Asks to whom, or to which queue, and for a note. */
export async function askTransfer(row: Row, look: Look): Promise<Extras | undefined> {
  const directory = await look();
  if (directory === undefined) return undefined;
  const name = calledBy(row);
  const list = picker('To', destinations(directory));
  const note = h('textarea', { class: 'input', id: 'transfer-note', rows: 2, maxlength: 1000, dir: 'auto' });
  const isAway = row.status === 'disconnected' || (row.status === 'suspended' && !row.customerBackAt);
  return ask<Extras>({
    title: `Transfer the chat with ${name}`,
    body: [
      list.element,
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'transfer-note' }, 'Note'),
        note,
        h('small', {}, `For your colleagues; ${name} never sees it.`),
      ),
      h(
        'p',
        { class: 'pick-note' },
        isAway
          ? `${name} is away, and comes back to whoever you choose.`
          : `${name} is told. A colleague is asked first; without an answer the chat goes to the queue, at its earlier place.`,
      ),
    ],
    yes: 'Transfer',
    answer: () => {
      const to = list.chosen();
      if (to === undefined) return { missing: 'Choose a colleague or a queue.' };
      const words = note.value.trim();
      return { is: { to, ...(words !== '' && { note: words }) } };
    },
  });
}

/** What is wanted of a conference: somebody is asked in, or to leave. */
export interface Wanted {
  readonly act: 'invite' | 'removeGuest';
  readonly guest: string;
}

/** Asks whom to ask in; who is in already can be asked to leave. */
export async function askConference(row: Row, look: Look): Promise<Wanted | undefined> {
  const directory = await look();
  if (directory === undefined) return undefined;
  const name = calledBy(row);
  const { guests = [] } = row;
  const inside = new Set<string>(guests.map(({ id }) => id));
  const options: readonly Option[] = [
    ...guests.map((guest): Option => ({
      value: `removeGuest:${guest.id}`,
      name: guest.name,
      hint: guest.joined ? 'In this chat · ask to leave' : 'Asked to join · take the question back',
    })),
    ...directory.agents
      .filter(({ id }) => !inside.has(id))
      .toSorted((a, b) => Number(b.here) - Number(a.here))
      .map((one) => colleagueOption(one, 'invite:')),
  ];
  const list = picker('Colleague', options);
  return ask<Wanted>({
    title: `Conference with ${name}`,
    body: [
      list.element,
      h(
        'p',
        { class: 'pick-note' },
        `They read everything said so far and can write. The chat stays yours; ${name} is told who joins and leaves.`,
      ),
    ],
    yes: 'Confirm',
    answer: () => {
      const [, act, guest] = /^(invite|removeGuest):(.+)$/u.exec(list.chosen() ?? '') ?? [];
      if (guest === undefined) return { missing: 'Choose a colleague.' };
      return { is: { act: act === 'removeGuest' ? act : 'invite', guest } };
    },
  });
}
