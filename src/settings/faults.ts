import type { z } from 'zod';

/** One thing that is wrong, with the setting's path and the rule it breaks. */
export interface SettingFault {
  readonly setting: string;
  readonly rule: string;
}

/** Thrown with every fault at once. */
export class SettingsError extends Error {
  readonly faults: readonly SettingFault[];
  constructor(faults: readonly SettingFault[]) {
    super(
      `The settings do not hold together:\n${faults.map(({ setting, rule }) => `  ${setting}: ${rule}`).join('\n')}`,
    );
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** What a person reads about one thing that does not fit. */
export function faultsOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): readonly SettingFault[] {
  const at = (more: readonly PropertyKey[]): string => [...path, ...more].map(String).join('.') || 'the file';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        setting: at([...issue.path, key]),
        rule: 'there is no such setting',
      }));
    case 'invalid_key':
      return [{ setting: at(issue.path), rule: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_value':
      return [{ setting: at(issue.path), rule: `must be one of ${issue.values.map(String).join(', ')}` }];
    case 'invalid_type':
      // A shape with a rule of its own says it; the library's words are for programmers.
      return [
        {
          setting: at(issue.path),
          rule:
            ownWords(issue.message) ?? `${missing(issue.message)}${NOUNS[issue.expected] ?? issue.message}`,
        },
      ];
    case 'too_small':
      return [{ setting: at(issue.path), rule: `must have at least ${String(issue.minimum)} character` }];
    case 'too_big':
      return [{ setting: at(issue.path), rule: `must have at most ${String(issue.maximum)} characters` }];
    default:
      return [{ setting: at(issue.path), rule: issue.message }];
  }
}

const ownWords = (message: string): string | undefined =>
  message.startsWith('Invalid input') ? undefined : message;

const missing = (message: string): string =>
  message.endsWith('received undefined') ? 'is missing; it ' : '';

const NOUNS: Readonly<Record<string, string>> = {
  string: 'must be text',
  boolean: 'must be true or false',
  object: 'must be an object with settings',
  record: 'must be an object with a name for each',
  array: 'must be a list',
};
