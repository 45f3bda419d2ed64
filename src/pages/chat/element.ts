type Properties = Readonly<Record<string, unknown>>;

/** Makes an element: its properties, its attributes where the name has a dash or is `for`, and what is in it; text stays text. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-') || key === 'role') element.setAttribute(key, String(value));
    else Reflect.set(element, key, value);
  }
  element.append(...children);
  return element;
}

export interface ButtonLooks {
  /** `main` the one thing to do, `plain` another, `quiet` a word that can be pressed. */
  readonly kind: 'main' | 'plain' | 'quiet';
  readonly label: string;
  readonly press: () => void;
}

export const button = ({ kind, label, press }: ButtonLooks): HTMLButtonElement =>
  make('button', { type: 'button', className: `press ${kind}`, onclick: press }, label);
