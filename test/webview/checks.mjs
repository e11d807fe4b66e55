// The little that checks of a page need: a list of named checks, pages of them, and one line for each.

/** Makes a list that checks are added to and run from. */
export function checkList() {
  const checks = [];
  return {
    check: (name, work) => checks.push({ name, work }),
    run: async (context) => {
      let passed = 0;
      const failed = [];
      for (const { name, work } of checks) {
        try {
          await work(context);
          passed += 1;
          process.stdout.write(`  ok   ${name}\n`);
        } catch (error) {
          failed.push(name);
          process.stdout.write(
            `  FAIL ${name}\n       ${String(error.message).split('\n').slice(0, 40).join('\n       ')}\n`,
          );
        } finally {
          await context.closePages().catch(() => undefined);
        }
      }
      return { passed, failed };
    },
  };
}

/** Fails with both values in the message. */
export function equal(actual, expected, what = 'value') {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }
}

export function isTrue(value, what) {
  if (!value) throw new Error(what);
}

/** Asks again until it is so, at most five seconds. */
export async function until(question, what, timeoutMs = 5000) {
  const end = Date.now() + timeoutMs;
  let last;
  for (;;) {
    last = await question();
    if (last) return last;
    if (Date.now() > end) throw new Error(`${what} did not come true within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
