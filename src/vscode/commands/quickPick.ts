/** Pickers as promises: undefined when a person closes them. Items may come in while the picker is open. */
import type { QuickPickItem } from 'vscode';
import { ThemeIcon, window } from 'vscode';

export interface PickOptions<T extends QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  /** Called once at the start and by whoever got the picker to show newer items. */
  readonly items: () => readonly T[];
  /** Loads or streams more; aborted when the picker closes. A rejection is shown as the picker's placeholder. */
  readonly load?: (redraw: () => void, signal: AbortSignal) => Promise<void>;
}

export function pick<T extends QuickPickItem>(options: PickOptions<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const picker = window.createQuickPick<T>();
    const controller = new AbortController();
    picker.title = options.title;
    picker.placeholder = options.placeholder;
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    picker.ignoreFocusOut = true;
    picker.keepScrollPosition = true;
    const redraw = (): void => {
      picker.items = options.items();
    };
    let chosen: T | undefined;
    picker.onDidAccept(() => {
      chosen = picker.selectedItems[0];
      if (chosen !== undefined) picker.hide();
    });
    picker.onDidHide(() => {
      controller.abort();
      picker.dispose();
      resolve(chosen);
    });
    redraw();
    picker.show();
    if (options.load === undefined) return;
    picker.busy = true;
    options
      .load(redraw, controller.signal)
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        picker.placeholder = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        if (!controller.signal.aborted) picker.busy = false;
      });
  });
}

export interface InputOptions {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** A sentence when the text cannot be used. */
  readonly validate: (text: string) => string | undefined;
  /** Offers a button that chooses a folder instead of typing. */
  readonly folderButton?: {
    readonly tooltip: string;
    /** The text for the chosen folder. */
    readonly toText: (folder: string) => string;
  };
}

/** Asks for a line of text. What is not valid is told at once and cannot be accepted. */
export function ask(options: InputOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = window.createInputBox();
    input.title = options.title;
    input.prompt = options.prompt;
    input.placeholder = options.placeholder;
    input.value = options.value ?? '';
    input.ignoreFocusOut = true;
    let answer: string | undefined;
    let isChoosing = false;
    const { folderButton } = options;
    if (folderButton !== undefined) {
      input.buttons = [{ iconPath: new ThemeIcon('folder-opened'), tooltip: folderButton.tooltip }];
    }
    input.onDidChangeValue((text) => {
      input.validationMessage = text === '' ? undefined : options.validate(text);
    });
    input.onDidAccept(() => {
      const problem = options.validate(input.value);
      input.validationMessage = problem;
      if (problem !== undefined) return;
      answer = input.value.trim();
      input.hide();
    });
    input.onDidTriggerButton(() => {
      if (folderButton === undefined) return;
      isChoosing = true;
      void chooseFolder(folderButton.tooltip).then((folder) => {
        isChoosing = false;
        if (folder !== undefined) {
          input.value = folderButton.toText(folder);
          input.validationMessage = options.validate(input.value);
        }
        input.show();
      });
    });
    input.onDidHide(() => {
      if (isChoosing) return;
      input.dispose();
      resolve(answer);
    });
    input.show();
  });
}

/** The editor's own dialog for one folder of the machine that the workspace is on. */
export async function chooseFolder(label: string): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    openLabel: label,
  });
  return chosen?.[0]?.fsPath;
}
