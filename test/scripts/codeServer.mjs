// VS Code in the browser: code-server and a Node that suits it, both from npm, provisioned below .cache/vscode-web.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { say, seconds, Stop } from './console.mjs';
import { npm } from './npm.mjs';
import { cache } from './paths.mjs';
import { freePort, guard, pause, processAlive, run, startTree } from './processes.mjs';

/**
 * The two editors the extension is tested in. `rebuild` names the native modules compiled on the machine:
 * the older line does not start without argon2, the newer one only loses extension log files without spdlog.
 */
export const lines = {
  newest: {
    codeServer: '4.139.1',
    node: '24',
    rebuild: [
      { package: '@vscode/spdlog', in: 'node_modules/code-server/lib/vscode', required: false },
    ],
    // Without it a new server ignores the tests named in the page's address.
    testArguments: ['--vscode-option', 'enable-smoke-test-driver'],
  },
  oldest: {
    codeServer: '4.100.3',
    node: '20',
    rebuild: [{ package: 'argon2', in: '.', required: true }],
    testArguments: [],
  },
};

const home = join(cache, 'vscode-web');

const unfinished = '.building-';

/** Removes what installs left behind whose process was killed. */
function removeAbandoned() {
  for (const entry of readdirSync(home)) {
    const pid = entry.startsWith(unfinished) && Number.parseInt(entry.slice(unfinished.length), 10);
    if (pid && !processAlive(pid)) rmSync(join(home, entry), { recursive: true, force: true });
  }
}

/**
 * Makes `<home>/<name>` complete or not at all: `fill` works in a folder beside it that is renamed at the end, so
 * that an install that was killed is done again.
 */
