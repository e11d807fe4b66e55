/** The folder of real tables written by other engines: data beside the repository, not part of it. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where the tables are: `DELTA_SHARED` (the folder itself), else `../shared/tables` beside the repository. */
export function sharedTables(): string | undefined {
  const candidates = [process.env.DELTA_SHARED, join(repository, '../shared/tables')];
  return candidates.find(
    (path) => path !== undefined && path !== '' && existsSync(join(path, 'INDEX.json')),
  );
}

/** The folder, or undefined after printing why the tests that need it do not run. */
export function sharedTablesOrReason(tests: string): string | undefined {
  const found = sharedTables();
  if (found === undefined) {
    console.warn(
      `${tests}: skipped, because the folder of real tables is absent. Put it at ../shared/tables or name it in DELTA_SHARED.`,
    );
  }
  return found;
}
