import { isObject, parseJson } from './document.ts';
import type { CosmosEngine } from './engine.ts';
import type { FaultRule } from './faults.ts';
import { badRequest, CosmosError, errorBody, type WireRequest, type WireResponse } from './wire.ts';

/**
 * Answers the test's own requests, `undefined` for all others: `POST /_control/faults` adds the rule in the body,
 * `DELETE /_control/faults` takes all away, `GET /_control/counters` and `DELETE /_control/counters` read and reset.
 */
export function answerControl(engine: CosmosEngine, request: WireRequest): WireResponse | undefined {
  if (!request.path.startsWith('/_control/')) return undefined;
  try {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(control(engine, request)),
    };
  } catch (error) {
    if (!(error instanceof CosmosError)) throw error;
    return { status: error.status, headers: {}, body: errorBody(error) };
  }
}

function control(engine: CosmosEngine, request: WireRequest): unknown {
  switch (`${request.method} ${request.path}`) {
    case 'POST /_control/faults':
      engine.faults.add(readRule(parseJson(request.body)));
      return {};
    case 'DELETE /_control/faults':
      engine.faults.clear();
      return {};
    case 'GET /_control/counters':
      return {
        counts: engine.counters.all(),
        billed: engine.counters.billed(),
        struck: engine.faults.struck(),
      };
    case 'DELETE /_control/counters':
      engine.counters.reset();
      return {};
    default:
      throw badRequest(`There is no ${request.method} ${request.path}.`);
  }
}

const kinds = ['status', 'partial', 'delay', 'hang', 'drop', 'stale'];

function readRule(value: unknown): FaultRule {
  if (!isObject(value) || !isObject(value['fault']) || !kinds.includes(String(value['fault']['kind'])))
    throw badRequest(`A fault rule needs a fault whose kind is one of ${kinds.join(', ')}.`);
  return value as unknown as FaultRule;
}
