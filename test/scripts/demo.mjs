// `npm run demo -- [folder]`: makes the demo warehouse (default: .demo) through the extension's own writer.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { whenOutOfDate } from './build.mjs';
import { main, say, Stop } from './console.mjs';
import { installPackages } from './npm.mjs';
import { cache, distTest, root } from './paths.mjs';
import { run } from './processes.mjs';

/** Raise it when the tables that the writer makes change, so that an older warehouse is made again. */
const format = 1;

/** The tables that belong to the warehouse; whatever else lies in the folder is left alone. */
export const demoTables = [
  'loan_details_delta',
  'loan_details_delta_clone',
  'member_claims_prod',
  'member_claims_dev',
  'member_claims_backup',
];

const stampName = '.delta-clones-demo.json';

function readStamp(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, stampName), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Bundles the warehouse's writer into dist-test when it is out of date; the test scripts use it too. */
export async function buildDemoWriter() {
  const product = join(distTest, 'demo.js');
  await whenOutOfDate(
    {
      sources: ['src', 'test/helpers', 'package-lock.json'].map((name) => join(root, name)),
      product,
      stamp: join(cache, 'built-demo'),
    },
    async () => {
      const { bundle } = await import('./bundle.mjs');
      await bundle({
        entryPoints: {
          demo: join(root, 'test/helpers/demoMain.ts'),
          parquetWorker: join(root, 'src/storage/parquet/parquetWorker.ts'),
        },
        outdir: distTest,
        wasm: true,
      });
    },
  );
  return product;
}

/**
 * Makes the warehouse in `folder` unless a complete one of this format is there. A shallow clone names its source's
 * files by absolute path, so the warehouse is made in place, and again after it was moved.
 * @returns one line saying what was done
 * @throws Stop when the folder holds something that is not a warehouse of ours
 */
export async function makeDemo(folder) {
  const stamp = readStamp(folder);
  const current =
    stamp?.complete && stamp.format === format && stamp.folder === realpathSync(folder);
  if (current && demoTables.every((table) => existsSync(join(folder, table, '_delta_log'))))
    return 'already made';
  if (!stamp && existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Stop(
      `${folder} holds other files; the demo warehouse is made in an empty or a new folder.`,
    );
  }
  const writer = await buildDemoWriter();
  mkdirSync(folder, { recursive: true });
  const write = (complete) =>
    writeFileSync(
      join(folder, stampName),
      `${JSON.stringify({ format, complete, folder: realpathSync(folder) })}\n`,
    );
  write(false);
  for (const table of demoTables) rmSync(join(folder, table), { recursive: true, force: true });
  await run(process.execPath, [writer, folder], {
    quiet: true,
    title: 'Making the demo warehouse',
  });
  write(true);
  return `${demoTables.length} tables in ${folder}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  await main(async () => {
    const named = process.argv[2];
    const folder =
      named === undefined
        ? join(root, '.demo')
        : resolve(process.env.INIT_CWD ?? process.cwd(), named);
    await installPackages(root);
    say(`Demo warehouse: ${await makeDemo(folder)}`);
  });
}
