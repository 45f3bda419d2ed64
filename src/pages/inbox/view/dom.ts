type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined | false;

/**
 * Makes an element. Strings become text nodes, so nothing anybody wrote is ever read as HTML. An attribute of `true`
 * is set empty, of `false` or `undefined` left out.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Sets, changes and removes attributes; only what differs is touched. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else {
      const text = value === true ? '' : String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
}

/** Sets the text only when it differs: a live region speaks again when its text is replaced. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export interface ButtonOptions {
  readonly look?: 'primary' | 'outline' | 'subtle' | 'danger';
  readonly icon?: Node;
  /** The accessible name where the face shows only an icon. */
  readonly name?: string;
  readonly type?: 'button' | 'submit';
}

const APPEARANCE = { primary: 'primary', outline: 'outline', subtle: 'subtle', danger: 'outline' } as const;

/**
 * A Fluent button; the one place that decides how a control of the tab is made. Its role is an attribute besides, for
 * tools that do not see what an element says of itself by `ElementInternals`.
 */
export function button(
  label: string,
  press: (() => void) | undefined,
  options: ButtonOptions = {},
): HTMLElement {
  const { look = 'outline', icon, name, type = 'button' } = options;
  const face = document.createElement('fluent-button');
  const isBare = label === '' && icon !== undefined;
  setAttributes(face, {
    ...{ type, role: 'button', class: `button ${look}`, appearance: APPEARANCE[look], 'icon-only': isBare },
    ...{ 'aria-label': name, title: name },
  });
  if (icon instanceof Element && !isBare) icon.setAttribute('slot', 'start');
  face.append(...(icon === undefined ? [] : [icon]), label);
  if (press !== undefined) face.addEventListener('click', press);
  return face;
}

/** A button of a row of tools: its words, or where there is no room for them its picture; the style decides. */
export function tool(name: string, picture: Node, press: () => void): HTMLElement {
  const face = button('', press, { look: 'subtle', icon: picture, name });
  face.removeAttribute('icon-only');
  face.append(h('span', { class: 'tool-name' }, name));
  return face;
}

/**
 * Shows `wanted` as the children of `parent`, in order, reusing elements by key: focus, selection and scroll stay, and a
 * screen reader hears only what is new. `make` builds, `update` brings an existing one up to date.
 */
export function keyed<T>(
  parent: Element,
  wanted: readonly T[],
  keyOf: (one: T) => string,
  make: (one: T) => HTMLElement,
  update: (element: HTMLElement, one: T) => void,
): void {
  const there = new Map<string, HTMLElement>();
  for (const child of parent.children) {
    if (child instanceof HTMLElement && child.dataset['key'] !== undefined)
      there.set(child.dataset['key'], child);
  }
  // What goes, goes first: what stays is then in its place, and an element that is moved would lose the focus.
  const stays = new Set(wanted.map(keyOf));
  for (const [key, element] of there) if (!stays.has(key)) element.remove();
  let place: ChildNode | null = parent.firstChild;
  for (const one of wanted) {
    const key = keyOf(one);
    const known = there.get(key);
    const element = known ?? make(one);
    element.dataset['key'] = key;
    update(element, one);
    if (element === place) place = element.nextSibling;
    else parent.insertBefore(element, place);
  }
}
