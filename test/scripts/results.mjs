// Mocha's results, written as a file by whatever process ran the tests, and printed here.
import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { say } from './console.mjs';

/**
 * Prints each test and the closing line.
 * @param file what `test/helpers/mochaResults.ts` wrote
 * @returns the number of tests that passed and failed; one failed when the file is missing or not finished
 */
export function printResults(file, problem = 'The tests ended without results.') {
  const results = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { tests: [], finished: false };
  let passed = 0;
  let failed = 0;
  for (const test of results.tests) {
    if (test.state === 'passed') passed += 1;
    if (test.state === 'failed') failed += 1;
    const mark = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[test.state];
    say(`  ${mark} ${test.title}${test.state === 'skipped' ? '' : ` (${test.milliseconds} ms)`}`);
    if (test.error) say(stripVTControlCharacters(test.error).replace(/^/gm, '       '));
  }
  if (!results.finished) {
    failed += 1;
    say(`  FAIL ${problem}`);
  }
  if (passed + failed === 0) {
    failed = 1;
    say('  FAIL No test ran.');
  }
  say();
  say(`${passed} passed, ${failed} failed`);
  return { passed, failed };
}
