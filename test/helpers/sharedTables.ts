/** The index of the shared set of real tables. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedTables } from './shared';

export interface IndexedTable {
  readonly name: string;
  /** Absolute folder of the table. */
  readonly folder: string;
  readonly features: readonly string[];
  readonly latestVersion: number;
  readonly numFiles: number;
  readonly numBytes: number;
  readonly numRows: number | null;
  readonly numRowsFrom: string;
  readonly dataFiles: 'all' | 'some' | 'none';
  readonly versions?: readonly {
    readonly version: number;
    readonly numFiles: number;
    readonly numRows: number | null;
  }[];
  /** `true`, or why not: `must-fail: ...`, `may-fail: ...`. */
  readonly readable: true | string;
}

/** All tables, or none with the reason. */
export function readIndex(): { readonly tables: readonly IndexedTable[]; readonly reason: string } {
  const folder = sharedTables();
  if (folder === undefined)
    return { tables: [], reason: 'the shared tables are not on this machine; set DELTA_SHARED' };
  const entries = JSON.parse(readFileSync(join(folder, 'INDEX.json'), 'utf8')) as (IndexedTable & {
    path: string;
  })[];
  return {
    tables: entries.map((entry) => ({ ...entry, folder: join(folder, entry.path) })),
    reason: '',
  };
}
