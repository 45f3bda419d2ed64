/** What the store holds at the end, as far as the checker asks. Plain, so that a test can write one down. */
export interface Stored {
  readonly sessions: readonly StoredSession[];
  readonly agents: readonly StoredAgent[];
}

export interface StoredSession {
  readonly sid: string;
  readonly customer: string;
  /** In order of `seq`. */
  readonly ledger: readonly StoredLine[];
  /** Each decided change, in order of `ver`, with the session as it was after it. */
  readonly changes: readonly StoredChange[];
  /** Whose place it takes, if any. */
  readonly takesPlaceOf?: string;
}

export interface StoredLine {
  readonly seq: number;
  readonly by: string;
  /** What it is known by; what the house and the bot say is known by nothing. */
  readonly line?: string;
  /** The house has to bring it to the customer. */
  readonly carried: boolean;
}

export interface StoredChange {
  readonly ver: number;
  readonly epoch: number;
  readonly status: string;
  /** Who owns it. */
  readonly owner?: string;
  /** Whose it is in people's eyes: the owner, or who is asked. */
  readonly theirs?: string;
  /** Anybody may accept it. */
  readonly free: boolean;
  readonly conversation: string;
  /** What agents did by it, one after another; nothing where the house, the bot or the customer did. */
  readonly claims: readonly StoredClaim[];
}

export interface StoredClaim {
  readonly f: 'accept' | 'release' | 'close';
  readonly agent: string;
}

export interface StoredAgent {
  readonly agent: string;
  /** Sessions that take a place. */
  readonly slots: readonly string[];
}
