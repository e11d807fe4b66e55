// Checks types: the whole tree, then every area under its own settings, where a wrong import does not compile.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { main, say, Stop } from './console.mjs';
import { root } from './paths.mjs';
import { run } from './processes.mjs';

/** The projects, in the order in which they are checked. */
function projects() {
  const areas = readdirSync(join(root, 'src')).sort();
  return ['.', ...areas.map((name) => join('src', name)), 'webview']
    .map((folder) => join(folder, 'tsconfig.json'))
    .filter((file) => existsSync(join(root, file)));
}

await main(async () => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const waiting = projects();
  const problems = [];
  // Two at a time: each is one thread.
  const worker = async () => {
    for (let project = waiting.shift(); project; project = waiting.shift()) {
      try {
        await run(process.execPath, [compiler, '--noEmit', '--pretty', 'false', '-p', project], {
          cwd: root,
          quiet: true,
          title: `Types of ${project}`,
        });
        say(`  ok   ${project}`);
      } catch (error) {
        problems.push(error.message);
        say(`  FAIL ${project}`);
      }
    }
  };
  await Promise.all([worker(), worker()]);
  if (problems.length > 0) throw new Stop(problems.join('\n\n'));
});
