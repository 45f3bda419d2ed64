import type { Acting } from './acting.ts';
import { agentDeeds } from './agent-deeds.ts';
import { cardDeeds } from './card-deeds.ts';
import { customerDeeds } from './customer-deeds.ts';
import { chatOf, installedBy } from './people.ts';
import type { Deed } from './plan.ts';

/** Lets happen what a plan says. Each deed settles when whoever did it has given up or is content. */
export function deeds(acting: Acting): (deed: Deed) => Promise<void> {
  const customers = customerDeeds(acting);
  const agents = agentDeeds(acting);
  const cards = cardDeeds(acting);
  return async (deed) => {
    switch (deed.do) {
      case 'say':
        return customers.say(deed);
      case 'beat':
        return customers.beat(deed);
      case 'open':
        return customers.open(deed);
      case 'answer':
        return customers.answer(deed);
      case 'redeem':
        return customers.redeem(deed);
      case 'press':
        return customers.press(deed);
      case 'signIn':
        return customers.signIn(deed);
      case 'erase':
        return customers.erase(deed);
      case 'act':
        return agents.act(deed);
      case 'card':
        return cards.card(deed);
      case 'line':
        return cards.line(deed);
      case 'presence':
        return agents.presence(deed);
      case 'permit':
        return agents.permit(deed);
      default:
        befalls(acting, deed);
    }
  };
}

type Befalling = Extract<
  Deed,
  {
    readonly do:
      | ('gone' | 'blocked' | 'kill' | 'powerCut' | 'restart')
      | ('freeze' | 'skew' | 'weather' | 'leap' | 'mark');
  }
>;

function befalls(acting: Acting, deed: Befalling): void {
  const { stage } = acting;
  const { world, weather, instances } = stage;
  switch (deed.do) {
    case 'gone': {
      const conversation = acting.customer(deed.who).tabs[deed.tab];
      if (conversation !== undefined) stage.channel.gone.set(conversation, deed.status);
      break;
    }
    case 'blocked': {
      const agent = acting.agent(deed.agent);
      stage.channel.gone.set(chatOf(agent), 403);
      world.after(deed.ms, () => {
        stage.channel.gone.delete(chatOf(agent));
        void acting.post(0, installedBy(agent), 'installed');
      });
      break;
    }
    case 'kill':
      stage.replace(deed.instance, deed.awayMs);
      break;
    case 'powerCut':
      for (const place of instances.keys()) stage.replace(place, deed.awayMs);
      break;
    case 'restart':
      stage.restart(deed.instance);
      break;
    case 'freeze': {
      const instance = instances[deed.instance];
      if (instance === undefined) break;
      world.note(`${instance.name} stands still for ${deed.ms} ms`);
      stage.disturb(instance.name, deed.ms);
      instance.frozenUntil = Math.max(instance.frozenUntil, world.now() + deed.ms);
      instance.frozenForMs = deed.ms;
      break;
    }
    case 'skew':
      stage.skew(deed.instance, deed.ms);
      break;
    case 'weather':
      Object.assign(weather, { store: deed.store, channel: deed.channel, hangs: deed.hangs });
      break;
    case 'leap':
      // As if all stood still.
      for (const { name } of instances) stage.disturb(name, deed.ms);
      world.leap(deed.ms);
      break;
    case 'mark':
      acting.marked();
  }
}
