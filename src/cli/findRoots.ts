/** How the command line looks for tables below a folder: deep, but not into folders that only tools write. */
import type { FindTablesQuery } from '../service/deltaService';

const skippedFolders = ['node_modules', '__pycache__', 'venv', 'site-packages'];
const depth = 32;

export function findTablesQuery(roots: readonly string[]): FindTablesQuery {
  return { roots, skip: skippedFolders, depth };
}
