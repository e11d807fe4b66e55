/**
 * Prints each check as it ends and counts them.
 *
 * @param {string | undefined} only a part of the names of the checks to run; all where undefined
 */
export function createReport(only) {
  let passed = 0;
  let failed = 0;

  function fail(name, error) {
    failed += 1;
    const words = error instanceof Error ? error.message : String(error);
    console.log(`  FAIL ${name}\n${words.replace(/^/gm, '       ')}`);
  }

  return {
    /** Runs one check. Gives what it resolves to (true for nothing), undefined after a failure. */
    async check(name, work) {
      const since = Date.now();
      try {
        const outcome = await work();
        passed += 1;
        console.log(`  ok   ${name} (${Date.now() - since} ms)`);
        return outcome ?? true;
      } catch (error) {
        fail(name, error);
        return undefined;
      }
    },
    fail,
    wants: (name) => only === undefined || name.includes(only),
    /** Something an engine cannot do, which is no finding about our tables. */
    note: (text) => console.log(`  note ${text}`),
    /** The closing line; true where nothing failed and something ran. */
    close() {
      if (passed + failed === 0) fail('no check ran', `no table is named *${only}*`);
      console.log(`\n${passed} passed, ${failed} failed`);
      return failed === 0;
    },
  };
}
