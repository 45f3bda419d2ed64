import type { Came, Fact, Work } from '../handoff/telemetry.ts';
import { sample, seconds, type FunnelStep, type Sample } from './measures.ts';
import { measuresOfChange } from './of-change.ts';

/** What is measured of something that happened. */
export function measuresOf(fact: Fact): readonly Sample[] {
  switch (fact.kind) {
    case 'changed':
      return measuresOfChange(fact);
    case 'promptShown':
      return [funnel('offered', { 'reconnect.way': 'prompt', 'reconnect.widget': fact.widget })];
    case 'startedFresh':
      return [funnel(fact.choice === 'fresh' ? 'fresh' : 'not_me', { 'reconnect.widget': fact.widget })];
    case 'tooLate':
      return [funnel('too_late', { 'reconnect.way': fact.way, 'reconnect.widget': fact.widget })];
    case 'notRedeemed':
      return [funnel('failed', { 'reconnect.way': fact.way, 'reconnect.reason': fact.why })];
    case 'swept':
      return [sample('reconnect.sweep.lag', seconds(fact.lateMs))];
    case 'fed':
      return [sample('reconnect.feed.lag', seconds(fact.lateMs))];
    case 'inLine':
      return [sample('reconnect.queue.length', fact.count, { 'reconnect.stream': fact.stream })];
  }
}

const funnel = (step: FunnelStep, by: Parameters<typeof sample<'reconnect.funnel'>>[2]): Sample =>
  sample('reconnect.funnel', 1, { 'reconnect.step': step, ...by });

/** What is measured of work that took so long. */
export function measuresOfWork(work: Work, came: Came, ms: number): readonly Sample[] {
  const { outcome } = came;
  switch (work.kind) {
    case 'request':
      return [
        sample('http.server.request.duration', seconds(ms), {
          'http.request.method': work.method,
          'http.route': came.route,
          'http.response.status_code': outcome,
        }),
      ];
    case 'turn':
      return [turn(work.by, work.what, outcome, ms)];
    case 'bot':
      return [turn('bot', 'turn', outcome, ms)];
    case 'act':
      return [turn('agent', work.act, outcome, ms)];
    case 'store': {
      const of = { 'db.collection.name': work.container, 'db.operation.name': work.operation };
      return [
        sample('db.client.operation.duration', seconds(ms), { ...of, 'db.response.status_code': outcome }),
        ...(came.charge === undefined
          ? []
          : [sample('azure.cosmosdb.client.operation.request_charge', came.charge, of)]),
      ];
    }
    case 'delivery':
      return [
        sample('reconnect.delivery.duration', seconds(ms), {
          'reconnect.to': work.to,
          'reconnect.what': work.what,
          'reconnect.outcome': outcome,
        }),
      ];
  }
}

const turn = (by: string, what: string, outcome: string, ms: number): Sample =>
  sample('reconnect.turn.duration', seconds(ms), {
    'reconnect.by': by,
    'reconnect.what': what,
    'reconnect.outcome': outcome,
  });
