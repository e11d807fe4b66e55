import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One test as `test/scripts/results.mjs` prints it. */
interface TestResult {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly error?: string;
}

/**
 * Makes a mocha reporter that keeps its results in a JSON file. The file is rewritten after every test, so that a host
 * that dies leaves what was known; `finished` tells the two cases apart.
 */
export function fileReporter(file: string): new (runner: Mocha.Runner) => Mocha.reporters.Base {
  const tests: TestResult[] = [];
  const write = (finished: boolean): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ tests, finished }, null, 2));
  };
  const record = (test: Mocha.Runnable, state: TestResult['state'], error?: Error): void => {
    const text = error && (error.stack ?? error.message);
    tests.push({
      title: test.fullTitle(),
      state,
      milliseconds: test.duration ?? 0,
      ...(text === undefined ? {} : { error: text }),
    });
    write(false);
  };
  function FileReporter(runner: Mocha.Runner): void {
    write(false);
    runner.on('pass', (test) => record(test, 'passed'));
    runner.on('fail', (test, error: Error) => record(test, 'failed', error));
    runner.on('pending', (test) => record(test, 'skipped'));
    runner.once('end', () => write(true));
  }
  return FileReporter as unknown as new (runner: Mocha.Runner) => Mocha.reporters.Base;
}
