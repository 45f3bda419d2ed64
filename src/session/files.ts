/** A file whose bytes the house keeps as long as the transcript; they lie under the session's customer. */
export interface FileRef {
  /** What the store keeps it under; opaque, and no credential. */
  readonly id: string;
  /** As its sender called it, without what could deceive. */
  readonly name: string;
  /** MIME type. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** Which files may be sent in a widget's chats, by either side. */
export interface FileRules {
  readonly enabled: boolean;
  readonly maxBytes: number;
  readonly types: readonly FileType[];
}

/** A type of file that may be sent, and how its names may end; lower case, without the dot. */
export interface FileType {
  readonly type: string;
  readonly extensions: readonly string[];
}

/** Why a file is not taken. */
export type FileFault =
  /** Files are switched off here. */
  | 'off'
  | 'empty'
  | 'tooLarge'
  /** Not among the types that may be sent. */
  | 'type'
  /** Its bytes are not what its name says. */
  | 'disguised'
  /** More at once than a message may carry. */
  | 'tooMany'
  /** Its bytes could not be had. */
  | 'unreadable';

/** Files in one message. */
export const MOST_FILES = 10;

/** How the names of files that may be sent end, for the person who chooses one: `.pdf`, `.png`. */
export const endingsOf = ({ types }: FileRules): readonly string[] =>
  types.flatMap(({ extensions }) => extensions.map((extension) => `.${extension}`));
