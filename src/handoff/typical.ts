/** What headers and indexes have in common, for `likeThis`: what is not in here is only packed less well. */

const agent = {
  id: '00000000-0000-4000-8000-000000000000:00000000-0000-4000-8000-000000000000',
  name: 'Jonas',
};
const sid = 'dl_aaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbb';
const customer = 'dl_aaaaaaaaaaaaaaaaaaaaaaaaaa';
const etag = '"00000000-0000-0000-0000-000000000000"';
const at = 1_795_000_000_000;

/** A chat that goes on, in the order in which production writes it. */
export const TYPICAL_HEADER: object = {
  value: {
    session: {
      ...{ id: sid, customer, widget: 'default', stream: 'support', subject: { kind: 'anonymous' } },
      ...{ conversation: 'c', openedAt: at, ver: 3, epoch: 2, agents: [agent], queuedAt: at },
      lastSaid: { by: 'customer', at, since: at },
      ...{ previous: agent, status: 'active', owner: agent, since: at, reason: 'a question' },
      subjects: { kind: 'signedIn', name: 'Lea', account: customer, verified: true },
      ...{ suspendedAt: at, customerBackAt: at, agentHeldUntil: at, offeredUntil: at, endedAt: at },
    },
    ...{ seq: 8, delivered: 5, owed: 5, owedHere: 5, seen: 5, unseen: [], fromCustomer: 4 },
    device: { kind: 'computer', browser: 'Chrome' },
    reference: {
      ...{ channel: 'directline', serviceUrl: 'https://directline.botframework.com/', conversation: 'c' },
      ...{ bot: { id: 'bot', name: 'Bot' }, user: { id: customer, name: 'Lea' }, locale: 'en-GB' },
    },
    ...{
      cards: { [agent.id]: '1:a' },
      cardVer: 3,
      lastLine: { by: 'customer', at, text: 'I have a question' },
    },
    ...{ audited: { ver: 3, seal: 's' }, carrier: { holder: 'h', until: at } },
    ...{ awaited: { since: at, after: 'handoff', met: true } },
  },
  etag,
};

/** A customer with a chat. */
export const TYPICAL_INDEX: object = {
  value: {
    customer,
    sessions: [
      {
        sid,
        status: 'active',
        widget: 'default',
        conversation: 'c',
        openedAt: at,
        changedAt: at,
        agent: 'Jonas',
      },
    ],
    subject: { kind: 'anonymous' },
  },
  etag,
};