async function provision(name, fill) {
  const target = join(home, name);
  if (existsSync(target)) return target;
  mkdirSync(home, { recursive: true });
  removeAbandoned();
  const building = mkdtempSync(join(home, `${unfinished}${process.pid}-`));
  try {
    writeFileSync(join(building, 'package.json'), '{ "private": true }\n');
    await fill(building);
    try {
      renameSync(building, target);
    } catch (error) {
      // Another run finished first; its result is as good.
      if (!existsSync(target)) throw error;
    }
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return target;
}

const platformPackage = `node-${process.platform}-${process.arch}`;

/** The binary and the folder with its headers of the npm package `node` in `folder`. */
function nodeIn(folder) {
  const packages = [
    join(folder, 'node_modules/node/node_modules', platformPackage),
    join(folder, 'node_modules', platformPackage),
  ];
  const headers = packages.find((path) => existsSync(join(path, 'include/node/node_version.h')));
  return { binary: join(folder, 'node_modules/node/bin/node'), headers };
}

async function provisionNode(major) {
  const folder = await provision(`node-${major}`, async (building) => {
    const since = Date.now();
    await npm(['install', `node@${major}`], { cwd: building, title: `Installing Node ${major}` });
    await run(nodeIn(building).binary, ['--version'], { quiet: true, title: `Node ${major}` });
    say(`      Node ${major} from npm (${seconds(since)})`);
  });
  return nodeIn(folder);
}

/** A Node of the major that a line needs. The running one serves where nothing must be compiled for it. */
async function nodeFor(line) {
  const running = process.versions.node.split('.')[0];
  const mustCompile = line.rebuild.some((module) => module.required);
  if (running === line.node && !mustCompile) {
    const beside = join(dirname(process.execPath), '..');
    const header = join(beside, 'include/node/node_version.h');
    const same =
      existsSync(header) &&
      readFileSync(header, 'utf8').includes(`#define NODE_MAJOR_VERSION ${line.node}\n`);
    return { binary: process.execPath, headers: same ? beside : undefined };
  }
  return provisionNode(line.node);
}

async function rebuild(module, folder, node) {
  if (!node.headers && !module.required) return;
  try {
    await npm(['rebuild', module.package], {
      cwd: join(folder, module.in),
      node: node.binary,
      title: `Compiling ${module.package}`,
      // A machine may name its own Node's headers for all builds; these modules run on another Node.
      env: { npm_config_nodedir: node.headers ?? '' },
    });
  } catch (error) {
    if (!module.required) {
      say(
        `      ${module.package} was not compiled: extension log files will be missing, the rest works`,
      );
      return;
    }
    throw new Stop(
      `${error.message}\nThe oldest editor needs ${module.package} compiled: install a C++ compiler, make and python3 (Debian: apt-get install build-essential python3).`,
    );
  }
}

/** Whether a line's server is there, so that it starts in seconds. */
export function isProvisioned(name) {
  return existsSync(join(home, serverFolder(lines[name])));
}

function serverFolder(line) {
  return `code-server-${line.codeServer}`;
}

/**
 * Installs what a line needs unless it is there.
 * @param name `newest` or `oldest`
 * @returns the Node binary and code-server's entry file
 */
export async function provisionCodeServer(name = 'newest') {
  const line = lines[name];
  if (!line)
    throw new Stop(`There is no editor line '${name}': use ${Object.keys(lines).join(' or ')}.`);
  if (process.platform === 'win32') {
    throw new Stop(
      'The editor in the browser does not run on Windows: use desktop VS Code, or run this command in WSL.',
    );
  }
  const node = await nodeFor(line);
  const folder = await provision(serverFolder(line), async (building) => {
    const since = Date.now();
    const server = join(building, 'node_modules/code-server');
    // Its install scripts compile modules we can do without, and one of them downloads from elsewhere than npm.
    await npm(['install', '--ignore-scripts', `code-server@${line.codeServer}`], {
      cwd: building,
      node: node.binary,
      title: `Installing code-server ${line.codeServer}`,
    });
    await npm(['install', '--ignore-scripts', '--omit=dev'], {
      cwd: join(server, 'lib/vscode'),
      node: node.binary,
      title: 'Installing the editor in code-server',
    });
    for (const module of line.rebuild) await rebuild(module, building, node);
    await run(
      node.binary,
      [join(server, 'out/node/entry.js'), '--version', '--config', join(building, 'config.yaml')],
      {
        quiet: true,
        title: `code-server ${line.codeServer}`,
        env: serverEnvironment(node.binary),
      },
    );
    say(`      code-server ${line.codeServer} from npm (${seconds(since)})`);
  });
  return {
    ...line,
    name,
    nodeMajor: line.node,
    node: node.binary,
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

/**
 * The environment of a server: without what an editor around this terminal, or a code-server configured elsewhere,
 * left in ours, which would send the folder to that editor or move the port.
 */
function serverEnvironment(node) {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(VSCODE_|CODE_SERVER_|PASSWORD$|HASHED_PASSWORD$|PORT$|ELECTRON_RUN_AS_NODE$|LOG_LEVEL$)/.test(
        name,
      ),
  );
  return { ...Object.fromEntries(kept), PATH: `${dirname(node)}:${process.env.PATH ?? ''}` };
}

/** Settings that keep a fresh profile quiet. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/**
 * Makes a profile folder: settings (kept when they are there), user data, and extensions unless another profile's are shared.
 * @returns the paths, all below `folder`
 */
export function makeProfile(folder, settings = {}, extensions = join(folder, 'extensions')) {
  const profile = {
    config: join(folder, 'config.yaml'),
    userData: join(folder, 'user-data'),
    extensions,
  };
  mkdirSync(join(profile.userData, 'User'), { recursive: true });
  mkdirSync(profile.extensions, { recursive: true });
  const file = join(profile.userData, 'User/settings.json');
  if (!existsSync(file)) {
    writeFileSync(file, `${JSON.stringify({ ...quietSettings, ...settings }, null, 2)}\n`);
  }
  return profile;
}

function profileArguments(profile) {
  return [
    ...['--config', profile.config],
    ...['--user-data-dir', profile.userData],
    ...['--extensions-dir', profile.extensions],
  ];
}

/** Installs a `.vsix` into a profile, as a user would. */
export async function installVsix(server, profile, vsix) {
  await run(
    server.node,
    [server.entry, ...profileArguments(profile), '--install-extension', vsix],
    {
      quiet: true,
      title: 'Installing the .vsix',
      env: serverEnvironment(server.node),
    },
  );
}

/** The address that opens `folder` in a server. */
export function folderAddress(origin, folder) {
  return `${origin}/?folder=${encodeURI(folder).replaceAll('#', '%23').replaceAll('?', '%3F').replaceAll('&', '%26')}`;
}

/**
 * Starts a server on 127.0.0.1 and waits until it answers.
 * @param server  what `provisionCodeServer` returned
 * @param options.profile  what `makeProfile` returned
 * @param options.port     the first port to try (default: any)
 * @param options.trust    ask for workspace trust as an installed editor does (default: trust everything)
 * @param options.env      more variables for the extension host
 * @param options.log      where the server's output goes: a `stdio` value (default: kept, shown when it fails)
 */
export async function startCodeServer(
  server,
  { profile, port: wanted = 0, trust = false, env = {}, arguments: more = [] },
) {
  const port = await freePort(wanted);
  const output = [];
  const tree = startTree(
    server.node,
    [
      server.entry,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(trust ? [] : ['--disable-workspace-trust']),
      ...profileArguments(profile),
      ...more,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...serverEnvironment(server.node),
        // Clones of a demo or a test do not belong into the user's own record of clones.
        DELTA_CLONES_STATE: join(profile.userData, 'delta-clones'),
        ...env,
      },
    },
  );
  guard(tree);
  for (const stream of [tree.child.stdout, tree.child.stderr]) {
    stream.on('data', (chunk) => {
      output.push(chunk);
      if (output.length > 2000) output.shift();
    });
  }
  let ended;
  tree.exited.then(
    (code) => (ended = `ended with exit code ${code}`),
    (error) => (ended = error.message),
  );
  const log = () => Buffer.concat(output).toString('utf8');
  const origin = `http://127.0.0.1:${port}`;
  const patience = Date.now() + 60_000;
  for (;;) {
    if (ended || Date.now() > patience) {
      await tree.end();
      throw new Stop(
        `The editor's server ${ended ?? 'did not answer within a minute'}.\n${log().slice(-3000)}`,
      );
    }
    try {
      if ((await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(2000) })).ok) break;
    } catch {
      // Not listening yet.
    }
    await pause(100);
  }
  return { ...tree, origin, port, log };
}
