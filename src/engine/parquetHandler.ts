/** What the engine asks of a Parquet implementation. Its library's types never cross this interface. */
import type { ColumnBatch, ColumnField } from './column';
import type { CallOptions, ObjectMeta, PutOptions } from './objectStore';
import type { ObjectUri } from './objectUri';

export interface RowGroupMetadata {
  readonly rowCount: number;
  /** Bytes of the row group's column chunks as stored. */
  readonly compressedSize: number;
}

export interface ParquetMetadata {
  readonly rowCount: number;
  readonly rowGroups: readonly RowGroupMetadata[];
  /** The schema as it will be handed over by {@link ParquetHandler.readColumns}. */
  readonly fields: readonly ColumnField[];
  readonly keyValues: ReadonlyMap<string, string>;
}

export interface ReadColumnsOptions extends CallOptions {
  /**
   * Dotted prefixes of leaf paths (`add.path`, `add`); all when absent. Each must exist in the file: look at the metadata
   * first. A top-level name that holds a dot selects the whole column of that exact name.
   */
  readonly columns?: readonly string[];
  /** Indices in file order; all when absent. */
  readonly rowGroups?: readonly number[];
  /** At most this many rows of each chosen row group, after `offset` rows of it. */
  readonly limit?: number;
  readonly offset?: number;
}

export interface ParquetHandler {
  /** The footer. Throws `corrupt-file` where it cannot be decoded, StoreErrors as they come. */
  metadata(file: Pick<ObjectMeta, 'uri' | 'size'>, options?: CallOptions): Promise<ParquetMetadata>;
  /**
   * One batch for each row group asked for, in file order; the rows of all columns are aligned. A row group is decoded when
   * the batch before it was taken. A decoder that panics or hangs ends in `corrupt-file` or `engine-crashed`, never in silence.
   */
  readColumns(
    file: Pick<ObjectMeta, 'uri' | 'size'>,
    options?: ReadColumnsOptions,
  ): AsyncIterable<ColumnBatch>;
  /**
   * Writes one file, snappy-compressed, with row groups of at most `rowGroupSize` rows (default 131,072), memory bounded by a
   * few batches, and reads back the footer's row count before the object becomes visible. Maps are written as
   * `key_value{key,value}`, lists as `list.element`.
   */
  write(
    uri: ObjectUri,
    fields: readonly ColumnField[],
    batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
    options: PutOptions & {
      readonly keyValues?: ReadonlyMap<string, string>;
      readonly rowGroupSize?: number;
    },
  ): Promise<ObjectMeta & { readonly rowCount: number }>;
}
