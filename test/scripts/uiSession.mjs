// An editor with the packaged extension installed, on a warehouse of its own, and the bundle of test/ui that drives it.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { browserArguments, findChromium } from './chromium.mjs';
import {
  folderAddress,
  installVsix,
  makeProfile,
  provisionCodeServer,
  startCodeServer,
} from './codeServer.mjs';
import { freshWarehouse } from './hostTests.mjs';
import { cache, distTest, root } from './paths.mjs';
import { run } from './processes.mjs';

/** Bundles test/ui: each scenario file, and the programs that run them or take the README's pictures. */
export async function bundleUi() {
  const folder = join(root, 'test/ui');
  const programs = ['bench.ts', 'index.ts', 'pictures.ts', 'session.ts'];
  const names = readdirSync(folder).filter(
    (name) => name.endsWith('.ui.ts') || programs.includes(name),
  );
  rmSync(join(distTest, 'ui'), { recursive: true, force: true });
  await bundle({
    entryPoints: Object.fromEntries(
      names.map((name) => [name.replace(/\.ts$/, ''), join(folder, name)]),
    ),
    outdir: join(distTest, 'ui'),
    shared: ['session'],
  });
}

/** How long all scenarios together may take, in milliseconds. */
const patience = 10 * 60_000;

/**
 * Runs one program of dist-test/ui on a fresh editor.
 * @param options.line        `newest` or `oldest`
 * @param options.vsix        the package to install
 * @param options.folder      what the editor opens (default: a warehouse made for this run)
 * @param options.program     a name of `bundleUi`
 * @param options.screenshots folder for pictures
 * @param options.results     file for the tests' results
 * @returns the line's editor and a problem when the program failed
 */
export async function runInEditor({
  folder,
  line,
  vsix,
  program,
  screenshots,
  results = '',
  name = program,
}) {
  const server = await provisionCodeServer(line);
  const home = join(cache, `test-profiles/${name}-${line}`);
  rmSync(home, { recursive: true, force: true });
  const profile = makeProfile(home);
  folder ??= await freshWarehouse(`warehouse-${name}-${line}`);
  await installVsix(server, profile, vsix);
  const editor = await startCodeServer(server, { profile });
  const restricted = await startCodeServer(server, {
    profile: makeProfile(join(home, 'restricted'), {}, profile.extensions),
    trust: true,
  });
  mkdirSync(screenshots, { recursive: true });
  let problem;
  try {
    await run(process.execPath, [join(distTest, 'ui', `${program}.js`)], {
      title: 'The program that drives the editor',
      timeout: patience,
      env: {
        ...process.env,
        CHROMIUM: findChromium(),
        DELTA_CLONES_UI_ADDRESS: folderAddress(editor.origin, folder),
        DELTA_CLONES_UI_RESTRICTED_ADDRESS: folderAddress(restricted.origin, folder),
        DELTA_CLONES_UI_BROWSER_ARGUMENTS: JSON.stringify(browserArguments),
        DELTA_CLONES_UI_FOLDER: folder,
        DELTA_CLONES_UI_SCREENSHOTS: screenshots,
        DELTA_CLONES_TEST_RESULTS: results,
      },
    });
  } catch (error) {
    problem = error.message;
  } finally {
    await Promise.all([editor.end(), restricted.end()]);
  }
  return { server, problem };
}
