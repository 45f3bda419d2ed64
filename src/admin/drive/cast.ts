import { refusalText, type Wording } from '../../cards/wording.ts';
import { serves } from '../../session/asked-back.ts';
import type { Command } from '../../session/command.ts';
import type { AgentRef, Subject } from '../../session/session.ts';
import { isOver } from '../../session/whose.ts';
import type { Widget } from '../../settings/settings.ts';
import { meeting, type Meeting } from './coming-back.ts';
import type { Act } from './plan.ts';
import type { Rows } from './rows.ts';
import { openingOf, type AgentStands, type Stage } from './stage.ts';

/** Who plays in a test drive, and what they do there. */
export interface Cast {
  readonly agent: AgentRef;
  /** How the agent stands now. */
  readonly stands: () => AgentStands;
  /** The customer asks for a person, and the agent takes the chat and writes. */
  readonly begins: () => Promise<void>;
  readonly play: (act: Act) => Promise<void>;
  /** The agent says whether they take what they are asked about; nothing while they are not here. */
  readonly answers: (answer: 'yes' | 'no') => Promise<void>;
  /** A colleague takes what still stands in line. */
  readonly colleagueTakes: () => Promise<void>;
}

type Who = 'customer' | 'agent';
const LINK = { seed: 'test-drive', codeUntil: 0 };
const LINES = { agent: 'How can I help?', customer: 'Are you there?' } as const;
const DROPS = {
  silence: 'is cut off, without a word',
  window: 'closes the window',
  phone: 'locks the phone',
} as const;
const LEAVES = {
  agentLeaves: ['away', 'goes away'],
  agentSilent: ['silent', 'gives no sign of life any more'],
  agentBack: ['here', 'is back'],
} as const;

