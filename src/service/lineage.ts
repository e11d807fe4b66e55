/** The graph of clones around some folders: tables found there, tables that they name elsewhere, and how they hang together. */
import { isDeltaError, throwIfAborted } from '../engine/errors';
import type { CallOptions } from '../engine/objectStore';
import { uriName } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import { mapConcurrent } from '../engine/util/async';
import type { LineageEdge, LineageTable, LineageView } from '../protocol/views';
import { cloneEdges } from './cloneEdges';
import type { CloneEdge } from './cloneEdges';
import { FilePresence } from './filePresence';
import { lookAt } from './knownTable';
import type { KnownTable, TableReader } from './knownTable';
import type { CloneRecord } from './registry';
import { isoTime } from './timestamps';

const tablesInFlight = 4;

export interface LineageInput {
  readonly roots: readonly ObjectUri[];
  /** Tables found below the roots. */
  readonly tables: readonly KnownTable[];
  readonly records: readonly CloneRecord[];
}

/**
 * Builds the graph. Tables elsewhere take part when a found table was cloned from them, uses their files, or is the source of a
 * clone that we recorded; a place that holds no table any more is `unreadable` where an edge needs it, else left out.
 */
export async function buildLineage(
  reader: TableReader,
  input: LineageInput,
  options: CallOptions = {},
): Promise<LineageView> {
  const known = new Map(input.tables.map((table) => [table.root, table]));
  await addTables(reader, known, recordedNeighbours(known, input.records), options);
  let edges = withRecords(cloneEdges([...known.values()]), [...known.values()], input.records);
  for (;;) {
    const unknown = [...new Set(edges.map((edge) => edge.source))].filter(
      (root) => !known.has(root),
    );
    if (unknown.length === 0) break;
    await addTables(reader, known, unknown, options);
    edges = withRecords(cloneEdges([...known.values()]), [...known.values()], input.records);
  }
  const named = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  const found = new Set(input.tables.map((table) => table.root));
  const shown = [...known.values()].filter(
    (table) => found.has(table.root) || named.has(table.root),
  );
  return {
    scannedAt: isoTime(reader.engine.clock.now()),
    roots: input.roots,
    tables: await lineageTables(reader, shown, options),
    edges: edges.map(edgeView),
  };
}

/** Clones of found tables that we recorded elsewhere. */
function recordedNeighbours(
  known: ReadonlyMap<ObjectUri, KnownTable>,
  records: readonly CloneRecord[],
): readonly ObjectUri[] {
  return records
    .filter((record) => known.has(record.sourceRoot) && !known.has(record.cloneRoot))
    .map((record) => record.cloneRoot);
}

async function addTables(
  reader: TableReader,
  known: Map<ObjectUri, KnownTable>,
  roots: readonly ObjectUri[],
  options: CallOptions,
): Promise<void> {
  const looks = mapConcurrent(new Set(roots), tablesInFlight, (root) =>
    lookAt(reader, root, options),
  );
  for await (const table of looks) known.set(table.root, table);
}

/** What we recorded confirms an edge, or stands for one whose commit is gone: then the clone must still be the same table. */
function withRecords(
  edges: readonly CloneEdge[],
  tables: readonly KnownTable[],
  records: readonly CloneRecord[],
): readonly CloneEdge[] {
  const byRoot = new Map(tables.map((table) => [table.root, table]));
  const result = [...edges];
  for (const record of records) {
    const index = result.findIndex(
      (edge) => edge.source === record.sourceRoot && edge.target === record.cloneRoot,
    );
    const edge = result[index];
    if (edge !== undefined) {
      result[index] = { ...edge, evidence: [...edge.evidence, 'recorded-by-us'] };
    } else if (byRoot.get(record.cloneRoot)?.id === record.cloneTableId) {
      const hasDirectSource = edges.some(
        (other) => other.target === record.cloneRoot && other.evidence.includes('clone-commit'),
      );
      // A newer CLONE commit from elsewhere has taken the place of what was recorded.
      if (!hasDirectSource) result.push(recordedEdge(record));
    }
  }
  return result;
}

function recordedEdge(record: CloneRecord): CloneEdge {
  const at = Date.parse(record.createdAt);
  return {
    source: record.sourceRoot,
    target: record.cloneRoot,
    kind: record.kind,
    sourceVersion: record.sourceVersion,
    targetVersion: null,
    at: Number.isNaN(at) ? null : at,
    evidence: ['recorded-by-us'],
    shared: { files: 0, bytes: 0 },
  };
}

function edgeView(edge: CloneEdge): LineageEdge {
  return {
    source: edge.source,
    target: edge.target,
    kind: edge.kind,
    sourceVersion: edge.sourceVersion,
    targetVersion: edge.targetVersion,
    at: edge.at === null ? null : isoTime(edge.at),
    evidence: edge.evidence,
    sharedFiles: edge.shared.files,
    sharedBytes: edge.shared.bytes,
  };
}

async function lineageTables(
  reader: TableReader,
  tables: readonly KnownTable[],
  options: CallOptions,
): Promise<readonly LineageTable[]> {
  const presence = new FilePresence(reader.engine.store);
  const views: LineageTable[] = [];
  const looks = mapConcurrent(tables, tablesInFlight, async (table) => ({
    location: table.root,
    id: table.id ?? null,
    name: uriName(table.root),
    version: table.version ?? null,
    health: await healthOf(reader, table, presence, options),
  }));
  for await (const view of looks) views.push(view);
  return views;
}

/** `broken`: files that the newest version needs are gone. `unreadable`: the log or the files cannot be looked at. */
async function healthOf(
  reader: TableReader,
  table: KnownTable,
  presence: FilePresence,
  options: CallOptions,
): Promise<LineageTable['health']> {
  if (table.error !== undefined) return 'unreadable';
  try {
    const snapshot = await reader.snapshots.get(table.root, 'latest', options);
    const files = await reader.snapshots.files(snapshot, options);
    return (await presence.areAllThere(files, options)) ? 'ok' : 'broken';
  } catch (error) {
    throwIfAborted(options.signal);
    if (isDeltaError(error, 'cancelled')) throw error;
    return 'unreadable';
  }
}
