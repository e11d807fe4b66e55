/**
 * Our CLONE and RESTORE commits beside those that Spark wrote of the same tables: the same actions with the same fields. What must differ
 * is named here: ids, times, the engine's name, `isShallow`, and what we add to `commitInfo`. Where a restore changes neither metadata nor
 * protocol we leave them out, Spark writes them again; a null partition value of a removed file stays null, Spark drops it.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeOperation, planOperation } from '../../src/engine/operations/operations';
import { openSnapshot } from '../../src/engine/table';
import { localUri } from '../../src/storage/localPath';
import { createTestEngine, type TestEngine } from '../helpers/testEngine';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../fixtures');

type Json = Record<string, unknown>;
type Line = Readonly<Record<string, Json>>;

let engine: TestEngine;
let folder: string;

beforeAll(async () => {
  engine = await createTestEngine();
  folder = mkdtempSync(join(tmpdir(), 'delta-clones-shapes-'));
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

function linesOf(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function of(lines: readonly Line[], kind: string): readonly Json[] {
  return lines.flatMap((line) => (line[kind] === undefined ? [] : [line[kind]]));
}

/** The order of the kinds of lines. */
function order(lines: readonly Line[]): readonly string[] {
  return [...new Set(lines.map((line) => Object.keys(line)[0] ?? ''))];
}

function without(value: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** Files by path and vector: their order in a commit means nothing. */
function files(lines: readonly Line[], kind: 'add' | 'remove'): readonly Json[] {
  const key = (file: Json): string => `${String(file.path)} ${JSON.stringify(file.deletionVector)}`;
  return [...of(lines, kind)]
    .map((file) => ({
      ...without(file, 'deletionTimestamp', 'baseRowId', 'defaultRowCommitVersion'),
      partitionValues: Object.fromEntries(
        Object.entries(file.partitionValues as Json).filter(([, value]) => value !== null),
      ),
    }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Names that every clone makes anew, and times of enablement. */
function metadataOf(lines: readonly Line[]): Json | undefined {
  const [metaData] = of(lines, 'metaData');
  if (metaData === undefined) return undefined;
  const configuration = without(
    metaData.configuration as Json,
    'delta.rowTracking.materializedRowIdColumnName',
    'delta.rowTracking.materializedRowCommitVersionColumnName',
    'delta.inCommitTimestampEnablementVersion',
    'delta.inCommitTimestampEnablementTimestamp',
  );
  return {
    ...without(metaData, 'id'),
    configuration,
    schemaString: JSON.parse(metaData.schemaString as string) as Json,
  };
}

function protocolOf(lines: readonly Line[]): Json | undefined {
  const [protocol] = of(lines, 'protocol');
  if (protocol === undefined) return undefined;
  const sorted = (names: unknown): unknown =>
    Array.isArray(names) ? (names as string[]).toSorted() : names;
  return {
    ...protocol,
    readerFeatures: sorted(protocol.readerFeatures),
    writerFeatures: sorted(protocol.writerFeatures),
  };
}

interface Shape {
  readonly name: string;
  readonly table: string;
  readonly kind: 'clone' | 'restore';
  readonly version: number | undefined;
}

const shapes = readdirSync(join(fixtures, 'shapes')).flatMap((name): readonly Shape[] => {
  const match = /^(.+)\.(clone|restore)(?:-v(\d+))?\.ndjson$/.exec(name);
  return match === null
    ? []
    : [
        {
          name,
          table: match[1] ?? '',
          kind: match[2] === 'clone' ? 'clone' : 'restore',
          version: match[3] === undefined ? undefined : Number(match[3]),
        },
      ];
});

/** The commit that we write for the same operation, with `/ROOT` for the machine's folder. */
async function ours({ name, table, kind, version }: Shape): Promise<readonly Line[]> {
  const root = join(folder, name);
  const source = join(root, 'source');
  cpSync(join(fixtures, 'tables', table), source, { recursive: true });
  const at = version === undefined ? ('latest' as const) : { version };
  const spec =
    kind === 'clone'
      ? {
          kind: 'shallow-clone' as const,
          source: localUri(source),
          target: localUri(join(root, 'made')),
          at,
        }
      : { kind: 'restore' as const, table: localUri(source), at };
  const plan = await planOperation(engine, spec);
  const codes = plan.findings
    .filter((finding) => finding.needsAcknowledgement)
    .map(({ code }) => code);
  const outcome = await executeOperation(engine, plan, { acknowledged: new Set<string>(codes) });
  const written = await openSnapshot(engine, outcome.root, 'latest');
  const commit = join(
    kind === 'clone' ? join(root, 'made') : source,
    '_delta_log',
    `${String(written.version).padStart(20, '0')}.json`,
  );
  return linesOf(readFileSync(commit, 'utf8').replaceAll(root, '/ROOT'));
}

describe('commits like those of Spark', () => {
  it('has shapes to compare', () => {
    expect(shapes.length).toBeGreaterThan(10);
  });

  it.each(shapes)('$name', async (shape) => {
    const spark = linesOf(readFileSync(join(fixtures, 'shapes', shape.name), 'utf8'));
    const made = await ours(shape);
    const [sparkInfo = {}] = of(spark, 'commitInfo');
    const [info = {}] = of(made, 'commitInfo');
    const named = [
      'timestamp',
      'inCommitTimestamp',
      'engineInfo',
      'txnId',
      'tags',
      'operationMetrics',
      'operationParameters',
    ];
    expect(info).toMatchObject(without(sparkInfo, ...named));
    expect(info.operationParameters).toMatchObject(sparkInfo.operationParameters as Json);
    expect(info.operationMetrics).toMatchObject(sparkInfo.operationMetrics as Json);
    expect('inCommitTimestamp' in info).toBe('inCommitTimestamp' in sparkInfo);
    expect(files(made, 'add')).toEqual(files(spark, 'add'));
    expect(files(made, 'remove')).toEqual(files(spark, 'remove'));
    if (shape.kind === 'clone' || of(made, 'metaData').length > 0) {
      expect(metadataOf(made)).toEqual(metadataOf(spark));
    }
    if (shape.kind === 'clone' || of(made, 'protocol').length > 0) {
      expect(protocolOf(made)).toEqual(protocolOf(spark));
    }
    expect(
      of(made, 'domainMetadata')
        .map(({ domain }) => domain)
        .sort(),
    ).toEqual(
      of(spark, 'domainMetadata')
        .map(({ domain }) => domain)
        .sort(),
    );
    const kinds = order(made);
    expect(kinds).toEqual(order(spark).filter((kind) => kinds.includes(kind)));
  });
});
