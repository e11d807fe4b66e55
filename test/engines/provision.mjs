import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const cache = path.join(here, '..', '..', '.cache', 'engines');

/** What a machine lacks that no package registry gives: said in one line, not a failure of ours. */
export class MissingTool extends Error {}

/**
 * The other engines, installed once below `.cache/engines` and remembered by the hash of what is asked for.
 * A half-made environment is never used: it is made beside and renamed.
 *
 * @param {(line: string) => void} say
 * @returns {{ python: string, java: string, jars: string, classpath: string, environment: NodeJS.ProcessEnv }}
 * @throws {MissingTool} without Python 3.10 or a JDK of 17 or 21
 */
export function provision(say) {
  const python = findPython();
  const jdk = findJdk();
  const asked = createHash('sha256').update(python.version);
  for (const name of ['requirements.txt', 'jars.ivy.xml', 'ivysettings.xml']) {
    asked.update(readFileSync(path.join(here, name)));
  }
  const hash = asked.digest('hex').slice(0, 16);
  const home = path.join(cache, hash);
  if (!existsSync(home)) {
    say('installing the other engines (about 900 MB, a minute or so)');
    install(home, python.command, jdk.command);
    removeOthers(hash);
  }
  const venvPython = inVenv(path.join(home, 'venv'));
  const jars = path.join(home, 'jars');
  const sparkJars = path.join(sitePackages(path.join(home, 'venv')), 'pyspark', 'jars');
  return {
    python: venvPython,
    java: jdk.command,
    jars,
    classpath: [jars, sparkJars].map((folder) => path.join(folder, '*')).join(path.delimiter),
    environment: {
      ...process.env,
      JAVA_HOME: jdk.home,
      PYTHONUTF8: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  };
}

function install(home, python, java) {
  mkdirSync(cache, { recursive: true });
  const making = path.join(cache, `.making-${path.basename(home)}-${process.pid}`);
  rmSync(making, { recursive: true, force: true });
  try {
    const venv = path.join(making, 'venv');
    run(python, ['-m', 'venv', venv]);
    run(inVenv(venv), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '-r',
      path.join(here, 'requirements.txt'),
    ]);
    installJars(path.join(making, 'jars'), java, venv);
    renameSync(making, home);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
}

/** Spark brings Ivy: the jars need no client of their own. */
function installJars(target, java, venv) {
  const sparkJars = path.join(sitePackages(venv), 'pyspark', 'jars');
  const ivy = readdirSync(sparkJars).find((name) => /^ivy-.*\.jar$/.test(name));
  if (ivy === undefined) throw new Error(`no Ivy among Spark's jars in ${sparkJars}`);
  const list = path.join(here, 'jars.ivy.xml');
  const ivyHome = path.join(path.dirname(target), 'ivy');
  run(java, [
    `-Divy.home=${ivyHome}`,
    ...['-jar', path.join(sparkJars, ivy), '-warn'],
    ...['-settings', path.join(here, 'ivysettings.xml'), '-ivy', list, '-types', 'jar'],
    ...['-retrieve', `${target}/[artifact]-[revision].[ext]`],
  ]);
  rmSync(ivyHome, { recursive: true, force: true });
  const asked = readFileSync(list, 'utf8').match(/<dependency /g)?.length ?? 0;
  const found = existsSync(target) ? readdirSync(target).length : 0;
  if (found !== asked) throw new Error(`${found} of ${asked} Delta jars could be fetched`);
}

function removeOthers(hash) {
  for (const name of readdirSync(cache)) {
    if (name !== hash && !name.startsWith('.')) {
      rmSync(path.join(cache, name), { recursive: true, force: true });
    }
  }
}

function findPython() {
  for (const command of ['python3', 'python']) {
    const code = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
    const found = spawnSync(command, ['-c', code], { encoding: 'utf8' });
    const [major, minor] = (found.stdout ?? '').trim().split('.').map(Number);
    if (found.status === 0 && major === 3 && minor >= 10) {
      return { command, version: `${major}.${minor}` };
    }
  }
  throw new MissingTool('Python 3.10 or newer with its venv module');
}

function findJdk() {
  const homes = [process.env.JAVA_HOME].filter((home) => home !== undefined && home !== '');
  for (const command of [...homes.map((home) => path.join(home, 'bin', 'java')), 'java']) {
    const shown = ['-XshowSettings:properties', '-version'];
    const found = spawnSync(command, shown, { encoding: 'utf8' });
    const version = Number(/java\.specification\.version = (\d+)/.exec(found.stderr ?? '')?.[1]);
    const home = /java\.home = (.*)/.exec(found.stderr ?? '')?.[1]?.trim();
    if (home === undefined || (version !== 17 && version !== 21)) continue;
    const modules = spawnSync(command, ['--list-modules'], { encoding: 'utf8' }).stdout ?? '';
    if (modules.includes('jdk.compiler')) return { command, home };
  }
  throw new MissingTool('a JDK of version 17 or 21 (`java` on the path, or JAVA_HOME)');
}

function inVenv(venv) {
  return process.platform === 'win32'
    ? path.join(venv, 'Scripts', 'python.exe')
    : path.join(venv, 'bin', 'python');
}

function sitePackages(venv) {
  if (process.platform === 'win32') return path.join(venv, 'Lib', 'site-packages');
  const lib = path.join(venv, 'lib');
  const versioned = readdirSync(lib).find((name) => name.startsWith('python3'));
  return path.join(lib, versioned ?? 'python3', 'site-packages');
}

function run(command, args) {
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.status !== 0) {
    const why = done.error?.message ?? `${done.stdout}\n${done.stderr}`.trim().slice(-2000);
    throw new Error(`${path.basename(command)} ${args.slice(0, 3).join(' ')} failed: ${why}`);
  }
}
