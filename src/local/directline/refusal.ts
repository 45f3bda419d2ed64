/** A request the local Direct Line turns down; the front door answers it as `{ error: { code, message } }`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const badArgument = (message: string): Refusal => new Refusal(400, 'BadArgument', message);
export const unknownConversation = (): Refusal => new Refusal(404, 'BadArgument', 'Unknown conversation');
