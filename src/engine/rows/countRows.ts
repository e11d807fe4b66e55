/** Row counts that the log's statistics do not tell, from the footers of the data files. */
import type { Engine } from '../engine';
import type { CallOptions } from '../objectStore';
import type { Snapshot } from '../snapshot';
import { mapConcurrent } from '../util/async';
import { dataFileEntries, readFooter, type DataFileEntry, type TableVersion } from './dataFile';

const footersInFlight = 16;

/** Rows that the table shows: physical rows less the cardinalities of the deletion vectors. */
export async function countRows(
  engine: Engine,
  snapshot: Snapshot,
  options: CallOptions = {},
): Promise<number> {
  let deleted = 0;
  for (const { vector } of dataFileEntries(await snapshot.files(options))) {
    deleted += vector?.cardinality ?? 0;
  }
  return (await countPhysicalRows(engine, snapshot, options)) - deleted;
}

/** Rows in the active files, deleted ones too. Only files whose statistics do not tell it are opened. */
export async function countPhysicalRows(
  engine: Engine,
  snapshot: Snapshot,
  options: CallOptions = {},
): Promise<number> {
  let rows = 0;
  const counted = mapConcurrent(
    dataFileEntries(await snapshot.files(options)),
    footersInFlight,
    (entry) => physicalRows(engine, snapshot, entry, options),
  );
  for await (const count of counted) rows += count;
  return rows;
}

async function physicalRows(
  engine: Engine,
  table: TableVersion,
  entry: DataFileEntry,
  options: CallOptions,
): Promise<number> {
  if (!Number.isNaN(entry.numRecords)) return entry.numRecords;
  return (await readFooter(engine, table, entry, options)).metadata.rowCount;
}
