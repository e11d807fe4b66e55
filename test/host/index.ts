import { join } from 'node:path';
import { runMocha } from './runMocha';

/**
 * The entry that an extension host is given as `extensionTestsPath`, in the browser's editor and on the desktop.
 * Results go to the file named by DELTA_CLONES_TEST_RESULTS.
 * @throws Error when a test failed, which ends the host with a code other than 0
 */
export async function run(): Promise<void> {
  const failures = await runMocha({
    folder: __dirname,
    ending: '.test.js',
    results:
      process.env.DELTA_CLONES_TEST_RESULTS ??
      join(__dirname, '../../test-output/integration.json'),
    timeout: 60_000,
  });
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
