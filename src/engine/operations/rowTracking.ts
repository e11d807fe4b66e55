/** Row ids of the files that an operation adds. Source: PROTOCOL.md, Row Tracking; delta-semantics.md 2.3. */
import type { AddFile, DomainMetadata, Metadata, Protocol } from '../actions';
import { DeltaError } from '../errors';
import { numRecordsOf } from '../fileSet';
import type { Version } from '../log/logPath';
import { hasRowTracking, isRowTrackingSuspended } from '../properties';
import { protocolFeatures } from '../protocol';
import { isJsonObject, parseJson, stringifyJson, type Long } from '../util/json';

const domainName = 'delta.rowTracking';
export const rowIdColumnProperty = 'delta.rowTracking.materializedRowIdColumnName';
export const rowVersionColumnProperty = 'delta.rowTracking.materializedRowCommitVersionColumnName';

/** True where every new add needs row ids. */
export function assignsRowIds(table: {
  readonly protocol: Protocol;
  readonly metadata: Metadata;
}): boolean {
  return (
    protocolFeatures(table.protocol).has('rowTracking') &&
    !isRowTrackingSuspended(table.metadata.configuration)
  );
}

/** True where the table's rows are tracked: commits that copy no rows tell that they kept the ids. */
export function tracksRows(table: {
  readonly protocol: Protocol;
  readonly metadata: Metadata;
}): boolean {
  return assignsRowIds(table) && hasRowTracking(table.metadata.configuration);
}

/** Gives out row ids from the table's high-water mark on. */
export class RowIdAssigner {
  private next: bigint;
  private hasMoved = false;

  constructor(
    domains: ReadonlyMap<string, DomainMetadata> | undefined,
    private readonly version: Version,
  ) {
    this.next = highWaterMarkOf(domains?.get(domainName)) + 1n;
  }

  /** The add with fresh ids. Throws `unsupported-write` for a file whose statistics do not tell its rows. */
  fresh(add: AddFile): AddFile {
    const numRecords = numRecordsOf(add.stats);
    if (Number.isNaN(numRecords)) {
      throw new DeltaError(
        'unsupported-write',
        `The file ${add.path} has no row count in its statistics, and tables with row tracking need one. Write statistics for the source first (ANALYZE TABLE ... COMPUTE DELTA STATISTICS).`,
        { details: { file: add.path, feature: 'rowTracking' } },
      );
    }
    const baseRowId = asLong(this.next);
    this.next += BigInt(numRecords);
    this.hasMoved = true;
    return { ...add, baseRowId, defaultRowCommitVersion: this.version };
  }

  /** The domain to be committed after all adds; undefined where no id was given out. */
  domain(): DomainMetadata | undefined {
    if (!this.hasMoved) return undefined;
    return {
      domain: domainName,
      configuration: stringifyJson({ rowIdHighWaterMark: asLong(this.next - 1n) }),
      removed: false,
    };
  }
}

function highWaterMarkOf(domain: DomainMetadata | undefined): bigint {
  if (domain === undefined) return -1n;
  const json = parseJson(domain.configuration);
  const mark = isJsonObject(json) ? json.rowIdHighWaterMark : undefined;
  return typeof mark === 'number' || typeof mark === 'bigint' ? BigInt(mark) : -1n;
}

function asLong(value: bigint): Long {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
