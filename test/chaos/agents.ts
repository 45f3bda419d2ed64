import { pause } from '../bench/measure.ts';
import { TAB, TENANT } from '../production/azure.ts';
import type { Run } from './customers.ts';
import type { Act, Handed } from './history.ts';
import { oneOf } from './random.ts';
import { askOf, insist, type Answered } from './wire.ts';

const TRIES = 40;
const TOKEN_MS = 300_000;

/** An agent at the tab, who takes whoever waits, writes, hands on and closes, until the day is over. */
export function agent({ town, random, goesOn, paceMs }: Run, name: string, n: number): () => Promise<void> {
  const { history, azure } = town;
  const oid = `b3a0c6f2-5d1e-4a7b-8c11-00000000000${n}`;
  const id = `${TENANT}:${oid}`;
  let acts = 0;
  let token = { bearer: '', until: 0 };

  const bearer = async (): Promise<string> => {
    if (Date.now() < token.until) return token.bearer;
    const claims = { iss: `${azure.origin}/${TENANT}/v2.0`, aud: TAB, tid: TENANT, oid, name };
    const signed = await azure.sign('entra', { ...claims, scp: 'access_as_user', roles: ['Chat.Agent'] });
    token = { bearer: signed, until: Date.now() + TOKEN_MS };
    return signed;
  };
  const tab = async (
    method: string,
    path: string,
    body?: unknown,
    tries = TRIES,
  ): Promise<Answered | undefined> => {
    const headers = { authorization: `Bearer ${await bearer()}`, 'x-forwarded-for': `10.2.0.${n}` };
    return insist(
      town,
      random,
      (instance) => askOf(instance, method, path, headers, body),
      (attempt) => attempt >= tries,
    );
  };

  /** Does it under an id of its own, again and again until somebody says what became of it. */
  const does = async (act: Extract<Act, { sid: string }>, body: object): Promise<void> => {
    acts += 1;
    const op = history.begin(name, act);
    const answer = await tab('POST', `/api/sessions/${encodeURIComponent(act.sid)}/acts`, {
      id: `${name}-${acts}`,
      ...body,
    });
    if (answer === undefined) history.note(name, { type: 'info', op });
    else if (answer.status < 300) history.note(name, { type: 'ok', op });
    else {
      const { code } = (answer.body['error'] ?? {}) as { readonly code?: string };
      history.note(name, { type: 'fail', op, why: code ?? String(answer.status) });
    }
  };
  const reads = async (sid: string): Promise<void> => {
    const op = history.begin(name, { f: 'read', agent: id, sid });
    const answer = await tab('GET', `/api/sessions/${encodeURIComponent(sid)}`, undefined, 3);
    if (answer?.status !== 200) {
      history.note(name, { type: 'info', op });
      return;
    }
    const { lines = [] } = answer.body as { readonly lines?: readonly Handed[] };
    const transcript = lines.map(({ seq }) => ({ sid, seq }));
    history.note(name, { type: 'ok', op, transcript });
  };

  const list = async (which: 'queue' | 'mine'): Promise<readonly string[]> => {
    const { rows = [] } = ((await tab('GET', `/api/inbox/${which}`, undefined, 2))?.body ?? {}) as {
      readonly rows?: readonly { readonly sid: string }[];
    };
    return rows.map(({ sid }) => sid);
  };

  const work = async (sid: string): Promise<void> => {
    const chance = random();
    if (chance < 0.06) return does({ f: 'close', agent: id, sid }, { act: 'close' });
    if (chance < 0.1) return does({ f: 'release', agent: id, sid }, { act: 'transfer', to: 'queue:support' });
    if (chance < 0.2) return reads(sid);
    const line = `${name} ${acts + 1} of ${sid.slice(-8)}`;
    return does({ f: 'answer', agent: id, sid, line }, { act: 'message', text: line });
  };

  return async () => {
    await tab('GET', '/api/agent/me');
    await tab('PUT', '/api/agent/presence', { status: 'available' });
    while (goesOn()) {
      await pause(paceMs * (0.5 + random()));
      const waiting = oneOf(random, await list('queue'));
      if (waiting !== undefined) await does({ f: 'accept', agent: id, sid: waiting }, { act: 'accept' });
      const mine = oneOf(random, await list('mine'));
      if (mine !== undefined) await work(mine);
    }
  };
}
