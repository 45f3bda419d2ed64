import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorage } from 'node:async_hooks';
import { HandoffError } from '../../handoff/errors.ts';
import { referenceOf } from '../../handoff/reference.ts';
import type { Came, Telemetry, Work } from '../../handoff/telemetry.ts';
import type { SessionId } from '../../session/ids.ts';

/** Runs work under spans, and knows under which one it is. */
export interface Spans {
  readonly during: Telemetry['during'];
  /** Notes which session the work under way is about. */
  readonly about: (session: SessionId) => void;
  readonly here: () => Context;
}

/**
 * Makes spans of work. What is called within a piece of work is a part of it, through every promise in between, until
 * what it set off is delivered. Nothing is registered with the process: two houses in one keep apart.
 */
export function spans(given: {
  readonly tracer: Tracer;
  /** Milliseconds that only ever run forward. */
  readonly elapsed: () => number;
  readonly measured: (work: Work, came: Came, ms: number) => void;
}): Spans {
  const { tracer, elapsed } = given;
  const under = new AsyncLocalStorage<Context>();

  const during: Telemetry['during'] = async (work, run, cameTo) => {
    const parent = under.getStore();
    const from = elapsed();
    // The store is asked several times a second by time alone: those requests are counted, and are nobody's work.
    const span =
      work.kind === 'store' && parent === undefined
        ? undefined
        : tracer.startSpan(nameOf(work), { kind: KINDS[work.kind], attributes: attributesOf(work) }, parent);
    const end = (came: Came): void => {
      if (span !== undefined) ended(span, work, came);
      given.measured(work, came, elapsed() - from);
    };
    try {
      const result = await (span === undefined
        ? run()
        : under.run(trace.setSpan(parent ?? ROOT_CONTEXT, span), run));
      end(cameTo(result));
      return result;
    } catch (reason) {
      end({ outcome: reason instanceof HandoffError ? reason.code : 'bug', failed: true });
      throw reason;
    }
  };

  return {
    during,
    about: (session) => {
      const context = under.getStore();
      const span = context && trace.getSpan(context);
      span?.setAttribute('reconnect.reference', referenceOf(session));
    },
    here: () => under.getStore() ?? ROOT_CONTEXT,
  };
}

const KINDS: Readonly<Record<Work['kind'], SpanKind>> = {
  request: SpanKind.SERVER,
  turn: SpanKind.INTERNAL,
  bot: SpanKind.INTERNAL,
  act: SpanKind.INTERNAL,
  store: SpanKind.CLIENT,
  delivery: SpanKind.CLIENT,
};

function nameOf(work: Work): string {
  switch (work.kind) {
    case 'request':
      return work.method;
    case 'turn':
      return `${work.by} turn`;
    case 'bot':
      return 'bot turn';
    case 'act':
      return `act ${work.act}`;
    case 'store':
      return `${work.operation} ${work.container}`;
    case 'delivery':
      return `deliver ${work.what} to ${work.to}`;
  }
}

function attributesOf(work: Work): Attributes {
  switch (work.kind) {
    case 'request':
      return { 'http.request.method': work.method };
    case 'turn':
      return { 'reconnect.by': work.by, 'reconnect.what': work.what };
    case 'bot':
      return { 'reconnect.by': 'bot' };
    case 'act':
      return { 'reconnect.what': work.act, 'reconnect.reference': referenceOf(work.session) };
    case 'store':
      return {
        // The older name is the one that Application Insights goes by.
        'db.system': 'cosmosdb',
        'db.system.name': 'azure.cosmosdb',
        'db.collection.name': work.container,
        'db.operation.name': work.operation,
      };
    case 'delivery':
      return { 'reconnect.to': work.to, 'reconnect.what': work.what };
  }
}

function ended(span: Span, work: Work, { outcome, failed = false, route, charge }: Came): void {
  if (work.kind === 'request') {
    if (route !== undefined) span.updateName(`${work.method} ${route}`).setAttribute('http.route', route);
    span.setAttribute('http.response.status_code', Number(outcome));
  } else if (work.kind === 'store') span.setAttribute('db.response.status_code', outcome);
  else span.setAttribute('reconnect.outcome', outcome);
  if (charge !== undefined) span.setAttribute('azure.cosmosdb.operation.request_charge', charge);
  if (failed) span.setAttribute('error.type', outcome).setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
