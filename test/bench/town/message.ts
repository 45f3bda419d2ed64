/** What travels between the bench and a process of its own: a question with its number, or the answer to it. */
export interface Message {
  readonly id: number;
  readonly what?: string;
  readonly value?: unknown;
  readonly failed?: string;
}

export const isMessage = (message: unknown): message is Message =>
  typeof message === 'object' && message !== null && typeof Reflect.get(message, 'id') === 'number';
