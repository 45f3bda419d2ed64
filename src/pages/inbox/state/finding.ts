import { Refused, type Api } from '../wire/api.ts';
import { sentenceOf } from './sentences.ts';
import type { Store } from './state.ts';
import type { Talk } from './talk.ts';

/** Looks a chat up by the number its people were told, and opens it to be read; whether there was one. */
export type Find = (reference: string) => Promise<boolean>;

/** Makes it. */
export const finding =
  (api: Api, store: Store, talk: Talk): Find =>
  async (reference) => {
    try {
      const { row } = await api.byReference(reference);
      await talk.openFound(row);
      return true;
    } catch (error) {
      const isUnknown = error instanceof Refused && error.status === 404;
      const text = isUnknown ? `No chat that you may read has the number ${reference}.` : sentenceOf(error);
      store.change({ saying: { tone: isUnknown ? 'info' : 'problem', text } });
      return false;
    }
  };
