import { overridesFor } from '../cards/overrides.ts';
import { words, type Wording } from '../cards/wording.ts';
import type { Settings, Widget } from '../settings/settings.ts';

/** In which words a widget's customers and agents read it; a widget that is no more is read in the first one's. */
export const wordsIn =
  (settings: Settings) =>
  (id: string): { readonly words: Wording; readonly agentWords: Wording } => {
    const { language, wording } = widgetIn(settings, id);
    return { words: words(language, overridesFor(language, wording)), agentWords: words('en') };
  };

/** A widget's settings; those of the first where there is none of that name any more. */
export function widgetIn({ widgets }: Settings, id: string): Widget {
  const widget = widgets.find((one) => one.id === id) ?? widgets[0];
  if (widget === undefined) throw new TypeError('Settings have at least one widget');
  return widget;
}
