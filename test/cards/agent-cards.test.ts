import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentCard, agentCardSummary } from '../../src/cards/agent-cards.ts';
import type { CardVerb } from '../../src/cards/card-buttons.ts';
import { agentCardView, type AgentCardView, type CardStanding } from '../../src/cards/agent-view.ts';
import type { Session } from '../../src/session/session.ts';
import {
  arabic, cardFacts, complaints, dana, english, facts, FORBIDDEN, jonas, languages, MIN, names, NOW, piecesOf, schemaFaults, sid, textsOf,
} from './given.ts'; // prettier-ignore
import { gone, soon, STANDINGS } from './standings.ts';

const isSaid = (verb: unknown): boolean => verb === 'reconnect/message' || verb === 'reconnect/comment';
const view = (standing: CardStanding, given: Partial<AgentCardView> = {}) =>
  ({ ...cardFacts, ...standing, ...given }) as AgentCardView;

describe.each(languages)('in $language', (words) => {
  test.each(STANDINGS)('row 69: a session %s has a valid card with its buttons', (_, standing, acts) => {
    const card = agentCard(view(standing), words);
    expect(complaints(card, '1.5')).toEqual([]);
    expect(schemaFaults(card)).toEqual([]);
    const executes = piecesOf(card).filter(({ type }) => type === 'Action.Execute');
    expect(executes.map(({ verb }) => verb)).toEqual(acts.map((act) => `reconnect/${act}`));
    for (const { title, verb, data, fallback } of executes) {
      expect(data).toEqual({ sid, epoch: 2, ...(isSaid(verb) && { after: 7 }) });
      expect(fallback).toMatchObject({
        type: 'Action.Submit',
        title,
        data: { sid, epoch: 2, verb: verb as CardVerb },
      });
    }
    for (const text of textsOf(card))
      expect(text.replace(/\{\{[^}]*\}\}/gu, '…')).not.toMatch(/undefined|null|NaN|[{}]/u);
  });

  test.each(STANDINGS)(
    'the notification of a session %s is plain, and keeps the customer’s words to itself',
    (_, standing) => {
      const summary = agentCardSummary(
        view(standing, { reason: 'SECRET', lastLine: { by: 'customer', text: 'SECRET', at: NOW } }),
        words,
      );
      expect(summary).not.toMatch(FORBIDDEN);
      expect(summary).not.toContain('SECRET');
    },
  );

  test.each(names)('what a customer called %j writes does no harm', (_, name) => {
    const foreign = {
      customer: { name, verified: false },
      reason: name,
      lastLine: { by: 'customer', text: name, at: NOW },
    } as const;
    for (const [, standing] of STANDINGS) {
      const card = agentCard(view(standing, foreign), words);
      expect(complaints(card, '1.5')).toEqual([]);
      for (const { type, text } of piecesOf(card)) {
        if (type === 'TextBlock') expect(String(text).replace(/\\./gu, '')).not.toMatch(/[*_`[\]<>]|:\/\//u);
      }
      expect(textsOf(card).join('')).not.toMatch(/<at>Every.*\n|[\u202a-\u202e\n\r]/u);
    }
  });
});

const sent = { lastsMs: 20 * MIN } as const;
const verbsOf = (card: unknown) =>
  piecesOf(card).flatMap(({ type, verb }) => (type === 'Action.Execute' ? [verb] : []));

describe.each(languages)('where links can be given, in $language', (words) => {
  test.each(STANDINGS)(
    'row 2: a session %s offers one exactly where its agent has it',
    (_, standing, acts) => {
      const has = acts.includes('close');
      const card = agentCard(view(standing, { canLink: true }), words);
      expect(verbsOf(card).includes('reconnect/link')).toBe(has);
      expect(verbsOf(agentCard(view(standing, { canLink: false }), words))).not.toContain('reconnect/link');
      expect(complaints(card, '1.5')).toEqual([]);
      const link = piecesOf(card).find(({ verb }) => verb === 'reconnect/link');
      if (has) {
        expect(link).toMatchObject({
          title: words.sentences['act.link'],
          fallback: { type: 'Action.Submit', data: { sid, epoch: 2, verb: 'reconnect/link' } },
        });
      }
    },
  );

  test.each(STANDINGS)(
    'A7: a session %s says that a link was sent only while it works',
    (_, standing, acts) => {
      for (const linkSent of [sent, { until: soon }]) {
        const card = agentCard(view(standing, { canLink: true, linkSent }), words);
        expect(complaints(card, '1.5')).toEqual([]);
        const says = textsOf(card).some((text) =>
          text.startsWith(words.sentences['card.linkSent.until'].slice(0, 10)),
        );
        // Gone and no longer theirs: the link still works.
        expect(says).toBe(acts.includes('close') || standing.kind === 'gone');
      }
    },
  );
});

test('A7: a card says how long the link that was sent works', () => {
  const card = (standing: CardStanding, linkSent: NonNullable<AgentCardView['linkSent']>) =>
    textsOf(agentCard(view(standing, { linkSent }), english));
  expect(card({ kind: 'active' }, sent)).toContain(
    'Reconnect link sent. It works while the chat runs, and for 20 minutes after it breaks off.',
  );
  expect(card({ ...gone, keeps: 'slot', heldUntil: soon }, { until: soon }).join()).toMatch(
    /Reconnect link sent\. It works until \{\{TIME\(/u,
  );
});

test('the buttons have the names of the inbox’s', () => {
  const titles = STANDINGS.flatMap(([, standing]) =>
    piecesOf(agentCard(view(standing, { canLink: true }), english)).flatMap(({ type, title }) =>
      type === 'Action.Execute' ? [title] : [],
    ),
  );
  expect(new Set(titles)).toEqual(
    new Set([
      'Accept',
      'Decline',
      'Join',
      'Leave',
      'Send',
      'Add comment',
      'Send reconnect link',
      'Suspend now',
      'Suspend and send link',
      'Done',
      'Close the chat',
      'Release now',
      'Resume',
      'Take back',
      'Save',
      'Why this agent',
    ]),
  );
});

test('a card that the published schema does not know is found', () => {
  const card = agentCard(view({ kind: 'active' }), english) as Record<string, unknown>;
  expect(schemaFaults({ ...card, body: [{ type: 'TextBlock' }] })).not.toEqual([]);
  expect(schemaFaults({ ...card, actions: [{ type: 'Action.Fly', title: 'Up' }] })).not.toEqual([]);
});

test.each(languages)(
  'row 68: more buttons than Teams shows in a row stand behind its dots, in $language',
  (words) => {
    const full = agentCard(view({ ...gone, keeps: 'slot', heldUntil: soon }, { canLink: true }), words);
    const { actions } = full as { readonly actions: readonly Record<string, unknown>[] };
    expect(actions.length).toBeLessThanOrEqual(6);
    for (const [, standing] of STANDINGS) {
      const card = agentCard(view(standing, { canLink: true }), words) as { actions?: { mode?: string }[] };
      expect((card.actions ?? []).filter(({ mode }) => mode !== 'secondary').length).toBeLessThanOrEqual(6);
    }
  },
);

test('the work stream’s reasons can be chosen from where a chat is set aside, and Close stays in sight', () => {
  const card = agentCard(view({ kind: 'active' }, { canLink: true, suspendReasons: ['Depot'] }), english);
  const reason = piecesOf(card).find(({ id }) => id === 'suspend.reason');
  expect(reason).toMatchObject({ value: 'Depot', choices: [{ title: 'Depot', value: 'Depot' }] });
  const close = piecesOf(card).find(({ verb }) => verb === 'reconnect/close');
  expect(close).not.toHaveProperty('mode');
});

test('what was not sent stands in the reply box again, below the sentence that says why', () => {
  const card = agentCard(
    view({ kind: 'active' }, { said: 'Nothing was sent.', draft: 'It *leaves* tonight' }),
    english,
  );
  expect(complaints(card, '1.5')).toEqual([]);
  expect(textsOf(card)[0]).toBe('Nothing was sent.');
  expect(piecesOf(card).find(({ id }) => id === 'text')).toMatchObject({ value: 'It *leaves* tonight' });
});

test('a card leads to the inbox where it knows the way, and has no empty button row', () => {
  const taken = { kind: 'taken', by: dana.name } as const;
  expect(agentCard(view(taken), english)).toMatchObject({
    actions: [{ type: 'Action.OpenUrl', title: 'Open in inbox', url: cardFacts.openUrl }],
  });
  const { openUrl: _, ...unlinked } = view(taken);
  expect(agentCard(unlinked, english)).not.toHaveProperty('actions');
});

test('what the customer wants stands apart from its label', () => {
  expect(textsOf(agentCard(view({ kind: 'active' }), english)).join('')).toContain('Wants: parcel 4711');
});

test('a card says who has it, by first name', () => {
  expect(agentCardSummary(view({ kind: 'taken', by: 'Okoro, Dana' }), english)).toBe(
    'Dana has taken Lea Moreau',
  );
  expect(
    agentCardSummary(view({ kind: 'request', queuedAt: NOW }, { customer: { verified: false } }), english),
  ).toBe('The customer is waiting in line');
  expect(agentCard(view({ kind: 'active' }), arabic)).toMatchObject({
    rtl: true,
    lang: 'ar',
    version: '1.5',
  });
});

test('whatever a customer writes, a card stays below the 28 KB Teams accepts', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STANDINGS),
      fc.string({ unit: 'binary', minLength: 200, maxLength: 3000 }),
      ([, standing], text) => {
        const foreign = {
          customer: { name: text, verified: true },
          reason: text,
          lastLine: { by: 'customer', text, at: NOW },
          note: text,
        } as const;
        expect(Buffer.byteLength(JSON.stringify(agentCard(view(standing, foreign), english)))).toBeLessThan(
          28 * 1024,
        );
      },
    ),
    { numRuns: 50 },
  );
});

describe('the same session, from both agents’ sides', () => {
  const kinds = (session: Session) =>
    [jonas, dana].map(({ id }) => {
      const seen = agentCardView(session, id, { now: NOW });
      return seen.kind === 'gone' ? `gone, ${seen.keeps}` : seen.kind;
    });
  const away = { ...facts, status: 'disconnected', goneAt: NOW, cause: 'silent', returnUntil: soon } as const;
  const set: readonly (readonly [string, Session, readonly string[]])[] = [
    ['active', { ...facts, status: 'active', owner: jonas, since: NOW }, ['active', 'taken']],
    [
      'in line',
      { ...facts, status: 'queued', queuedAt: NOW, waitingSince: NOW, declinedBy: [dana.id] },
      ['request', 'passed'],
    ],
    ['held', { ...away, was: 'held', owner: jonas, agentHeldUntil: soon }, ['gone, slot', 'taken']],
    ['gone after the hold', { ...away, was: 'offered' }, ['gone, first', 'gone, nothing']],
    [
      'gone from the line',
      { ...away, was: 'queued', queuedAt: NOW, declinedBy: [] },
      ['gone, line', 'gone, line'],
    ],
    [
      'resuming',
      { ...facts, status: 'resuming', asked: jonas, offeredUntil: soon, queuedAt: NOW },
      ['offered', 'asked'],
    ],
    [
      'suspended',
      { ...facts, status: 'suspended', owner: jonas, by: 'agent', suspendedAt: NOW, suspendedUntil: soon },
      ['suspended', 'taken'],
    ],
    ['with the bot', { ...facts, status: 'bot', since: NOW }, ['withdrawn', 'withdrawn']],
    ['expired', { ...facts, status: 'expired', was: 'active', expiredAt: NOW }, ['ended', 'ended']],
  ];
  test.each(set)('%s', (_, session, expected) => expect(kinds(session)).toEqual(expected));

  test('only its last agent may take a closed one back, in time and once', () => {
    const closed = { ...facts, status: 'closed', by: 'agent', closedAt: NOW, wrapUpUntil: soon } as const;
    const takeBack = (session: Session, agent = jonas, now = NOW) => {
      const seen = agentCardView(session, agent.id, { now });
      return seen.kind === 'ended' && seen.takeBackUntil !== undefined;
    };
    expect(takeBack(closed)).toBe(true);
    expect(takeBack(closed, dana)).toBe(false);
    expect(takeBack(closed, jonas, soon)).toBe(false);
    expect(takeBack({ ...closed, followedBy: sid })).toBe(false);
  });

  test('a return shows as one, to the agent it concerns', () => {
    const active: Session = { ...facts, status: 'active', owner: jonas, since: NOW };
    expect(agentCardView(active, jonas.id, { now: NOW, back: { awayMs: MIN } })).toMatchObject({
      kind: 'back',
      awayMs: MIN,
    });
    expect(agentCardView(active, dana.id, { now: NOW, back: {} })).toMatchObject({ kind: 'taken' });
  });
});
