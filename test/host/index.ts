import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileReporter } from './mochaResults';

/**
 * The entry that an extension host is given as `extensionTestsPath`, in the browser's editor and on the desktop.
 * Results go to the file named by DELTA_CLONES_TEST_RESULTS.
 * @throws Error when a test failed, which ends the host with a code other than 0
 */
export async function run(): Promise<void> {
  const { default: MochaRunner } = await import('mocha');
  const results = process.env.DELTA_CLONES_TEST_RESULTS ?? join(__dirname, '../../test-output/integration.json');
  const mocha = new MochaRunner({
    ui: 'bdd',
    timeout: 60_000,
    slow: 5_000,
    reporter: fileReporter(results),
  });
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith('.test.js')) mocha.addFile(join(__dirname, name));
  }
  await mocha.loadFilesAsync();
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} tests failed.`)) : resolve()));
  });
}
