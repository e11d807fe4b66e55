// Where things are. Everything the scripts make lies inside the repository, in ignored folders.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository; DELTA_CLONES_ROOT points the scripts at another extension when they are tried out themselves. */
export const root = process.env.DELTA_CLONES_ROOT
  ? resolve(process.env.DELTA_CLONES_ROOT)
  : resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Downloaded tools, profiles and stamps. */
export const cache = join(root, '.cache');

/** Bundles made for tests. */
export const distTest = join(root, 'dist-test');

/** Screenshots and reports of tests. */
export const testOutput = join(root, 'test-output');
