/** The contract of the command line (command-line.md): in this process, and on the bundle where it is about processes. */
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localUri } from '../../../src/storage/localPath';
import { bundleForTest, removeBundle } from '../../helpers/bundles';
import { createTestEngine } from '../../helpers/testEngine';
import { BundledCli, errorOf, InProcessCli, resultOf } from './runCli';
import { simpleMetadata, simpleProtocol, writeLogTable, writeOrders } from './warehouse';

let bundle: string;
let folder: string;
let orders: string;
/** The code of the command line in this process. */
let cli: InProcessCli;
/** What users run. */
let bundled: BundledCli;

const uri = (path: string): string => localUri(path);
const keys = (value: unknown): readonly string[] => Object.keys(value as object);

beforeAll(async () => {
  bundle = await bundleForTest('cli');
  folder = await mkdtemp(join(tmpdir(), 'delta-clones-cli-'));
  cli = new InProcessCli(join(folder, '.state'));
  bundled = new BundledCli(bundle, join(folder, '.state'));
  const engine = await createTestEngine();
  try {
    orders = await writeOrders(engine, join(folder, 'lake'));
  } finally {
    await engine.close();
  }
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await removeBundle(bundle);
});

describe('usage', () => {
  it('prints help on standard output, in general and for each verb', async () => {
    const general = await cli.run(['--help']);
    expect(general).toMatchObject({ code: 0, stderr: '' });
    expect(general.stdout).toContain('clone <source> <target>');
    const verb = await cli.run(['clone', '--help']);
    expect(verb.code).toBe(0);
    expect(verb.stdout).toContain('--if-not-exists');
  });

  it('prints its version', async () => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await bundled.run(['--version'])).toEqual({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
  });

  it.each([
    ['no verb', [], /Give a verb/],
    ['an unknown verb', ['histroy', 'x'], /did you mean "history"/],
    ['a verb of a later version', ['vacuum', 'x'], /"vacuum" is not available yet/],
    ['an unknown option', ['detail', 'x', '--nope'], /Unknown option --nope/],
    ['a version that is no number', ['detail', 'x', '--version', 'two'], /whole number/],
    [
      'a version and a time',
      ['rows', 'x', '--version', '1', '--timestamp', '2025-01-01'],
      /not both/,
    ],
    ['a time that is none', ['rows', 'x', '--timestamp', 'noon'], /is not a time/],
    ['a clone without a kind', ['clone', 'a', 'b'], /--shallow or --deep/],
    ['a clone of both kinds', ['clone', 'a', 'b', '--deep', '--shallow'], /--shallow or --deep/],
    ['a property without a value', ['clone', 'a', 'b', '--deep', '--property', 'x'], /key=value/],
    ['a restore to nowhere', ['restore', 'a'], /needs --version or --timestamp/],
  ])('exits 2 for %s', async (_what, args, message) => {
    const result = await cli.run(args);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(message);
    const asJson = await cli.run([...args, '--json']);
    expect(asJson.code).toBe(2);
    if (args.length > 0) expect(errorOf(asJson).code).toBe('invalid-argument');
  });
});

