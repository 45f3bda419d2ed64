import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FaultRule } from '../../src/local/cosmos/faults.ts';
import { channelToken, openAzure, type Azure } from '../production/azure.ts';
import { environment, identityOf } from '../production/desk.ts';
import { pause } from '../bench/measure.ts';
import type { Programs } from './build.ts';
import { openConnector, type Connector } from './connector.ts';
import type { Dump } from './evidence.ts';
import type { History } from './history.ts';
import { oneOf } from './random.ts';
import { watchStalls } from './stalls.ts';

/** One place for an instance: who runs there dies and is followed by another. */
export interface Instance {
  readonly name: string;
  /** Where it listens; `undefined` while nobody does. */
  origin: string | undefined;
  /** The framework's own bot beside it, where one was asked for. */
  framework: string | undefined;
  child: ChildProcess | undefined;
  /** Requests that wait for it. */
  underway: number;
  /** Requests it has answered since it was started. */
  answered: number;
}

/** Production as it is deployed, each part a process: instances, the store, and what of Azure they talk to. */
export interface Town {
  readonly azure: Azure;
  readonly connector: Connector;
  readonly history: History;
  readonly instances: readonly Instance[];
  /** An instance that listens, by chance, as a load balancer would choose; waits for one. Rejects once all is closed. */
  readonly any: (random: () => number) => Promise<Instance>;
  /** Starts one where none runs; settles once it listens. */
  readonly start: (instance: Instance) => Promise<void>;
  /** `kill -9`; settles once it is gone. */
  readonly kill: (instance: Instance) => Promise<void>;
  /** Puts these rules in place of all faults of the store. */
  readonly storeFaults: (rules: readonly FaultRule[]) => Promise<void>;
  /** How often faults of the store have struck. */
  readonly struck: () => Promise<number>;
  readonly dump: () => Promise<Dump>;
  /** A channel's signature; lasts longer than anybody asks for it. */
  readonly signature: (channel: 'directline' | 'msteams') => Promise<string>;
  /** What instances logged that is worth a look: failures, by their event. */
  readonly logged: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

const SETTINGS = {
  company: 'Contoso',
  workStreams: { support: { autoCloseAfterInactivity: '72 h' } },
  widgets: {
    chat: {
      ...{ title: 'Support', workStream: 'support', promptAudience: 'anyone', promptMode: 'direct' },
      portalUrl: 'https://www.contoso.com/support',
      files: { enabled: false },
    },
  },
};
const TOKEN_MS = 300_000;

/** Opens one with so many instances. */
export async function openTown(given: {
  readonly programs: Programs;
  readonly history: History;
  readonly random: () => number;
  readonly instances: number;
  /** Whether the framework's own bot runs beside ours, in the same processes. */
  readonly compared: boolean;
}): Promise<Town> {
  const { programs, history } = given;
  const azure = await openAzure();
  const connector = await openConnector(history, given.random);
  const { child: storeProcess, endpoint, key } = await startStore(programs, history);
  const unwatch = watchStalls((ms) =>
    history.note('town', { type: 'fault', what: 'stall', when: 'once', lastedMs: ms }),
  );
  const logged = new Map<string, number>();
  const env = {
    ...environment(azure, { endpoint, key }),
    ...identityOf(azure),
    AUTHORITY: azure.origin,
    SETTINGS_JSON: JSON.stringify(SETTINGS),
    NODE_COMPILE_CACHE: join(programs.folder, 'compiled'),
    NODE_NO_WARNINGS: '1',
    ...(given.compared && { COMPARED: '1' }),
  };
  const instances = Array.from({ length: given.instances }, (_, i): Instance => ({
    ...{
      name: `instance ${i + 1}`,
      origin: undefined,
      framework: undefined,
      child: undefined,
      underway: 0,
      answered: 0,
    },
  }));
  let closed = false;
  const signatures = new Map<string, { readonly token: Promise<string>; readonly until: number }>();

  const start: Town['start'] = async (instance) => {
    const child = spawn(process.execPath, [programs.server], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    instance.child = child;
    instance.answered = 0;
    let tail = '';
    const hear = (chunk: Buffer): void => {
      const lines = `${tail}${chunk.toString()}`.split('\n');
      tail = lines.pop() ?? '';
      for (const line of lines) heard(instance, child, line);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const gone = once(child, 'exit').then(() => 'gone' as const);
    for (;;) {
      if (instance.origin !== undefined) return;
      if ((await Promise.race([gone, pause(20)])) === 'gone') {
        if (instance.child === child) throw new Error(`${instance.name} did not start: ${tail}`);
        return;
      }
    }
  };

  const heard = (instance: Instance, child: ChildProcess, line: string): void => {
    if (!line.startsWith('{"event"')) return;
    const { event, port, framework, ms, reason } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (event === 'house.started' && instance.child === child) {
      instance.origin = `http://127.0.0.1:${Number(port)}`;
      instance.framework = typeof framework === 'string' ? framework : undefined;
    } else if (event === 'house.stalled') {
      history.note(instance.name, { type: 'fault', what: 'stall', when: 'once', lastedMs: Number(ms) });
    } else if (typeof event === 'string' && /bug|failed|unmarked|unreadable|turn/u.test(event)) {
      count(`${event} ${typeof reason === 'string' ? reason.slice(0, 80) : ''}`);
    }
  };
  const count = (what: string): void => void logged.set(what, (logged.get(what) ?? 0) + 1);

  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${endpoint}/_control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The store answered ${response.status} to ${path}`);
    return response.json();
  };

  const town: Town = {
    ...{ azure, connector, history, instances, start, logged },
    any: async (random) => {
      while (!closed) {
        const one = oneOf(
          random,
          instances.filter(({ origin }) => origin !== undefined),
        );
        if (one !== undefined) return one;
        await pause(20);
      }
      throw new Error('The town is closed');
    },
    kill: async (instance) => {
      const { child } = instance;
      instance.origin = undefined;
      instance.child = undefined;
      if (child === undefined || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      history.note(instance.name, { type: 'fault', what: `kill ${instance.name}`, when: 'once' });
      await gone;
    },
    storeFaults: async (rules) => {
      await control('DELETE', 'faults');
      for (const rule of rules) await control('POST', 'faults', rule);
    },
    struck: async () => ((await control('GET', 'counters')) as { struck: number }).struck,
    dump: async () => {
      const answer = once(storeProcess, 'message');
      storeProcess.send('dump');
      for (
        let [message] = (await answer) as [unknown];
        ;
        [message] = (await once(storeProcess, 'message')) as [unknown]
      ) {
        if (typeof message === 'object' && message !== null && 'documents' in message)
          return message.documents as Dump;
      }
    },
    signature: (channel) => {
      const known = signatures.get(channel);
      if (known !== undefined && Date.now() < known.until) return known.token;
      const token = channelToken(azure, channel, { serviceurl: connector.serviceUrl(channel) });
      signatures.set(channel, { token, until: Date.now() + TOKEN_MS });
      return token;
    },
    close: async () => {
      closed = true;
      unwatch();
      await Promise.all(
        instances.map(async (instance) => {
          instance.child?.kill('SIGCONT');
          await town.kill(instance);
        }),
      );
      const gone = once(storeProcess, 'exit');
      storeProcess.kill();
      await gone;
      await connector.close();
      await azure.close();
    },
  };
  await Promise.all(instances.map(start));
  return town;
}

async function startStore(programs: Programs, history: History) {
  const child = fork(programs.store, [join(programs.folder, 'store.db')], {
    env: { NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [said] = (await once(child, 'message')) as [{ readonly endpoint: string; readonly key: string }];
  child.on('message', (message: { readonly stalled?: number }) => {
    if (message.stalled !== undefined)
      history.note('store', { type: 'fault', what: 'stall', when: 'once', lastedMs: message.stalled });
  });
  return { child, ...said };
}
