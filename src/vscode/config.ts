/**
 * The settings of the extension: names, types and defaults in one place, equal to package.json (test/manifest.test.ts). Values
 * are read through {@link readSettings}, which replaces what a person mistyped by the default, so that no caller checks again.
 */

/** When the plan page may be skipped. `findings`: only for a plan that has no finding at all. */
export type Confirmations = 'always' | 'findings';

export interface Settings {
  /** Folders in which tables are looked for, absolute or relative to the workspace folders; empty: the workspace folders. */
  readonly scanFolders: readonly string[];
  /** Names of folders that are not entered. */
  readonly scanSkip: readonly string[];
  /** Levels below a folder that are entered. */
  readonly scanDepth: number;
  /** Commits read at once by the history page. */
  readonly historyPageSize: number;
  /** `local`, `UTC` or an IANA name. */
  readonly timeZone: string;
  readonly confirmations: Confirmations;
}

/** A setting as package.json declares it. */
export interface SettingDeclaration {
  readonly key: string;
  readonly type: 'array' | 'integer' | 'string';
  readonly default: string | number | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
}

export const settingsSection = 'deltaClones';

/** Every setting, without the section's prefix. */
export const settingDeclarations = {
  scanFolders: { key: 'scan.folders', type: 'array', default: [] },
  scanSkip: {
    key: 'scan.skip',
    type: 'array',
    default: ['node_modules', '__pycache__', 'site-packages', 'venv'],
  },
  scanDepth: { key: 'scan.depth', type: 'integer', default: 8, minimum: 0, maximum: 64 },
  historyPageSize: {
    key: 'history.pageSize',
    type: 'integer',
    default: 50,
    minimum: 10,
    maximum: 1000,
  },
  timeZone: { key: 'timeZone', type: 'string', default: 'local' },
  confirmations: {
    key: 'confirmations',
    type: 'string',
    default: 'always',
    enum: ['always', 'findings'],
  },
} as const satisfies Record<keyof Settings, SettingDeclaration>;

/** Reads all settings; `get` is given keys without the section's prefix. */
export function readSettings(get: (key: string) => unknown): Settings {
  return {
    scanFolders: texts(get('scan.folders'), settingDeclarations.scanFolders.default),
    scanSkip: texts(get('scan.skip'), settingDeclarations.scanSkip.default),
    scanDepth: whole(get('scan.depth'), settingDeclarations.scanDepth),
    historyPageSize: whole(get('history.pageSize'), settingDeclarations.historyPageSize),
    timeZone: text(get('timeZone'), settingDeclarations.timeZone.default),
    confirmations: get('confirmations') === 'findings' ? 'findings' : 'always',
  };
}

function texts(value: unknown, fallback: readonly string[]): readonly string[] {
  if (!Array.isArray(value)) return fallback;
  return value
    .filter((item): item is string => typeof item === 'string' && item.trim() !== '')
    .map((item) => item.trim());
}

function whole(
  value: unknown,
  declaration: { readonly default: number; readonly minimum: number; readonly maximum: number },
): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return declaration.default;
  return Math.min(declaration.maximum, Math.max(declaration.minimum, Math.trunc(value)));
}

function text(value: unknown, fallback: string): string {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : fallback;
}
