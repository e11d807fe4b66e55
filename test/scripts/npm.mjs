// Calling npm from a script, with the Node of our choice, and keeping node_modules in step with the lock file.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { Stop } from './console.mjs';
import { run, which } from './processes.mjs';

/** npm's own script file. Run as `node <file>`, it uses the Node we choose, where `npm` on PATH would choose its own. */
export function npmScript() {
  const candidates = [process.env.npm_execpath];
  const onPath = which('npm');
  if (onPath) {
    candidates.push(realpathSync(onPath), join(dirname(onPath), 'node_modules/npm/bin/npm-cli.js'));
  }
  candidates.push(
    join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
    join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
  );
  const found = candidates.find(
    (file) => file && /^npm(-cli)?\.[cm]?js$/.test(basename(file)) && existsSync(file),
  );
  if (!found) {
    throw new Stop(
      `npm was not found on PATH or beside ${basename(process.execPath)}: install Node.js 20, 22 or 24 with its npm and try again.`,
    );
  }
  return found;
}

/**
 * Runs one npm command.
 * @param options.node the Node that runs npm and every install script (default: the running one)
 * @param options.env  variables on top of the process's own
 */
export async function npm(args, { cwd, node = process.execPath, env = {}, title } = {}) {
  await run(
    node,
    [npmScript(), ...args, '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'],
    {
      cwd,
      quiet: true,
      title: title ?? `npm ${args[0]}`,
      env: {
        ...process.env,
        // Test runners bring no browsers of their own; the one of the system is used.
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
        ...env,
        // Install scripts and node-gyp ask for `node` in these three ways.
        PATH: `${dirname(node)}${delimiter}${env.PATH ?? process.env.PATH ?? ''}`,
        NODE: node,
        npm_node_execpath: node,
      },
    },
  );
}

/** Whether every package that the lock file requires is in node_modules with its version. */
function installedAsLocked(lock, installedFile) {
  let installed;
  try {
    installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  } catch {
    return false;
  }
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, wanted]) =>
      path === '' ||
      wanted.optional ||
      wanted.link ||
      wanted.peer ||
      installed[path]?.version === wanted.version,
  );
}

/**
 * Installs the repository's packages when node_modules is absent or differs from package-lock.json.
 * A finished install is remembered by the lock file's hash, so an interrupted one is repeated.
 * @returns one line saying what was done
 */
export async function installPackages(root) {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(root, '.cache/installed-lock.txt');
  const installedFile = join(root, 'node_modules/.package-lock.json');
  const remember = () => {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, `${hash}\n`);
  };
  const remembered = existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash;
  if (existsSync(installedFile) && remembered) return 'already installed';
  if (installedAsLocked(lock, installedFile)) {
    remember();
    return 'already installed';
  }
  try {
    await npm(['ci'], { cwd: root });
  } catch (first) {
    try {
      await npm(['install'], { cwd: root });
    } catch {
      throw new Stop(`The packages could not be installed. ${first.message}`);
    }
  }
  remember();
  return 'installed';
}
