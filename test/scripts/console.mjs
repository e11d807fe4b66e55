// What the scripts say to the person at the terminal.

/** A failure whose message is meant for the reader as it stands: it is printed without a stack. */
export class Stop extends Error {}

/** Prints one line. */
export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

/** Seconds since `since` (milliseconds, from `Date.now()`), as text. */
export function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/** Counts and prints the steps of one command: a line when a step starts, a shorter one when it ends. */
export function steps(total) {
  let number = 0;
  return async (title, work) => {
    number += 1;
    const since = Date.now();
    say(`[${number}/${total}] ${title}`);
    const outcome = await work();
    say(`      ${outcome ?? 'done'} (${seconds(since)})`);
  };
}

/** Runs a script's main function; a `Stop` ends it with one line, anything else with its stack, both with exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof Stop ? error.message : (error?.stack ?? error)}\n`);
  }
}

/** The value after `name` in the arguments, or undefined; `--name=value` works as well. */
export function option(name, args = process.argv.slice(2)) {
  const at = args.indexOf(name);
  if (at >= 0) {
    const value = args[at + 1];
    if (value === undefined || value.startsWith('--')) throw new Stop(`${name} needs a value.`);
    return value;
  }
  return args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Whether the arguments hold the switch `name`. */
export function flag(name, args = process.argv.slice(2)) {
  return args.includes(name);
}
