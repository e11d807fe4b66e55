/** The context keys that `when` clauses of package.json may use, each with the type of its value. */
export interface ContextKeys {
  /** A scan of the workspace is running. */
  'deltaClones.isScanning': boolean;
  /** The Tables view has at least one table. */
  'deltaClones.hasTables': boolean;
  /** Local paths of the known tables, for the explorer's menu (`resourcePath in ...`). */
  'deltaClones.tablePaths': readonly string[];
}

/** All names, for the manifest test. */
export const contextKeyNames = [
  'deltaClones.isScanning',
  'deltaClones.hasTables',
  'deltaClones.tablePaths',
] as const satisfies readonly (keyof ContextKeys)[];

export type SetContext = <K extends keyof ContextKeys>(key: K, value: ContextKeys[K]) => void;
