const DAY_MS = 24 * 3_600_000;

/** How long after its end what a session leaves is kept, by class; ms. While it lives, nothing of it goes. */
export interface Retention {
  /** What was said, the session itself, and its rows in lists. */
  readonly transcriptMs: number;
  /** The bytes of files; not longer than what names them. */
  readonly filesMs: number;
  /** The record of what came of it, and its reference number. */
  readonly recordMs: number;
  /** Who decided what and when; not shorter than the transcript, which it explains. */
  readonly auditMs: number;
}

/** What holds where nobody says otherwise. */
export const RETENTION: Retention = {
  transcriptMs: 180 * DAY_MS,
  filesMs: 180 * DAY_MS,
  recordMs: 730 * DAY_MS,
  auditMs: 180 * DAY_MS,
};
