/** DESCRIBE DETAIL as `command-line.md` names its fields. */
import type { FileTotals } from '../engine/fileSet';
import { protocolFeatures, supportOf } from '../engine/protocol';
import type { SupportOptions } from '../engine/protocol';
import { parseSchema } from '../engine/schema';
import type { StructType } from '../engine/schema';
import type { Snapshot } from '../engine/snapshot';
import { parseJson } from '../engine/util/json';
import type { JsonObject } from '../protocol/json';
import type { SupportView, TableDetail } from '../protocol/views';
import { clusteringColumns } from './columnsView';
import { isoTime } from './timestamps';
import { toJson } from './wireErrors';

/** What is known of the files: nothing where the table cannot be read. */
export type KnownTotals = Omit<FileTotals, 'numRows'> & { readonly numRows: number | null };

/** `totals` is null where the state cannot be known; then so are all fields that come from it. */
export function tableDetail(
  snapshot: Snapshot,
  totals: KnownTotals | null,
  options: SupportOptions = {},
): TableDetail {
  const { metadata, protocol } = snapshot;
  const commit = snapshot.segment.listedCommits.at(-1);
  const isOwnCommit = commit?.version === snapshot.version;
  const schema = schemaOf(snapshot);
  return {
    location: snapshot.root,
    id: metadata.id,
    name: metadata.name ?? null,
    description: metadata.description ?? null,
    format: 'delta',
    version: snapshot.version,
    timestamp: isoTime(snapshot.timestamp),
    createdAt: metadata.createdTime === undefined ? null : isoTime(metadata.createdTime),
    lastModified: isoTime(isOwnCommit ? commit.lastModified : snapshot.timestamp),
    schema: schema === undefined ? null : (toJson(parseJson(metadata.schemaString)) as JsonObject),
    schemaString: metadata.schemaString,
    partitionColumns: metadata.partitionColumns,
    clusteringColumns:
      schema === undefined
        ? []
        : clusteringColumns(schema, snapshot.domains.get('delta.clustering')?.configuration),
    properties: metadata.configuration,
    minReaderVersion: protocol.minReaderVersion,
    minWriterVersion: protocol.minWriterVersion,
    tableFeatures: [...protocolFeatures(protocol)].sort(),
    numFiles: totals?.files ?? null,
    sizeInBytes: totals?.bytes ?? null,
    numRows: totals?.numRows ?? null,
    numDeletionVectors: totals?.vectors ?? null,
    ownedFiles: totals === null ? null : totals.files - totals.foreignFiles,
    ownedBytes: totals === null ? null : totals.bytes - totals.foreignBytes,
    support: supportView(snapshot, options),
  };
}

/** The schema, or undefined where it cannot be understood: a new type must not hide the table. */
export function schemaOf(snapshot: Snapshot): StructType | undefined {
  try {
    return parseSchema(snapshot.metadata.schemaString);
  } catch {
    return undefined;
  }
}

function supportView(snapshot: Snapshot, options: SupportOptions): SupportView {
  const support = supportOf(snapshot.protocol, options);
  const explanations = [...new Set([...support.readReasons, ...support.writeReasons])];
  return {
    read: support.read,
    write: support.write,
    reasons: [...new Set(explanations.map(featureName))],
    explanations,
  };
}

/** The bare name of the feature that a reason is about, else the reason. */
function featureName(reason: string): string {
  return /table feature (\S+)/.exec(reason)?.[1] ?? reason;
}
