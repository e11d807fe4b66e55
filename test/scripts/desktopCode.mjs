// An installed desktop VS Code: finding it, and opening it with the extension in a profile of its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Stop } from './console.mjs';
import { pause, startTree, which } from './processes.mjs';

/** Whether windows can be shown here. */
export function hasScreen() {
  return (
    process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
  );
}

/** The editor's own binary beside its launcher script: it stays in the foreground, so it can be ended. */
function binaryBeside(launcher) {
  const real = realpathSync(launcher);
  const candidates = {
    darwin: ['Code', 'Electron'].map((name) => join(dirname(real), '../../../MacOS', name)),
    win32: [join(dirname(real), '../Code.exe')],
    linux: [join(dirname(real), '../code'), join(dirname(real), 'code-bin')],
  }[process.platform];
  return (
    candidates?.map((file) => resolve(file)).find((file) => file !== real && existsSync(file)) ??
    launcher
  );
}

/**
 * The desktop VS Code to use: VSCODE_EXECUTABLE, else `code` on PATH or in macOS's application folders; undefined when
 * there is none. A launcher of a remote window or of Windows seen from WSL is none: it opens no folder of this machine
 * with an extension of this machine.
 */
export function findDesktopCode() {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named) {
    if (!existsSync(named))
      throw new Stop(`VSCODE_EXECUTABLE names ${named}, which does not exist.`);
    return binaryBeside(named);
  }
  const applications = ['/Applications', join(process.env.HOME ?? '/', 'Applications')].map(
    (folder) => join(folder, 'Visual Studio Code.app/Contents/Resources/app/bin/code'),
  );
  const candidates = [which('code'), ...(process.platform === 'darwin' ? applications : [])];
  const launcher = candidates.find((file) => file && existsSync(file));
  if (!launcher || /[\\/]remote-cli[\\/]/.test(launcher) || launcher.startsWith('/mnt/'))
    return undefined;
  return binaryBeside(launcher);
}

/** Arguments that keep an editor to a profile below `home`, with no questions at its start. */
export function desktopProfileArguments(home) {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return [
    `--user-data-dir=${join(home, 'user-data')}`,
    `--extensions-dir=${join(home, 'extensions')}`,
    ...[
      '--disable-workspace-trust',
      '--skip-welcome',
      '--skip-release-notes',
      '--disable-telemetry',
    ],
    ...['--disable-updates', ...(asRoot ? ['--no-sandbox'] : [])],
  ];
}

function environment(home) {
  // Inside an editor's terminal these would turn the editor into a plain Node or a client of the outer window.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_RUN_AS_NODE$)/.test(name),
  );
  // Clones of the demo do not belong into the user's own record of clones.
  return { ...Object.fromEntries(kept), DELTA_CLONES_STATE: join(home, 'delta-clones') };
}

/** The processes that run on our own profile folder: ours, even when a launcher let go of them. */
function processesOf(home) {
  if (process.platform === 'win32') return [];
  try {
    const list = execFileSync('ps', ['-axwwo', 'pid=,command='], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return list
      .split('\n')
      .filter((line) => line.includes(`--user-data-dir=${join(home, 'user-data')}`))
      .map((line) => Number.parseInt(line, 10))
      .filter((pid) => pid !== process.pid);
  } catch {
    return [];
  }
}

/**
 * Opens the editor.
 * @returns `exited` (its exit code) and `end`, which ends every process of this profile
 */
export function openDesktopCode(executable, root, folder, home) {
  mkdirSync(home, { recursive: true });
  const windowsScript = process.platform === 'win32' && /\.(cmd|bat)$/i.test(executable);
  const args = [
    `--extensionDevelopmentPath=${root}`,
    ...desktopProfileArguments(home),
    '--new-window',
    '--wait',
    folder,
  ];
  const tree = startTree(executable, args, {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: environment(home),
    shell: windowsScript,
  });
  const end = async () => {
    await tree.end();
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      for (const pid of processesOf(home)) {
        try {
          process.kill(pid, signal);
        } catch {
          // Ended in the meantime.
        }
      }
      for (let tries = 0; tries < 50 && processesOf(home).length > 0; tries += 1) await pause(100);
    }
  };
  return { exited: tree.exited, end };
}
