/** Stable codes of what can fail a caller of the house. */
export type HandoffErrorCode =
  /** The store did not answer in time, or refused for now. The turn failed; a resend is safe. */
  | 'store_unavailable'
  /** The store holds a document this version cannot read. */
  | 'store_unreadable'
  /** So many others wrote the same session at once that we gave up; a resend is safe. */
  | 'store_contended'
  /** The customer is being erased; nothing was written, and a resend in a moment begins anew. */
  | 'being_erased'
  /** What came in cannot be read; the message names the field. */
  | 'bad_input'
  /** The caller is not who they must be. */
  | 'not_permitted'
  /** There is no such thing, or none for this caller. */
  | 'not_found'
  /** A channel refused for good. */
  | 'channel_gone'
  /** A turn took longer than its deadline. */
  | 'turn_timeout';

/** The house failed a caller. Ids in the message, no secrets and nothing people wrote. */
export class HandoffError extends Error {
  readonly code: HandoffErrorCode;
  constructor(code: HandoffErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'HandoffError';
    this.code = code;
  }
}

/**
 * Says for a log what went wrong: our own errors whole, for they quote nobody; of a bug its kind and where, without its
 * message, which may quote what somebody wrote.
 */
export function whereOf(reason: unknown): string {
  if (reason instanceof HandoffError) return `${reason.code}: ${reason.message}`;
  if (!(reason instanceof Error)) return typeof reason;
  const { name, message, stack = '' } = reason;
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
  const status: unknown = Reflect.get(reason, 'statusCode');
  return [
    name,
    ...(typeof status === 'number' ? [status] : []),
    ...frames.map((frame) => frame.trim()).filter((frame) => frame.startsWith('at ')),
  ].join(' ');
}
