import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileReporter } from './mochaResults';

/** What one run of mocha takes. */
export interface MochaRun {
  /** The folder with the bundled tests. */
  readonly folder: string;
  /** How their file names end. */
  readonly ending: string;
  /** The JSON file for the results. */
  readonly results: string;
  /** How long one test may take, in milliseconds. */
  readonly timeout: number;
  /** Called after a failed test, with its full title. */
  readonly onFailure?: (title: string) => Promise<void>;
}

/**
 * Runs every test file of a folder, in the order of their names.
 * @returns the number of failed tests
 */
export async function runMocha({
  folder,
  ending,
  results,
  timeout,
  onFailure,
}: MochaRun): Promise<number> {
  // Imported when it runs: mocha is an ES module, and this file becomes CommonJS for the extension host.
  const { default: MochaRunner } = await import('mocha');
  const mocha = new MochaRunner({ ui: 'bdd', timeout, reporter: fileReporter(results) });
  mocha.rootHooks({
    async afterEach(this: Mocha.Context) {
      if (this.currentTest?.state === 'failed') await onFailure?.(this.currentTest.fullTitle());
    },
  });
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith(ending)) mocha.addFile(join(folder, name));
  }
  await mocha.loadFilesAsync();
  return new Promise((resolve) => mocha.run(resolve));
}