describe('detail', () => {
  it('prints every field of the contract', async () => {
    const detail = await cli.json(['detail', orders]);
    expect(keys(detail)).toEqual(
      expect.arrayContaining([
        ...['location', 'id', 'name', 'description', 'format', 'version', 'timestamp'],
        ...['createdAt', 'lastModified', 'schema', 'partitionColumns', 'clusteringColumns'],
        ...['properties', 'minReaderVersion', 'minWriterVersion', 'tableFeatures', 'numFiles'],
        ...['sizeInBytes', 'numRows', 'numDeletionVectors', 'ownedFiles', 'ownedBytes', 'support'],
      ]),
    );
    expect(detail).toMatchObject({
      location: uri(orders),
      name: 'orders table',
      description: null,
      format: 'delta',
      version: 2,
      partitionColumns: ['region'],
      clusteringColumns: [],
      properties: { 'delta.enableDeletionVectors': 'true' },
      minReaderVersion: 3,
      minWriterVersion: 7,
      tableFeatures: ['deletionVectors'],
      numFiles: 3,
      numRows: 5,
      numDeletionVectors: 1,
      ownedFiles: 3,
      support: { read: true, write: true, reasons: [] },
    });
    expect(detail.ownedBytes).toBe(detail.sizeInBytes);
    for (const name of ['timestamp', 'createdAt', 'lastModified']) {
      expect(detail[name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    expect(detail.schema).toMatchObject({ type: 'struct', fields: [{ name: 'id' }, {}, {}] });
  });

  it('reads an older version, a URI, a relative path, and the location it printed', async () => {
    expect(await cli.json(['detail', orders, '--version', '0'])).toMatchObject({
      version: 0,
      numFiles: 2,
      numRows: 4,
    });
    const relative = await cli.json(['detail', 'orders'], { cwd: join(folder, 'lake') });
    const again = await cli.json(['detail', String(relative.location)]);
    expect(again).toEqual(relative);
    expect(await cli.json(['detail', `file:${orders}`])).toEqual(relative);
  });

  it('leaves the rows null where statistics are missing, and counts them when asked', async () => {
    const table = join(folder, 'no-stats');
    await mkdir(join(table, '_delta_log'), { recursive: true });
    const [file] = await filesOf(orders);
    await writeFile(join(table, 'a.parquet'), await readFile(new URL(file?.uri ?? '')));
    await writeLogTable(table, [
      [
        simpleProtocol,
        simpleMetadata(),
        {
          add: {
            path: 'a.parquet',
            partitionValues: {},
            size: file?.size,
            modificationTime: 1,
            dataChange: true,
          },
        },
      ],
    ]);
    expect(await cli.json(['detail', table])).toMatchObject({ numFiles: 1, numRows: null });
    const counted = await cli.json(['detail', table, '--count']);
    expect(counted.numRows).toBe(file?.numRecords);
  });

  it('keeps all digits of whole numbers in the schema', async () => {
    const table = await writeLogTable(join(folder, 'identity'), [
      [
        simpleProtocol,
        simpleMetadata({
          schemaString:
            '{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{"delta.identity.highWaterMark":9007199254740993}}]}',
        }),
      ],
    ]);
    const { stdout } = await cli.run(['detail', table, '--json']);
    expect(stdout).toContain('"delta.identity.highWaterMark":9007199254740993');
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [
      'an unknown reader feature',
      {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['teleport'],
        writerFeatures: ['teleport'],
      },
      'teleport',
    ],
    [
      'a catalog-managed table',
      {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['catalogManaged'],
        writerFeatures: ['catalogManaged', 'inCommitTimestamp'],
      },
      'catalogManaged',
    ],
  ])(
    'succeeds on %s and names the feature; rows and files exit 3',
    async (_what, protocol, feature) => {
      const table = await writeLogTable(join(folder, `unsupported-${feature}`), [
        [{ commitInfo: { operation: 'CREATE TABLE' } }, { protocol }, simpleMetadata()],
      ]);
      const detail = await cli.json(['detail', table]);
      expect(detail).toMatchObject({
        numFiles: null,
        sizeInBytes: null,
        numRows: null,
        ownedFiles: null,
        support: { read: false, write: false },
      });
      expect((detail.support as { reasons: string[] }).reasons).toContain(feature);
      expect((await cli.lines(['history', table]))[0]).toMatchObject({ operation: 'CREATE TABLE' });
      for (const verb of ['rows', 'files']) {
        const refused = await cli.run([verb, table, '--json']);
        expect(refused.code).toBe(3);
        expect(errorOf(refused)).toMatchObject({ code: 'unsupported-read' });
        expect(errorOf(refused).message).toContain(feature);
      }
      if (feature === 'catalogManaged') {
        expect(await cli.json(['detail', table, '--published-only'])).toMatchObject({
          numFiles: 0,
          support: { read: true, write: false, reasons: ['catalogManaged'] },
        });
      }
    },
  );

  it.each([
    ['a folder that is no table', 'plain', 'not-a-table'],
    ['a place that does not exist', 'gone', 'not-a-table'],
    ['an empty log', 'empty', 'not-a-table'],
    ['a missing commit', 'gap', 'versions-not-contiguous'],
    ['a truncated line', 'truncated', 'invalid-log'],
  ])('exits 3 for %s', async (_what, name, code) => {
    const place = join(folder, 'bad', name);
    if (name === 'plain') await mkdir(place, { recursive: true });
    if (name === 'empty') await mkdir(join(place, '_delta_log'), { recursive: true });
    if (name === 'gap') {
      await writeLogTable(place, [[simpleProtocol, simpleMetadata()], [], []]);
      await unlink(join(place, '_delta_log', '00000000000000000001.json'));
    }
    if (name === 'truncated') {
      await writeLogTable(place, [[simpleProtocol, simpleMetadata()], ['{"add":{"path":"a']]);
    }
    const result = await cli.run(['detail', place, '--json']);
    expect(result.code).toBe(3);
    expect(errorOf(result).code).toBe(code);
    expect(errorOf(result).message).toContain(name);
  });

  it('exits 3 for a version or a time outside of the range, and names the range', async () => {
    const version = await cli.run(['detail', orders, '--version', '99', '--json']);
    expect(version.code).toBe(3);
    expect(errorOf(version)).toMatchObject({
      code: 'version-not-found',
      details: { earliest: 0, latest: 2 },
    });
    const time = await cli.run(['detail', orders, '--timestamp', '1999-01-01T00:00:00Z', '--json']);
    expect(time.code).toBe(3);
    expect(errorOf(time).code).toBe('timestamp-out-of-range');
  });

  it('takes a time without a zone for UTC and says so', async () => {
    const [newest] = await cli.lines(['history', orders, '--limit', '1']);
    const time = String(newest?.timestamp).slice(0, -1);
    const result = await bundled.run(['detail', orders, '--timestamp', time, '--json'], {
      env: { TZ: 'America/New_York' },
    });
    expect(result.code).toBe(0);
    expect(result.stderr).toContain('UTC is taken');
    expect(JSON.parse(result.stdout)).toMatchObject({ version: 2 });
  });
});

interface FileLine {
  readonly path: string;
  readonly uri: string;
  readonly size: number;
  readonly numRecords: number;
}

async function filesOf(table: string): Promise<readonly FileLine[]> {
  return (await cli.lines(['files', table])) as unknown as readonly FileLine[];
}

describe('history, files and rows', () => {
  it('prints the columns of DESCRIBE HISTORY, newest first, as many as asked', async () => {
    const all = await cli.lines(['history', orders]);
    expect(all.map((row) => row.version)).toEqual([2, 1, 0]);
    expect(keys(all[0])).toEqual(
      expect.arrayContaining([
        ...['version', 'timestamp', 'userId', 'userName', 'operation', 'operationParameters'],
        ...['job', 'notebook', 'clusterId', 'readVersion', 'isolationLevel', 'isBlindAppend'],
        ...['operationMetrics', 'userMetadata', 'engineInfo'],
      ]),
    );
    expect(all[0]).toMatchObject({
      operation: 'DELETE',
      operationParameters: { predicate: '["id = 3"]' },
    });
    expect(keys(all[0])).not.toContain('readable');
    expect(await cli.lines(['history', orders, '--limit', '2'])).toEqual(all.slice(0, 2));
    expect(await cli.lines(['history', orders, '--limit', '0'])).toEqual([]);
  });

  it('tells which versions can be read', async () => {
    const engine = await createTestEngine();
    const table = await writeOrders(engine, join(folder, 'checked'));
    await engine.close();
    const [, , third] = await filesOf(table);
    const checked = async (): Promise<unknown[]> =>
      (await cli.lines(['history', table, '--check'])).map((row) => row.readable);
    expect(await checked()).toEqual(['yes', 'yes', 'yes']);
    const added = (await filesOf(table)).find((file) => file.path.includes('no'));
    expect(third).toBeDefined();
    await unlink(new URL(added?.uri ?? ''));
    expect(await checked()).toEqual(
      added?.path.includes('north') === true
        ? ['files-missing', 'files-missing', 'files-missing']
        : ['files-missing', 'files-missing', 'yes'],
    );
  });

  it('prints the active files of a version', async () => {
    const files = await cli.lines(['files', orders]);
    expect(files).toHaveLength(3);
    for (const file of files) {
      expect(keys(file)).toEqual(
        expect.arrayContaining([
          'path',
          'uri',
          'size',
          'partitionValues',
          'numRecords',
          'deletionVector',
        ]),
      );
      expect(existsSync(new URL(String(file.uri)))).toBe(true);
    }
    const odd = files.find((file) =>
      (file.partitionValues as { region: string }).region.includes('%'),
    );
    expect(odd).toMatchObject({ numRecords: 2, deletionVector: null });
    const withVector = files.find((file) => file.deletionVector !== null);
    expect(withVector?.deletionVector).toMatchObject({ storageType: 'u', cardinality: 1 });
    expect(await cli.lines(['files', orders, '--version', '0'])).toHaveLength(2);
  });

  it('prints rows with logical names in schema order and all digits', async () => {
    const { stdout } = await bundled.run(['rows', orders, '--json']);
    const lines = stdout.trim().split('\n').sort();
    expect(lines).toEqual(
      [
        '{"id":1,"note":"first","region":"north"}',
        '{"id":9007199254740993,"note":"big","region":"north"}',
        '{"id":4,"note":"ünï","region":"south"}',
        '{"id":5,"note":"a","region":"no th:1%"}',
        '{"id":6,"note":"b","region":"no th:1%"}',
      ].sort(),
    );
    expect(await cli.lines(['rows', orders, '--limit', '2'])).toHaveLength(2);
    expect(await cli.lines(['rows', orders, '--limit', '0'])).toHaveLength(0);
    const columns = await cli.lines(['rows', orders, '--columns', 'region,id', '--limit', '1']);
    expect(keys(columns[0])).toEqual(expect.arrayContaining(['id', 'region']));
    expect(keys(columns[0])).toHaveLength(2);
    const unknown = await cli.run(['rows', orders, '--columns', 'nope', '--json']);
    expect(unknown.code).toBe(2);
    expect(errorOf(unknown).message).toContain('nope');
  });

  it('prints for people without --json', async () => {
    const history = await cli.run(['history', orders]);
    expect(history.code).toBe(0);
    expect(history.stdout).toMatch(/^VERSION +TIME +OPERATION/);
    expect(history.stdout).not.toContain('\u001b');
    const rows = await cli.run(['rows', orders]);
    expect(rows.stdout).toMatch(/^id +note +region\n/);
    expect((await cli.run(['detail', orders])).stdout).toMatch(/version +2 \(/);
    expect((await cli.run(['files', orders])).stdout).toMatch(/^PATH +SIZE/);
  });
});

describe('clone, restore, tables and lineage', () => {
  const sixMetrics = [
    'sourceTableSize',
    'sourceNumOfFiles',
    'numRemovedFiles',
    'numCopiedFiles',
    'removedFilesSize',
    'copiedFilesSize',
  ];

  it('plans without writing, then clones, shallow and deep, and finds both again', async () => {
    const lake = join(folder, 'clones');
    const engine = await createTestEngine();
    const source = await writeOrders(engine, lake, 'prod');
    await engine.close();
    const dev = join(lake, 'dev');
    const plan = await bundled.json(['clone', source, dev, '--shallow']);
    expect(plan).toMatchObject({
      kind: 'shallow-clone',
      willCommit: true,
      filesToAdd: { files: 3 },
    });
    for (const finding of plan.findings as object[]) {
      expect(keys(finding)).toEqual(
        expect.arrayContaining(['code', 'severity', 'needsAcknowledgement', 'subject', 'detail']),
      );
    }
    expect(existsSync(dev)).toBe(false);

    const outcome = await bundled.json(['clone', source, dev, '--shallow', '--execute']);
    expect(outcome).toMatchObject({ version: 0, committed: true });
    const metrics = outcome.metrics as Record<string, unknown>;
    expect(keys(metrics)).toEqual(expect.arrayContaining(sixMetrics));
    expect(Object.values(metrics).every((value) => typeof value === 'number')).toBe(true);
    expect(metrics).toMatchObject({ sourceNumOfFiles: 3, numCopiedFiles: 0, copiedFilesSize: 0 });
    expect(await bundled.lines(['rows', dev])).toHaveLength(5);

    const backup = join(lake, 'back up');
    const deep = await bundled.json([
      'clone',
      source,
      backup,
      '--deep',
      '--execute',
      '--acknowledge',
      'not-needed',
    ]);
    expect(deep.metrics).toMatchObject({ numCopiedFiles: 3 });
    expect(await bundled.lines(['rows', backup])).toHaveLength(5);
    expect(await bundled.json(['detail', dev])).toMatchObject({
      numFiles: 3,
      ownedFiles: 0,
      ownedBytes: 0,
    });
    expect(await bundled.json(['detail', backup])).toMatchObject({ numFiles: 3, ownedFiles: 3 });

    const tables = await bundled.lines(['tables', lake]);
    expect(tables).toEqual([
      expect.objectContaining({
        location: uri(backup),
        name: 'back up',
        version: 0,
        cloneOf: { location: uri(source), version: 2, kind: 'deep' },
      }),
      expect.objectContaining({
        location: uri(dev),
        name: 'dev',
        version: 0,
        cloneOf: { location: uri(source), version: 2, kind: 'shallow' },
      }),
      expect.objectContaining({ location: uri(source), name: 'prod', version: 2 }),
    ]);
    expect(keys(tables[2])).not.toContain('cloneOf');

    const lineage = await bundled.json(['lineage', lake, '--scan', folder]);
    expect(keys(lineage)).toEqual(['scannedAt', 'roots', 'tables', 'edges']);
    expect(lineage.roots).toEqual([uri(lake), uri(folder)]);
    const table = (lineage.tables as { location: string }[]).find((t) => t.location === uri(dev));
    expect(table).toMatchObject({ name: 'dev', version: 0, health: 'ok' });
    expect(keys(table)).toEqual(
      expect.arrayContaining(['location', 'id', 'name', 'version', 'health']),
    );
    const edges = (lineage.edges as { source: string; target: string }[]).filter(
      (edge) => edge.source === uri(source),
    );
    expect(edges).toEqual([
      {
        source: uri(source),
        target: uri(backup),
        kind: 'deep',
        sourceVersion: 2,
        targetVersion: 0,
        at: expect.stringMatching(/Z$/) as string,
        evidence: ['clone-commit', 'recorded-by-us'],
        sharedFiles: 0,
        sharedBytes: 0,
      },
      {
        source: uri(source),
        target: uri(dev),
        kind: 'shallow',
        sourceVersion: 2,
        targetVersion: 0,
        at: expect.stringMatching(/Z$/) as string,
        evidence: ['clone-commit', 'foreign-files', 'recorded-by-us'],
        sharedFiles: 3,
        sharedBytes: (await bundled.json(['detail', source])).sizeInBytes,
      },
    ]);
  });

  it('says in words what a plan would do, how to run it, and what became of it', async () => {
    const target = join(folder, 'in words', 'copy');
    const plan = await cli.run(['clone', orders, target, '--deep', '--property', 'note=a b']);
    expect(plan.code).toBe(0);
    expect(plan.stdout).toContain(`Deep clone: ${target}`);
    expect(plan.stdout).toContain('files to copy: 4');
    expect(plan.stdout).toMatch(/note: \(none\) -> a b/);
    const command = /To run it: delta-clones (.*)$/m.exec(plan.stderr)?.[1] ?? '';
    expect(command).toBe(`clone ${orders} '${target}' --deep --property 'note=a b' --execute`);
    const done = await cli.run(['clone', orders, target, '--deep', '--execute']);
    expect(done.stdout).toContain(`Committed: ${target} at version 0`);
    expect(done.stdout).toContain('numCopiedFiles: 3');
    const blocked = await cli.run(['clone', orders, target, '--deep']);
    expect(blocked).toMatchObject({ code: 0 });
    expect(blocked.stderr).toContain('cannot run');
    const refused = await cli.run(['clone', orders, target, '--deep', '--execute']);
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toContain('target-exists');
  });

  it('exits 4 for a target that exists, with the findings; --if-not-exists does nothing', async () => {
    const lake = join(folder, 'exists');
    const target = join(lake, 'copy');
    await cli.json(['clone', orders, target, '--deep', '--execute']);
    const plan = await cli.json(['clone', orders, target, '--deep']);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        code: 'target-exists',
        severity: 'blocker',
        needsAcknowledgement: false,
      }),
    );
    const refused = await cli.run(['clone', orders, target, '--deep', '--execute', '--json']);
    expect(refused.code).toBe(4);
    const { findings } = errorOf(refused).details as { findings: object[] };
    expect(findings).toContainEqual(expect.objectContaining({ code: 'target-exists' }));
    for (const finding of findings) {
      expect(keys(finding)).toEqual(
        expect.arrayContaining(['code', 'severity', 'needsAcknowledgement', 'subject', 'detail']),
      );
    }
    expect(
      await cli.json(['clone', orders, target, '--deep', '--execute', '--if-not-exists']),
    ).toMatchObject({
      version: 0,
      committed: false,
    });
    expect(
      await cli.json(['clone', orders, target, '--deep', '--execute', '--replace']),
    ).toMatchObject({
      version: 0,
      committed: false,
    });
    expect(
      await cli.json(['clone', orders, target, '--deep', '--execute', '--replace', '--record']),
    ).toMatchObject({ version: 1, committed: true, metrics: { numCopiedFiles: 0 } });
  });

  it('needs --acknowledge to replace a table that is not a clone', async () => {
    const engine = await createTestEngine();
    const other = await writeOrders(engine, join(folder, 'strangers'));
    await engine.close();
    const args = ['clone', orders, other, '--deep', '--replace', '--execute'];
    const refused = await cli.run([...args, '--json']);
    expect(refused.code).toBe(4);
    expect(
      (errorOf(refused).details as { findings: { code: string }[] }).findings.map((f) => f.code),
    ).toEqual(['target-is-not-a-clone']);
    expect(await cli.json([...args, '--acknowledge', 'target-is-not-a-clone'])).toMatchObject({
      committed: true,
      version: 3,
    });
  });

  it('restores, and says what the commit did', async () => {
    const engine = await createTestEngine();
    const table = await writeOrders(engine, join(folder, 'restored'));
    await engine.close();
    const plan = await cli.json(['restore', table, '--version', '0']);
    expect(plan).toMatchObject({ kind: 'restore', source: { version: 0 }, target: { version: 2 } });
    expect(await cli.lines(['history', table])).toHaveLength(3);
    const outcome = await cli.json(['restore', table, '--version', '0', '--execute']);
    expect(outcome).toMatchObject({ version: 3, committed: true, undoVersion: 2 });
    expect(keys(outcome.metrics)).toEqual(
      expect.arrayContaining([
        ...['tableSizeAfterRestore', 'numOfFilesAfterRestore', 'numRemovedFiles'],
        ...['numRestoredFiles', 'removedFilesSize', 'restoredFilesSize'],
      ]),
    );
    expect(await cli.lines(['rows', table])).toHaveLength(4);
    expect((await cli.run(['restore', table, '--version', '77', '--execute'])).code).toBe(3);
  });

  it('lists a table that cannot be read with its error, and exits 0', async () => {
    const lake = join(folder, 'mixed');
    await writeLogTable(join(lake, 'good'), [[simpleProtocol, simpleMetadata()]]);
    await writeLogTable(join(lake, 'torn'), [['{"protocol":']]);
    await mkdir(join(lake, 'hollow', '_delta_log'), { recursive: true });
    await symlink(join(lake, 'good'), join(lake, 'linked'));
    const tables = await cli.lines(['tables', lake]);
    expect(tables.map((table) => table.name)).toEqual(['good', 'hollow', 'torn']);
    expect(tables[1]).toEqual({
      location: uri(join(lake, 'hollow')),
      name: 'hollow',
      error: { code: 'not-a-table', message: expect.stringContaining('hollow') as string },
    });
    expect(tables[2]).toMatchObject({ error: { code: 'invalid-log' } });
    expect(await cli.lines(['tables', join(lake, 'good')])).toHaveLength(1);
    expect((await cli.run(['tables', join(folder, 'nowhere'), '--json'])).code).toBe(3);
    const nothing = join(folder, 'nothing here');
    await mkdir(nothing);
    expect(await cli.run(['tables', nothing, '--json'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('calls a shallow clone broken when files of its source are gone', async () => {
    const lake = join(folder, 'broken');
    const engine = await createTestEngine();
    const source = await writeOrders(engine, lake, 'prod');
    await engine.close();
    await cli.json(['clone', source, join(lake, 'dev'), '--shallow', '--execute']);
    const [file] = await filesOf(source);
    await unlink(new URL(file?.uri ?? ''));
    const { tables } = await cli.json(['lineage', lake]);
    expect((tables as { name: string; health: string }[]).map((t) => [t.name, t.health])).toEqual([
      ['dev', 'broken'],
      ['prod', 'broken'],
    ]);
  });
});

describe('the record of clones', () => {
  it('keeps every clone of several processes that clone at once', async () => {
    const state = join(folder, 'shared-state');
    const many = new BundledCli(bundle, state);
    const targets = ['a', 'b', 'c', 'd', 'e'].map((name) => join(folder, 'many', name));
    const codes = await Promise.all(
      targets.map(
        async (target) =>
          (await many.run(['clone', orders, target, '--shallow', '--execute'])).code,
      ),
    );
    expect(codes).toEqual([0, 0, 0, 0, 0]);
    expect(await readdir(state)).toEqual(['clones.json']);
    const record = JSON.parse(await readFile(join(state, 'clones.json'), 'utf8')) as {
      clones: { cloneRoot: string; sourceRoot: string; kind: string; sourceVersion: number }[];
    };
    expect(record.clones.map((clone) => clone.cloneRoot).sort()).toEqual(targets.map(uri));
    expect(record.clones[0]).toMatchObject({
      sourceRoot: uri(orders),
      kind: 'shallow',
      sourceVersion: 2,
    });
  }, 120_000);

  it('writes no clone that it cannot record, and exits 6', async () => {
    const state = join(folder, 'damaged.json');
    await writeFile(state, 'this is no record');
    const target = join(folder, 'unrecorded');
    const result = await new InProcessCli(state).run([
      'clone',
      orders,
      target,
      '--shallow',
      '--execute',
      '--json',
    ]);
    expect(result.code).toBe(6);
    expect(errorOf(result).message).toContain('damaged.json');
    expect(existsSync(join(target, '_delta_log', '00000000000000000000.json'))).toBe(false);
    expect(await readFile(state, 'utf8')).toBe('this is no record');
  });
});

describe('streams and signals', () => {
  let large: string;

  beforeAll(async () => {
    const adds = Array.from({ length: 40_000 }, (_, i) => ({
      add: {
        path: `part-${i}.parquet`,
        partitionValues: {},
        size: i,
        modificationTime: 1,
        dataChange: true,
      },
    }));
    large = await writeLogTable(join(folder, 'large'), [
      [simpleProtocol, simpleMetadata(), ...adds],
    ]);
  });

  it('streams every line, whole', async () => {
    const files = await bundled.lines(['files', large]);
    expect(files).toHaveLength(40_000);
    expect(files.at(-1)?.path).toBe('part-39999.parquet');
  });

  it.skipIf(!existsSync('/dev/full'))(
    'exits 6 when the disk behind standard output is full',
    async () => {
      const full = await open('/dev/full', 'w');
      try {
        const child = bundled.start(['files', large, '--json'], { stdout: full.fd });
        const { code, stderr } = await resultOf(child);
        expect(code).toBe(6);
        expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'no-space' } });
      } finally {
        await full.close();
      }
    },
  );

  it('ends quietly with 0 when the reader goes away', async () => {
    const child = bundled.start(['files', large, '--json']);
    const result = resultOf(child);
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, stderr } = await result;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.skipIf(process.platform === 'win32')(
    'waits for a reader that pauses, and exits 130 on an interrupt',
    async () => {
      const child = bundled.start(['files', large, '--json']);
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
      await new Promise((resolve) => child.stdout.once('readable', resolve));
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(child.exitCode).toBeNull();
      child.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.stdout.resume();
      expect(await ended).toBe(130);
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'cancelled' } });
    },
  );
});
