/**
 * The controls of the pages, behind small factories. This is the only file that imports the toolkit: it is no longer
 * developed, so the day it fails a theme, an accessibility check or a build, this file changes and no page does.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTag,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { Button, Checkbox, Dropdown, TextField } from '@vscode/webview-ui-toolkit';
import { append, icon, setAttributes } from './dom';
import type { Attributes, Child } from './dom';

provideVSCodeDesignSystem().register(
  vsCodeBadge(),
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDivider(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTag(),
  vsCodeTextField(),
);

export interface ButtonControl {
  readonly element: HTMLElement;
  setEnabled(isEnabled: boolean): void;
  setLabel(label: string): void;
}

export interface ButtonOptions {
  readonly label: string;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** A codicon; with the appearance `icon` the label is spoken and shown on hover only. */
  readonly icon?: string;
  readonly testId?: string;
  readonly title?: string;
  readonly onClick: () => void;
}

/** A push button. */
export function button(options: ButtonOptions): ButtonControl {
  const appearance = options.appearance ?? 'secondary';
  const element = control<Button>('vscode-button', {
    appearance,
    'data-testid': options.testId,
    title: options.title ?? (appearance === 'icon' ? options.label : undefined),
    'aria-label': appearance === 'icon' ? options.label : undefined,
  });
  const label = document.createTextNode(appearance === 'icon' ? '' : options.label);
  if (options.icon !== undefined) {
    const glyph = icon(options.icon);
    if (appearance !== 'icon') glyph.slot = 'start';
    element.append(glyph);
  }
  element.append(label);
  element.addEventListener('click', () => {
    if (!element.disabled) options.onClick();
  });
  return {
    element,
    setEnabled: (isEnabled) => {
      element.disabled = !isEnabled;
      setAttributes(element, { 'aria-disabled': isEnabled ? undefined : 'true' });
    },
    setLabel: (text) => {
      if (appearance === 'icon') setAttributes(element, { 'aria-label': text, title: text });
      else label.data = text;
    },
  };
}

export interface CheckboxControl {
  readonly element: HTMLElement;
  isChecked(): boolean;
  setChecked(isChecked: boolean): void;
}

/** A checkbox with its label. */
export function checkbox(options: {
  readonly label: string;
  readonly isChecked?: boolean;
  readonly testId?: string;
  readonly onChange: (isChecked: boolean) => void;
}): CheckboxControl {
  const element = control<Checkbox>('vscode-checkbox', { 'data-testid': options.testId });
  element.append(options.label);
  element.checked = options.isChecked ?? false;
  element.addEventListener('change', () => {
    options.onChange(element.checked);
  });
  return {
    element,
    isChecked: () => element.checked,
    setChecked: (isChecked) => {
      element.checked = isChecked;
    },
  };
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface DropdownControl {
  readonly element: HTMLElement;
  /** Replaces the choices and keeps the chosen value; does nothing while they are open or unchanged. */
  setChoices(choices: readonly Choice[], chosen: string): void;
}

/** One choice of several. */
export function dropdown(options: {
  readonly label: string;
  readonly testId?: string;
  readonly onChange: (value: string) => void;
}): DropdownControl {
  const element = control<Dropdown>('vscode-dropdown', {
    'aria-label': options.label,
    title: options.label,
    'data-testid': options.testId,
    position: 'below',
  });
  let shown = '';
  let waiting: { readonly choices: readonly Choice[]; readonly chosen: string } | undefined;
  const show = (choices: readonly Choice[], chosen: string): void => {
    const signature = JSON.stringify(choices);
    if (signature !== shown) {
      shown = signature;
      element.replaceChildren(
        ...choices.map((choice) => {
          const option = control('vscode-option', { value: choice.value, title: choice.label });
          option.append(choice.label);
          return option;
        }),
      );
    }
    // The toolkit drops a value whose option it has not seen yet; it sees options in the next microtask.
    queueMicrotask(() => {
      if (element.value !== chosen) element.value = chosen;
    });
  };
  element.addEventListener('change', () => {
    if (waiting !== undefined) waiting = { ...waiting, chosen: element.value };
    options.onChange(element.value);
  });
  element.addEventListener('focusout', () => {
    if (waiting === undefined) return;
    const { choices, chosen } = waiting;
    waiting = undefined;
    show(choices, chosen);
  });
  return {
    element,
    setChoices: (choices, chosen) => {
      if (element.open) waiting = { choices, chosen };
      else show(choices, chosen);
    },
  };
}

export interface TextFieldControl {
  readonly element: HTMLElement;
  value(): string;
  setValue(text: string): void;
  focus(): void;
}

/** A one-line text field; `onInput` hears each keystroke. */
export function textField(options: {
  readonly label: string;
  readonly placeholder: string;
  readonly icon?: string;
  readonly testId?: string;
  readonly onInput: (text: string) => void;
}): TextFieldControl {
  const element = control<TextField>('vscode-text-field', {
    placeholder: options.placeholder,
    'aria-label': options.label,
    'data-testid': options.testId,
  });
  if (options.icon !== undefined) {
    const glyph = icon(options.icon);
    glyph.slot = 'start';
    element.append(glyph);
  }
  element.addEventListener('input', () => {
    options.onInput(element.value);
  });
  return {
    element,
    value: () => element.value,
    setValue: (text) => {
      element.value = text;
    },
    focus: () => {
      element.focus();
    },
  };
}

/** A small number in a circle. */
export function badge(text: string, attributes: Attributes = {}): HTMLElement {
  return filled('vscode-badge', attributes, text);
}

/** A short word in a box. */
export function tag(text: string, attributes: Attributes = {}): HTMLElement {
  return filled('vscode-tag', attributes, text);
}

/** Something is going on, of unknown length. */
export function progressRing(label: string): HTMLElement {
  return control('vscode-progress-ring', { 'aria-label': label, class: 'ring' });
}

export function divider(): HTMLElement {
  return control('vscode-divider', {});
}

function control<T extends HTMLElement = HTMLElement>(name: string, attributes: Attributes): T {
  const element = document.createElement(name) as T;
  setAttributes(element, attributes);
  return element;
}

function filled(name: string, attributes: Attributes, ...children: readonly Child[]): HTMLElement {
  const element = control(name, attributes);
  append(element, children);
  return element;
}
