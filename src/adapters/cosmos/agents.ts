import type { AgentStore } from '../../handoff/ports.ts';
import type { AgentRecord } from '../../handoff/roster.ts';
import type { Calls, Document } from './calls.ts';
import { readAgent, VERSION } from './documents.ts';

/** The `agents` container: one document each, guarded by its etag. */
export function cosmosAgents(calls: Calls): AgentStore {
  return {
    agent: async (id) => {
      const found = await calls.read(id, id);
      return found && { value: readAgent(found.resource), etag: found.etag };
    },
    create: (record) => calls.create(record.id, document(record)),
    replace: (record, over) => calls.replace(record.id, document(record), over),
    roster: async () => {
      const { found } = await calls.select({
        query: `SELECT * FROM c WHERE c.kind = 'agent'`,
        parameters: {},
      });
      return found.map(readAgent);
    },
  };
}

const document = (record: AgentRecord): Document => ({
  id: record.id,
  agent: record.id,
  kind: 'agent',
  v: VERSION,
  body: record,
});