/** Puts them on the stage. */
export function cast(given: {
  readonly stage: Stage;
  readonly rows: Rows;
  readonly widget: Widget;
  readonly words: Wording;
  readonly agentWords: Wording;
  readonly subject: Subject;
  readonly agent: AgentRef;
  readonly colleague: AgentRef;
  readonly start: number;
}): Cast {
  const { stage, rows, widget, words, agent, colleague, start } = given;
  let stands: AgentStands = { status: 'here', since: start };
  let hasLink = false;

  const ask = async (who: Who, command: Command, said?: string): Promise<void> => {
    const by = 'agent' in command && typeof command.agent === 'object' ? command.agent : agent;
    const party = who === 'customer' ? ({ kind: 'customer' } as const) : ({ kind: 'agent', ...by } as const);
    const say = said === undefined ? [] : [{ by: party, what: { kind: 'message', text: said } as const }];
    const taken = await stage.ask(who === 'customer' ? 'customer' : by.id, command, { say });
    rows.lines(taken.entries, stage.isHere());
    if (taken.refused === undefined) return;
    rows.reads(who, refusalText(taken.refused, who === 'customer' ? words : given.agentWords, who));
  };
  const agentHere = (): boolean => stands.status !== 'away';
  const says = (who: Who): Promise<void> =>
    who === 'agent'
      ? ask('agent', { type: 'agentActs', agent, act: 'message' }, LINES.agent)
      : ask(
          'customer',
          { type: 'customerSays', conversation: stage.conversation(), agentHere: agentHere() },
          LINES.customer,
        );
  const comesBack = (way: 'heal' | 'prompt' | 'link' | 'code', want: 'agent' | 'anyone'): Promise<void> =>
    ask('customer', {
      ...{ type: 'reconnect', way, want },
      ...{ conversation: stage.conversation(), agentHere: agentHere() },
    });

  const returns = async ({ by, want }: Extract<Act, { does: 'returns' }>): Promise<void> => {
    const session = stage.session();
    if (session === undefined) return;
    if (by === 'page') {
      stage.arrives('same');
      rows.does('customer', 'is back on the page that still shows the chat');
      if (!isOver(session)) await comesBack('heal', 'agent');
      return;
    }
    rows.does('customer', by === 'prompt' ? 'opens the page again' : `comes by the ${by}`);
    const meets = meeting(session, by, { widget, words, now: stage.now(), agent: stands, hasLink });
    if (meets.kind === 'nothing') rows.does('customer', `finds no way back: ${meets.why}. A new chat begins`);
    else if (meets.kind === 'tooLate') tooLate(meets);
    else await meetsAgain(meets, by, want);
  };
  const tooLate = ({ reads, redirect }: Extract<Meeting, { kind: 'tooLate' }>): void => {
    rows.reads('customer', reads);
    if (redirect !== undefined) rows.does('customer', `is sent to ${redirect}`);
  };
  const meetsAgain = async (
    meets: Extract<Meeting, { kind: 'in' | 'direct' | 'asked' }>,
    way: 'prompt' | 'link' | 'code',
    want: 'agent' | 'anyone' | 'fresh',
  ): Promise<void> => {
    if (meets.kind !== 'asked') {
      stage.arrives('new');
      return comesBack(way, 'agent');
    }
    const [back = '', anyone = back] = meets.choices;
    const choice = { agent: back, anyone, fresh: meets.choices.at(-1) ?? back }[want];
    rows.reads('customer', meets.reads);
    rows.does('customer', `presses “${choice}”${want === 'fresh' ? ': a new chat begins' : ''}`);
    if (want === 'fresh') return ask('customer', { type: 'startFresh', mode: widget.rules.startFresh });
    stage.arrives('new');
    return comesBack(way, want);
  };

  const givesLink = async (): Promise<void> => {
    if (widget.portalUrl === undefined || !serves(widget.reconnect, agent)) {
      rows.does('agent', 'cannot send a reconnect link: there is no portalUrl, or reconnect is off here');
      return;
    }
    rows.does('agent', 'sends a reconnect link');
    hasLink = true;
    await ask('agent', { type: 'giveLink', agent, link: LINK });
  };

  const play = async (act: Act): Promise<void> => {
    switch (act.does) {
      case 'drops':
        stage.goes(act.how);
        rows.does('customer', DROPS[act.how]);
        return;
      case 'returns':
        return returns(act);
      case 'customerSays':
        rows.does('customer', `writes: ${LINES.customer}`);
        return says('customer');
      case 'customerSuspends':
        rows.does('customer', 'sets the chat aside, and goes');
        await ask('customer', { type: 'suspend', by: 'customer' });
        stage.goes('window');
        return;
      case 'leavesMessage':
        rows.does('customer', 'leaves a message, and goes');
        await ask('customer', { type: 'leaveMessage' });
        stage.goes('window');
        return;
      case 'customerEnds':
        rows.does('customer', 'ends the chat');
        return ask('customer', { type: 'close', by: 'customer' });
      case 'agentSays':
        rows.does('agent', `writes: ${LINES.agent}`);
        return says('agent');
      case 'agentSuspends':
        rows.does('agent', 'sets the chat aside');
        return ask('agent', {
          ...{ type: 'suspend', by: 'agent', agent },
          ...(act.backByMs !== undefined && { backBy: start + act.backByMs }),
        });
      case 'givesLink':
        return givesLink();
      case 'resumes':
        rows.does('agent', 'resumes the chat');
        return ask('agent', { type: 'resume', agent });
      case 'closes':
        rows.does('agent', 'closes the chat');
        return ask('agent', { type: 'close', by: 'agent', agent });
      case 'agentLeaves':
      case 'agentSilent':
      case 'agentBack': {
        const [status, text] = LEAVES[act.does];
        stands = { status, since: stage.now() };
        rows.does('agent', text);
      }
    }
  };

  return {
    agent,
    stands: () => stands,
    begins: async () => {
      rows.does('customer', 'asks for a person');
      const opening = openingOf(widget, given.subject, stage.conversation());
      const queued = await stage.ask('customer', { type: 'handoff' }, { opening, place: 1 });
      rows.lines(queued.entries, true);
      rows.does('agent', `accepts, and writes: ${LINES.agent}`);
      await ask('agent', { type: 'accept', agent });
      await says('agent');
    },
    play,
    answers: async (answer) => {
      if (stands.status !== 'here') return;
      rows.does('agent', answer === 'yes' ? 'takes it' : 'declines');
      await ask('agent', { type: answer === 'yes' ? 'accept' : 'decline', agent });
    },
    colleagueTakes: async () => {
      if (stage.session()?.status !== 'queued') return;
      rows.does('agent', `${colleague.name}, a colleague, accepts`);
      // Whoever left a message is not watched: the house looks where they are when somebody takes it.
      await ask('agent', { type: 'accept', agent: colleague, customerAway: !stage.isHere() });
    },
  };
}
