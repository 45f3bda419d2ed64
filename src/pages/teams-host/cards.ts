import {
  type Action,
  AdaptiveCard,
  ExecuteAction,
  HostConfig,
  OpenUrlAction,
  SubmitAction,
} from 'adaptivecards';
import { markdownToHtml } from './markdown.ts';

/** A press on a card's button, with the card's inputs merged into its data. */
export type Press =
  | { readonly kind: 'execute'; readonly id?: string; readonly verb?: string; readonly data?: unknown }
  | { readonly kind: 'submit'; readonly value: unknown }
  | { readonly kind: 'open'; readonly url: string };

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownToHtml(text);
  result.didProcess = true;
};

/** Renders an Adaptive Card as Teams does, or `undefined` when the renderer does not take it. */
export function renderCard(content: unknown, pressed: (press: Press) => void): HTMLElement | undefined {
  const card = new AdaptiveCard();
  card.hostConfig = teamsLook;
  card.onExecuteAction = (action) => {
    const press = pressOf(action);
    if (press) pressed(press);
  };
  card.parse(content);
  return card.render();
}

function pressOf(action: Action): Press | undefined {
  if (action instanceof ExecuteAction) {
    const { id, verb, data } = action;
    return { kind: 'execute', ...(id && { id }), ...(verb && { verb }), data };
  }
  if (action instanceof SubmitAction) return { kind: 'submit', value: action.data };
  if (action instanceof OpenUrlAction) return { kind: 'open', url: action.url ?? '' };
  return undefined;
}

const colour = (name: string, quiet = name) => ({ default: `var(--${name})`, subtle: `var(--${quiet})` });
const palette = {
  default: colour('fg', 'quiet'),
  dark: colour('fg', 'quiet'),
  light: colour('quiet'),
  accent: colour('accent'),
  good: colour('good'),
  warning: colour('warn'),
  attention: colour('bad'),
};
const container = (background: string) => ({
  backgroundColor: `var(--${background})`,
  borderColor: 'var(--line)',
  foregroundColors: palette,
});
const fonts = {
  fontFamily: 'inherit',
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
  lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
};

// Colours are the page's own variables, so a change of theme needs no second rendering.
const teamsLook = new HostConfig({
  supportsInteractivity: true,
  ...fonts,
  fontTypes: { default: fonts, monospace: { ...fonts, fontFamily: 'ui-monospace, monospace' } },
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  containerStyles: {
    default: container('surface'),
    emphasis: container('card-emphasis'),
    accent: container('mine'),
    good: container('card-emphasis'),
    warning: container('card-emphasis'),
    attention: container('card-emphasis'),
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    // The style sheet's gap does it, so that buttons can wrap.
    buttonSpacing: 0,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    showCard: { actionMode: 'inline', inlineTopMargin: 8, style: 'emphasis' },
  },
  factSet: {
    title: { size: 'default', weight: 'bolder', wrap: true, maxWidth: 120 },
    value: { size: 'default', wrap: true },
    spacing: 8,
  },
});
