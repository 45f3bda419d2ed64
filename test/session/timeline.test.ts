import { describe, expect, test } from 'vitest';
import { timelineOf, type Step } from '../../src/session/timeline.ts';
import {
  anna,
  asked,
  ben,
  comesBack,
  commands,
  held,
  lapsed,
  MIN,
  setAsideAndGone,
  shapes,
  START,
  withAnna,
  type Story,
} from './given.ts';

const stepsOf = (s: Story): readonly Step[] =>
  timelineOf(s.audit().map((one) => ({ ...one, actor: 'house' })));
const codesOf = (s: Story): readonly string[] => stepsOf(s).map(({ code }) => code);

describe('row 95, N12: why did I get another agent?', () => {
  test('a customer who dropped, came back too late for the hold, and met an agent who did not answer', () => {
    const s = asked().after(MIN).after(MIN).does({ type: 'accept', agent: ben });
    const steps = stepsOf(s);
    expect(
      steps.map(({ code, params }) => [code, params['why'] ?? params['way'] ?? params['cause']]),
    ).toEqual([
      ['opened', undefined],
      ['queued', 'handoff'],
      ['accepted', undefined],
      ['placeTaken', undefined],
      ['disconnected', 'silent'],
      ['placeHeld', undefined],
      ['holdEnded', 'lapsed'],
      ['placeFree', undefined],
      ['returned', 'prompt'],
      ['offered', undefined],
      ['queued', 'agentSilent'],
      ['accepted', undefined],
      ['placeTaken', undefined],
    ]);
    expect(steps.find(({ params }) => params['why'] === 'agentSilent')?.params).toMatchObject({
      agent: anna.name,
    });
    expect(steps.at(-1)?.params).toMatchObject({ agent: ben.name });
  });

  test('each step has its exact moment and the version that made it', () => {
    const s = held();
    expect(stepsOf(s).map(({ at, ver }) => [at - START, ver])).toEqual([
      [0, 1],
      [MIN, 2],
      [2 * MIN, 3],
      [2 * MIN, 3],
      [3 * MIN, 4],
      [3 * MIN, 4],
    ]);
  });

  test('an agent who passes says why once, and the line is told of as the next rung', () => {
    const s = asked().does({ type: 'decline', agent: anna, reason: 'in a call' });
    expect(codesOf(s).slice(-2)).toEqual(['offered', 'queued']);
    expect(stepsOf(s).at(-1)?.params).toMatchObject({
      why: 'agentDeclined',
      agent: anna.name,
      reason: 'in a call',
    });
  });

  test('how long somebody was away, was asked, or had waited, is told in ms', () => {
    const back = lapsed().does(comesBack());
    expect(stepsOf(back).find(({ code }) => code === 'returned')?.params['awayMs']).toBe(10 * MIN);
    expect(stepsOf(withAnna()).find(({ code }) => code === 'accepted')?.params['waitedMs']).toBe(MIN);
  });

  test('every shape a chat can have, after every command, has a story that tells every version', () => {
    for (const shape of Object.values(shapes)) {
      for (let i = 0; i < commands(0).length; i += 1) {
        const s = shape();
        const command = commands(s.now())[i];
        if (command === undefined) continue;
        s.does(command);
        const told = new Set(stepsOf(s).map(({ ver }) => ver));
        expect([...told]).toEqual(s.audit().map(({ ver }) => ver));
        for (const { params } of stepsOf(s))
          for (const value of Object.values(params)) expect(['string', 'number']).toContain(typeof value);
      }
    }
  });

  test('that a prompt was shown stands where it was, before what was chosen there, chosen or not', () => {
    const s = held().after(MIN).does(comesBack());
    const at = s.now();
    const told = (asked: readonly number[]) =>
      timelineOf(
        s.audit().map((one) => ({ ...one, actor: 'house' })),
        asked,
      ).map(({ code }) => code);
    expect(told([at])).toEqual([...codesOf(s).slice(0, -2), 'promptShown', ...codesOf(s).slice(-2)]);
    expect(told([at + MIN, at + 2 * MIN])).toEqual([...codesOf(s), 'promptShown', 'promptShown']);
    expect(told([])).toEqual(codesOf(s));
    expect(told([START])[1]).toBe('promptShown');
  });

  test('X5: one that ran out of time, set aside and forgotten, says that it did', () => {
    expect(codesOf(setAsideAndGone().after(48 * 60 * MIN)).at(-1)).toBe('expired');
  });
});
