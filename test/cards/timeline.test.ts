import { expect, test } from 'vitest';
import { timelineText } from '../../src/cards/timeline.ts';
import { timelineEn } from '../../src/cards/timeline-wording.en.ts';
import { timelineOf } from '../../src/session/timeline.ts';
import { asked, ben, commands, MIN, shapes } from '../session/given.ts';
import { english, FORBIDDEN, languages } from './given.ts';

const NOW = Date.UTC(2026, 0, 7);
const steps = Object.values(shapes).flatMap((shape) =>
  commands(0).flatMap((_, i) => {
    const s = shape();
    const command = commands(s.now())[i];
    if (command !== undefined) s.does(command);
    return timelineOf(s.audit().map((one) => ({ ...one, actor: 'house' })));
  }),
);

test.each(languages)('row 95: every step is told in a plain sentence, in $language', (words) => {
  for (const step of steps) {
    const text = timelineText(step, { words, now: NOW, customer: 'Lea Moreau' });
    expect(text, step.code).not.toMatch(FORBIDDEN);
    expect(text, step.code).toMatch(/\.$/u);
    expect(text, step.code).not.toMatch(/\{|\}|undefined/u);
  }
});

test('who asks why they got another agent reads it in three lines', () => {
  const s = asked().after(MIN).does({ type: 'accept', agent: ben });
  const text = timelineOf(s.audit().map((one) => ({ ...one, actor: 'house' })))
    .map((step) => timelineText(step, { words: english, now: NOW, customer: 'Lea Moreau' }))
    .join('\n');
  expect(text).toContain('Lea Moreau was noticed gone: probably a lost connection.');
  expect(text).toContain('Anna, who had it before, was asked first. Time to answer: 1 minute.');
  expect(text).toContain('Anna did not answer in time, so it went to the line.');
  expect(text).toContain('Ben took it.');
});

test('every sentence is about a step there is', () => {
  const codes = new Set<string>(steps.map(({ code }) => code));
  const told = Object.keys(timelineEn).map((key) => key.split(/[.+]/u)[1] ?? '');
  const handedOn = ['transferred', 'invited', 'guestJoined', 'guestLeft', 'offeredOn', 'agentBack'];
  const rare = [
    'agentReminded',
    'agentOverdue',
    'answered',
    'agentSilent',
    'waitedInVain',
    'warned',
    'queueLimit',
    'holdEnded',
    'promptShown',
  ];
  for (const code of told) expect([...codes, ...handedOn, ...rare]).toContain(code);
});
