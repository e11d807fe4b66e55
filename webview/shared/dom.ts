/**
 * A tiny element helper. Texts are always text nodes: nothing from a table can become markup, and the pages never touch
 * `innerHTML`.
 */

export type Child = Node | string | number | null | undefined | false;

/** Attributes: `true` sets an empty one, `false` and `undefined` leave it out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Creates an element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Sets attributes; `false` and `undefined` remove one. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Appends what is not empty. */
export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(typeof child === 'number' ? String(child) : child);
  }
}

/** Replaces everything inside an element. */
export function setChildren(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** A decorative codicon; the words beside it, or the button's label, carry the meaning. */
export function icon(name: string, extraClass = ''): HTMLElement {
  return el('span', {
    class: `codicon codicon-${name}${extraClass === '' ? '' : ` ${extraClass}`}`,
    'aria-hidden': 'true',
  });
}

/** A native icon button, for places where there are many of them (rows of a table). */
export function iconButton(
  iconName: string,
  label: string,
  attributes: Attributes,
  onClick: (event: MouseEvent) => void,
): HTMLButtonElement {
  const button = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, title: label, ...attributes },
    icon(iconName),
  );
  button.addEventListener('click', onClick);
  return button;
}
