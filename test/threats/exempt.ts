/**
 * Threats of the table (reliability.md 1.3) that cannot be tested against this product, with the reason; every other one
 * is named by a test. `rules.test.ts` reads it.
 */
export const EXEMPT: Readonly<Record<string, string>> = {};

/** Parts of a threat that have nothing to attack here, though the rest of it is tested. */
export const NOT_HERE: Readonly<Record<string, string>> = {
  'T28: malware':
    'Files are judged by their bytes and their ending; a scanner is what the deployment adds (Defender for Storage).',
  'T29: a save by an admin':
    'Settings are a file: they are judged by check-config, by the template and at start; nothing saves them while the house runs.',
  'T33: cookies of agents': 'The tab has none: an agent is known by a bearer token alone.',
  'T44: denials in the commit':
    'What is refused changes nothing and has no version; it is told in the log as `act.refused`.',
  'T46: metrics': 'There is no door to them: they leave by OpenTelemetry.',
};
