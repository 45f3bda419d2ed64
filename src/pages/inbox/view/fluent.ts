import '@fluentui/web-components/button.js';
import { setTheme } from '@fluentui/web-components/theme/set-theme.js';
import { teamsDarkTheme, teamsHighContrastTheme, teamsLightTheme } from '@fluentui/tokens';

const THEMES = { light: teamsLightTheme, dark: teamsDarkTheme, contrast: teamsHighContrastTheme };

/** Dresses the page in a theme of Teams: Fluent's own tokens, and our style sheets by them. */
export function dress(theme: keyof typeof THEMES): void {
  document.documentElement.dataset['theme'] = theme;
  setTheme(THEMES[theme]);
}
