/**
 * Threats of the table (reliability.md 1.3) that cannot be tested against this product, with the reason; every other one
 * is named by a test. `rules.test.ts` reads it.
 */
export const EXEMPT: Readonly<Record<string, string>> = {};

/** Parts of a threat that have nothing to attack here, though the rest of it is tested. */
export const NOT_HERE: Readonly<Record<string, string>> = {
  'T3: times':
    'How long an answer takes is not asserted: an unknown, a foreign, a revoked and a malformed token take one path, with the same questions to the store, the same bytes, and at least 100 ms.',
  'T4: the family is revoked':
    'A used copy harms nobody: it opens nothing, its agent is told, and what its customer was given since is good.',
  'T10: a warning':
    'Who opens an anonymous customer’s link while signed in stays who they are, and the chat stays unverified: there is nothing to warn of.',
  'T12: another id in the channel’s mouth':
    'Whose words an activity brings is Direct Line’s to say, which binds the id to the token; no other door makes tokens.',
  'T28: malware':
    'Files are judged by their bytes and their ending; a scanner is what the deployment adds (Defender for Storage).',
  'T29: a save by an admin':
    'Settings are a file: they are judged by check-config, by the template and at start; nothing saves them while the house runs.',
  'T33: cookies of agents': 'The tab has none: an agent is known by a bearer token alone.',
  'T44: denials in the commit':
    'What is refused changes nothing and has no version; it is told in the log, as `denied` where somebody may not, else as `act.refused`.',
  'T46: metrics': 'There is no door to them: they leave by OpenTelemetry.',
};
