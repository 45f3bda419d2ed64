import type { PageClock } from '../../clock.ts';
import type { Api } from '../wire/api.ts';
import type { SessionId, Terms } from '../wire/wire.ts';

/** A file of a line, as the house tells of it. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  /** Where the house gives it; absent for what it does not keep. */
  readonly url: string | undefined;
  readonly size: number | undefined;
}

/** Fetches files with the agent's token: an image tag could not show it. */
export interface Files {
  /** An address in this page at which a picture can be shown. */
  readonly address: (url: string) => Promise<string>;
  readonly save: (url: string, name: string) => Promise<void>;
}

const MOST_KEPT = 40;
/** The browser reads what it saves after the click has returned. */
const READ_MS = 60_000;

/** Makes it; `via` is the session by way of which the open one is read. */
export function files(
  api: Pick<Api, 'file'>,
  clock: PageClock,
  on: { readonly via: () => SessionId | undefined; readonly failed: (error: unknown) => void },
): Files {
  const kept = new Map<string, Promise<string>>();
  const address: Files['address'] = (url) => {
    const known = kept.get(url);
    if (known !== undefined) return known;
    const fetched = api.file(url, on.via()).then((blob) => URL.createObjectURL(blob));
    kept.set(url, fetched);
    fetched.catch(() => kept.delete(url));
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) {
      void kept.get(oldest)?.then((old) => URL.revokeObjectURL(old));
      kept.delete(oldest);
    }
    return fetched;
  };
  return {
    address,
    save: async (url, name) => {
      try {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(await api.file(url, on.via()));
        link.download = name;
        link.click();
        clock.after(READ_MS, () => URL.revokeObjectURL(link.href));
      } catch (error) {
        on.failed(error);
      }
    },
  };
}

/** Pictures that are shown in their place; others a browser may not know, or may run. */
export const isPicture = ({ type }: Attachment): boolean => /^image\/(?:png|jpeg|gif|webp)$/u.test(type);

/** Why a file cannot be sent, before it is; what it really is, the house finds out. */
export function whyNotFile(
  { name, size }: Pick<File, 'name' | 'size'>,
  terms: Terms['files'],
): string | undefined {
  if (terms === undefined) return 'Files cannot be sent in this chat.';
  if (size === 0) return `“${name}” is empty.`;
  if (size > terms.maxBytes)
    return `“${name}” is too large: it has ${sizeText(size)}, and ${sizeText(terms.maxBytes)} can be sent.`;
  const isListed =
    !/\.[a-z0-9]{1,10}$/iu.test(name) || terms.endings.some((one) => name.toLowerCase().endsWith(one));
  return isListed
    ? undefined
    : `Files like “${name}” cannot be sent here. These can: ${terms.endings.join(', ')}.`;
}

const KB = 1024;
/** A size as people say it. */
export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  if (bytes < KB) return `${bytes} B`;
  return bytes < KB * KB
    ? `${Math.round(bytes / KB)} KB`
    : `${(bytes / (KB * KB)).toFixed(1).replace('.0', '')} MB`;
}
