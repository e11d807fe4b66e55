// `npm start`: install, build, make the demo warehouse, open VS Code on it. Node builtins only: on a fresh clone
// nothing is installed when this file begins to run.
//
//   npm start -- [--web] [--port 8443] [--folder <folder of tables>] [--no-open]
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buildExtension } from './build.mjs';
import {
  folderAddress,
  isProvisioned,
  makeProfile,
  provisionCodeServer,
  startCodeServer,
} from './codeServer.mjs';
import { flag, main, option, say, seconds, steps, Stop } from './console.mjs';
import { makeDemo } from './demo.mjs';
import { findDesktopCode, hasScreen, openDesktopCode } from './desktopCode.mjs';
import { installPackages } from './npm.mjs';
import { cache, root } from './paths.mjs';
import { endAll, freePort, onInterrupt, which } from './processes.mjs';

/** Makes the extension of this repository the only one in a profile, by a link, so that a build is all it takes. */
function linkExtension(folder) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (lstatSync(path).isSymbolicLink()) rmSync(path);
  }
  rmSync(join(folder, 'extensions.json'), { force: true });
  symlinkSync(root, join(folder, `${publisher}.${name}-${version}`), 'dir');
}

/** Shows an address in the person's browser, where there is one; a failure costs nothing, the address is printed. */
function openInBrowser(address) {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : [which('xdg-open') ?? which('sensible-browser'), address];
  if (!command || !hasScreen()) return false;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
  return true;
}

async function openWeb(folder, port) {
  const server = await provisionCodeServer('newest');
  // One profile a port: two starts at once do not share a profile's locked storage.
  const chosen = await freePort(port);
  const profile = makeProfile(join(cache, `vscode-web/profile-${chosen}`));
  linkExtension(profile.extensions);
  const editor = await startCodeServer(server, { profile, port: chosen });
  return { ...editor, address: folderAddress(editor.origin, folder) };
}

/** Prepares the person for the one long wait. */
function firstTime() {
  return isProvisioned('newest') ? '' : ' (fetched from npm the first time: a minute or two)';
}

function readPort() {
  const text = option('--port') ?? '8443';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Stop(`--port ${text} is not a port number.`);
  return port;
}

/** The folder to open, made if it is the demo warehouse. */
async function prepareFolder(step) {
  const named = option('--folder');
  if (named === undefined) {
    const demo = join(root, '.demo');
    await step('Demo warehouse', () => makeDemo(demo));
    return demo;
  }
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), named);
  if (!existsSync(folder)) throw new Stop(`--folder ${named}: there is no such folder.`);
  return folder;
}

await main(async () => {
  const since = Date.now();
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Stop(`Node.js 20, 22 or 24 is needed; this is ${process.version}.`);
  }
  const port = readPort();
  let stop = endAll;
  let closing = false;
  onInterrupt(async (signal) => {
    closing = true;
    say();
    say('Closing the editor ...');
    await stop();
    say('Closed.');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });

  say('Delta Clones');
  const step = steps(option('--folder') === undefined ? 4 : 3);
  await step('Packages', () => installPackages(root));
  await step('Build', () => buildExtension(root));
  const folder = await prepareFolder(step);
  const desktop = flag('--web') || !hasScreen() ? undefined : findDesktopCode();

  if (desktop) {
    await step('VS Code', () => {
      const editor = openDesktopCode(desktop, root, folder, join(cache, 'vscode-desktop'));
      stop = async () => {
        await editor.end();
        await endAll();
      };
      editor.exited.then(
        (code) => {
          if (closing) return;
          if (code === 0) return say('The editor was closed.');
          say(
            `The editor ended with exit code ${code}; "npm start -- --web" opens it in the browser instead.`,
          );
          process.exitCode = 1;
        },
        (error) => {
          say(`${desktop} could not be started (${error.message}); try "npm start -- --web".`);
          process.exitCode = 1;
        },
      );
      return `opening ${desktop}`;
    });
    say();
    say('Choose "Delta Clones" in the activity bar at the left. Ctrl-C closes the editor.');
    return;
  }

  let editor;
  await step(`VS Code in the browser${firstTime()}`, async () => {
    editor = await openWeb(folder, port);
    return 'running';
  });
  const shown = !flag('--no-open') && openInBrowser(editor.address);
  say();
  say(
    `VS Code with Delta Clones on ${relative(root, folder) || '.'} is ready after ${seconds(since)}:`,
  );
  say();
  say(`    ${editor.address}`);
  say();
  say(
    `${shown ? 'It opens in your browser' : 'Open this address in a browser'}; then choose "Delta Clones" in the activity bar at the left.`,
  );
  say('Ctrl-C ends it.');
  const code = await editor.exited;
  if (closing) return;
  say(`The editor's server ended with exit code ${code}.\n${editor.log().slice(-2000)}`);
  process.exitCode = 1;
});
