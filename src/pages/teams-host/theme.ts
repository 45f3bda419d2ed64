/** The three themes Teams has, by the names teams-js uses. */
export type Theme = 'default' | 'dark' | 'contrast';

const key = 'local-teams.theme';

/** Ties the theme picker to the page; the choice is remembered in this browser. `changed` hears every later choice. */
export function themePicker(picker: HTMLSelectElement, changed: (theme: Theme) => void): () => Theme {
  let theme = asTheme(localStorage.getItem(key));
  const wear = () => {
    document.documentElement.dataset['theme'] = theme;
    picker.value = theme;
  };
  picker.addEventListener('change', () => {
    theme = asTheme(picker.value);
    localStorage.setItem(key, theme);
    wear();
    changed(theme);
  });
  wear();
  return () => theme;
}

const asTheme = (text: string | null): Theme => (text === 'dark' || text === 'contrast' ? text : 'default');
