import { words } from './wording.ts';

/** The languages of the Teams app's manifest, whose command list names the word in each. */
const LANGUAGES = ['en', 'ar'];

/** What an agent reads who writes the command of the Teams app (_help_) to the bot, in its language; else `undefined`. */
export function helpFor(text: string): string | undefined {
  const asked = LANGUAGES.map((language) => words(language).sentences).find(
    (sentences) => sentences['help.word'] === text.trim().toLowerCase(),
  );
  return asked?.['help.text'];
}
