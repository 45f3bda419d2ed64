import { readDocuments, type Evidence } from './evidence.ts';
import { START } from './world.ts';

/** Where sessions stand at the end and what came to their customers, a line each: what a broken rule is understood by. */
export function summaryOf({ documents, received, handed }: Evidence): readonly string[] {
  const { sessions } = readDocuments(documents);
  return [
    ...sessions.map(({ header: { session, seq, owed, delivered, cardVer, carrier } }) => {
      const { id, status, ver, epoch, conversation } = session;
      const marks = `seq ${seq}, owed ${owed}, delivered ${delivered}, cards ${cardVer}`;
      const by = carrier === undefined ? '' : `, carried by ${carrier.holder} until ${carrier.until - START}`;
      return `${id} ${status} version ${ver} epoch ${epoch} in ${conversation}: ${marks}${by}`;
    }),
    ...received.map(
      ({ sid, seq, conversation, sentAt, at, doubtful }) =>
        `${sid}: ${seq} came to ${conversation}, sent ${sentAt - START}, there ${at - START}${doubtful ? ', in doubt' : ''}`,
    ),
    ...handed.map(({ sid, upTo, at }) => `${sid}: handed up to ${upTo} at ${at - START}`),
  ];
}
