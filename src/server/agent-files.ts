import type { Request, Server } from 'restify';
import { noticeText, refusalText } from '../cards/wording.ts';
import type { NotTaken } from '../handoff/files.ts';
import type { House } from '../handoff/house.ts';
import type { Log } from '../handoff/ports.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import { customerOf } from '../session/ids.ts';
import { linesOf } from './agent-lines.ts';
import { readable, rowSeenBy } from './agent-reading.ts';
import { readBytes } from './body.ts';
import { answerFile, placeIn } from './file-answer.ts';
import { Refused, route } from './http.ts';

/** Above this a body is not even read to say that it is too large; a setting allows less. */
const LARGEST = 25 * 1024 * 1024;

/** The agents' files: `POST …/files?id=&name=` sends one, its body the bytes; `GET …/files/:seq/:place` gives one. */
export function agentFiles(
  server: Server,
  given: {
    readonly house: House;
    readonly log: Log;
    /** The agent who asks, permitted. */
    readonly agentOf: (req: Request) => Promise<AgentRecord>;
  },
): void {
  const { house, log } = given;

  server.post(
    '/api/sessions/:sid/files',
    route(log, async (req) => {
      const agent = await given.agentOf(req);
      const { session } = await readable(house, agent, req);
      const { id, name } = askedIn(req);
      const { files } = house;
      if (files === undefined) throw new Refused(409, 'no_files', 'Files cannot be sent here.');
      const bytes = await readBytes(req, LARGEST);
      const customer = customerOf(session.id);
      const key = `act|${agent.id}|${id}`;
      const kept = await files.keep({ name, bytes }, { customer, widget: session.widget, key });
      if (!('file' in kept)) throw refusedFile(house, session.widget, kept);
      const { file, isNew } = kept;
      const by = { id: agent.id, name: agent.name };
      // Should it fail, it may have been written all the same: the bytes stay, and the same act sent again finds them.
      const { header, entries, refused } = await house.desk.act(by, session.id, {
        ...{ act: 'file', id },
        files: [file],
        from: 'tab',
      });
      if (refused !== undefined) {
        if (isNew) await files.drop(customer, file);
        const text = refusalText(refused, house.widget(session.widget).agentWords, 'agent');
        throw new Refused(409, refused.kind, text, { row: rowSeenBy(house, agent, header) });
      }
      return {
        body: {
          row: rowSeenBy(house, agent, header),
          lines: linesOf(house, entries, header.session),
          now: house.clock.now(),
        },
      };
    }),
  );

  server.get(
    '/api/sessions/:sid/files/:seq/:place',
    route(log, async (req, res) => {
      const agent = await given.agentOf(req);
      await readable(house, agent, req);
      return answerFile(house, placeIn(req), 'agent', res);
    }),
  );
}

function askedIn(req: Request): { readonly id: string; readonly name: string } {
  const { id, name } = (req.query ?? {}) as Readonly<Record<'id' | 'name', unknown>>;
  if (typeof id !== 'string' || id === '' || id.length > 64)
    throw new Refused(400, 'bad_input', 'id: an act needs an id of its own, at most 64 characters.');
  if (typeof name !== 'string' || name.length > 500)
    throw new Refused(400, 'bad_input', 'name: what the file is called, at most 500 characters.');
  return { id, name };
}

/** The sentence is the one that a customer reads: it names the file and the rule, whoever sent it. */
function refusedFile(house: House, widget: string, { fault, params }: NotTaken): Refused {
  const words = house.widget(widget).agentWords;
  const reading = { audience: 'customer', words, now: house.clock.now() } as const;
  return new Refused(422, `file_${fault}`, noticeText({ code: 'fileRefused', params }, reading));
}
