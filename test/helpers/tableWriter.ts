/**
 * Writes Delta tables with rows, for the demo warehouse and for tests: on the product's own Parquet and commit code, so that what it
 * makes is what the product writes. It appends, deletes by vector and compacts; it is no query engine.
 */
import type {
  Action,
  AddFile,
  DeletionVector,
  Metadata,
  PartitionValues,
  Protocol,
} from '../../src/engine/actions';
import type { Column, ColumnField, ColumnType } from '../../src/engine/column';
import { buildColumn } from '../../src/engine/columnBuilder';
import { vectorReference } from '../../src/engine/deletionVector';
import type { Engine } from '../../src/engine/engine';
import { encodeSegment, joinUri, type ObjectUri } from '../../src/engine/objectUri';
import { commit, metricTexts, type OperationInfo } from '../../src/engine/transaction';
import { crc32 } from '../../src/engine/util/crc32';
import { stringifyJson } from '../../src/engine/util/json';
import { writePortable } from './roaringWriter';

/** Types of cells: dates are days, timestamps microseconds, decimals unscaled bigints. */
export type CellType =
  | 'string'
  | 'long'
  | 'integer'
  | 'double'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | { readonly precision: number; readonly scale: number };

export interface FieldSpec {
  readonly name: string;
  readonly type: CellType;
  readonly comment?: string;
}

export type Row = Readonly<Record<string, string | number | bigint | boolean | null>>;

export interface TableSpec {
  readonly fields: readonly FieldSpec[];
  readonly partitionColumns: readonly string[];
  readonly configuration?: Readonly<Record<string, string>>;
  readonly protocol: Protocol;
  readonly name?: string;
  readonly description?: string;
}

/** What a commit of the writer does besides its files. */
export interface WriteInfo {
  readonly operation: string;
  readonly operationParameters: OperationInfo['operationParameters'];
  readonly metrics?: Readonly<Record<string, number>>;
  readonly isBlindAppend?: boolean;
  readonly extra?: OperationInfo['extra'];
}

export class TableWriter {
  private version = -1;

  constructor(
    private readonly engine: Engine,
    readonly root: ObjectUri,
    private readonly spec: TableSpec,
    private readonly tableId: string,
  ) {}

  get metadata(): Metadata {
    const { name, description, configuration, partitionColumns } = this.spec;
    return {
      id: this.tableId,
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      format: { provider: 'parquet', options: {} },
      schemaString: stringifyJson({ type: 'struct', fields: this.spec.fields.map(schemaField) }),
      partitionColumns,
      configuration: configuration ?? {},
      createdTime: this.engine.clock.now(),
    };
  }

  /** Commits protocol and metadata together with the first files. */
  async create(files: readonly Action[], info: WriteInfo): Promise<number> {
    const { protocol } = this.spec;
    return this.commit(
      [{ kind: 'protocol', protocol }, { kind: 'metaData', metaData: this.metadata }, ...files],
      info,
    );
  }

  /** Commits one version. Throws where another writer was first: nobody else writes these tables. */
  async commit(actions: readonly Action[], info: WriteInfo): Promise<number> {
    const result = await commit(this.engine, {
      root: this.root,
      readVersion: this.version < 0 ? 'new-table' : this.version,
      info: {
        operation: info.operation,
        operationParameters: info.operationParameters,
        isBlindAppend: info.isBlindAppend ?? false,
        isolationLevel: 'WriteSerializable',
        ...(info.metrics === undefined ? {} : { operationMetrics: metricTexts(info.metrics) }),
        ...(info.extra === undefined ? {} : { extra: info.extra }),
      },
      protocol: this.spec.protocol,
      metadata: this.metadata,
      actions,
    });
    if (result.status !== 'committed')
      throw new Error(`Version ${result.version} of ${this.root} is taken.`);
    this.version = result.version;
    return result.version;
  }

  /** Writes one data file; the rows must agree in the partition columns. */
  async writeFile(
    rows: readonly Row[],
    options: { readonly dataChange?: boolean } = {},
  ): Promise<AddFile> {
    const partitionValues = this.partitionValuesOf(rows[0] ?? {});
    const folder = Object.entries(partitionValues).map(
      ([name, value]) =>
        `${escapeHive(name)}=${value === null ? '__HIVE_DEFAULT_PARTITION__' : escapeHive(value)}`,
    );
    const name = `part-00000-${this.engine.ids.uuid()}.c000.snappy.parquet`;
    const fields = this.spec.fields.filter(
      (field) => !this.spec.partitionColumns.includes(field.name),
    );
    const columnFields = fields.map(columnField);
    const columns = fields.map((field, i) =>
      columnOf(
        columnFields[i]?.type ?? { kind: 'null' },
        rows.map((row) => row[field.name] ?? null),
      ),
    );
    const meta = await this.engine.parquet.write(
      joinUri(this.root, ...folder, name),
      columnFields,
      [{ rowCount: rows.length, fields: columnFields, columns }],
      { mode: 'create' },
    );
    return {
      path: [...folder, name].map(encodeSegment).join('/'),
      partitionValues,
      size: meta.size,
      modificationTime: this.engine.clock.now(),
      dataChange: options.dataChange ?? true,
      stats: statsOf(fields, rows),
    };
  }

  /** The same file with the rows at these positions deleted by a vector of its own; the old entry has to be removed with it. */
  async deleteRows(add: AddFile, positions: readonly number[]): Promise<AddFile> {
    const uuid = this.engine.ids.uuid();
    const data = writePortable(positions);
    const file = new Uint8Array(1 + 4 + data.length + 4);
    const view = new DataView(file.buffer);
    file[0] = 1;
    view.setInt32(1, data.length);
    file.set(data, 5);
    view.setInt32(5 + data.length, crc32(data) | 0);
    await this.engine.store.put(joinUri(this.root, `deletion_vector_${uuid}.bin`), file, {
      mode: 'create',
    });
    const deletionVector: DeletionVector = {
      storageType: 'u',
      pathOrInlineDv: vectorReference(uuid),
      offset: 1,
      sizeInBytes: data.length,
      cardinality: positions.length,
    };
    return { ...add, dataChange: true, deletionVector };
  }

  /** The remove that goes with an add. */
  remove(add: AddFile, options: { readonly dataChange?: boolean } = {}): Action {
    const { path, partitionValues, size, deletionVector } = add;
    return {
      kind: 'remove',
      remove: {
        path,
        deletionTimestamp: this.engine.clock.now(),
        dataChange: options.dataChange ?? true,
        extendedFileMetadata: true,
        partitionValues,
        size,
        ...(deletionVector === undefined ? {} : { deletionVector }),
      },
    };
  }

  private partitionValuesOf(row: Row): PartitionValues {
    return Object.fromEntries(
      this.spec.partitionColumns.map((name) => {
        const value = row[name];
        return [name, value === null || value === undefined ? null : String(value)];
      }),
    );
  }
}

/** The escaping of partition folders that all engines share. */
function escapeHive(text: string): string {
  return Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    const isEscaped = code < 0x20 || code === 0x7f || `"#%'*/:=?\\{[]^`.includes(char);
    return isEscaped ? `%${code.toString(16).toUpperCase().padStart(2, '0')}` : char;
  }).join('');
}

function schemaField({ name, type, comment }: FieldSpec): object {
  return {
    name,
    type: typeof type === 'string' ? type : `decimal(${type.precision},${type.scale})`,
    nullable: true,
    metadata: comment === undefined ? {} : { comment },
  };
}

function columnField({ name, type }: FieldSpec): ColumnField {
  return { name, type: columnType(type), nullable: true };
}

function columnType(type: CellType): ColumnType {
  if (typeof type !== 'string') return { kind: 'decimal', ...type };
  switch (type) {
    case 'string':
      return { kind: 'utf8' };
    case 'long':
      return { kind: 'int64' };
    case 'integer':
      return { kind: 'int32' };
    case 'double':
      return { kind: 'float64' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'date':
      return { kind: 'date32' };
    case 'timestamp':
      return { kind: 'timestamp', unit: 'us', utc: true };
    default:
      return type satisfies never;
  }
}

function columnOf(type: ColumnType, values: readonly Row[string][]): Column {
  if (type.kind !== 'decimal') return buildColumn(type, values);
  const bytes = new Uint8Array(values.length * 16);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    const unscaled = typeof value === 'bigint' ? value : 0n;
    view.setBigUint64(i * 16, BigInt.asUintN(64, unscaled), true);
    view.setBigInt64(i * 16 + 8, BigInt.asIntN(64, unscaled >> 64n), true);
  }
  // The validity of a column of flags is that of the values.
  const { validity } = buildColumn(
    { kind: 'boolean' },
    values.map((value) => (value === null ? null : true)),
  );
  return { type, length: values.length, validity, values: bytes };
}

/** Statistics as engines write them: row count, smallest and largest value, nulls. */
function statsOf(fields: readonly FieldSpec[], rows: readonly Row[]): string {
  const minValues: Record<string, unknown> = {};
  const maxValues: Record<string, unknown> = {};
  const nullCount: Record<string, number> = {};
  for (const { name, type } of fields) {
    const values = rows.map((row) => row[name] ?? null).filter((value) => value !== null);
    nullCount[name] = rows.length - values.length;
    if (values.length === 0 || type === 'boolean') continue;
    let min = values[0];
    let max = values[0];
    for (const value of values) {
      if (min === undefined || value < min) min = value;
      if (max === undefined || value > max) max = value;
    }
    minValues[name] = statistic(type, min);
    maxValues[name] = statistic(type, max);
  }
  return stringifyJson({ numRecords: rows.length, minValues, maxValues, nullCount });
}

function statistic(type: CellType, value: Row[string] | undefined): unknown {
  if (type === 'date') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  if (type === 'timestamp') return new Date(Number(value) / 1000).toISOString();
  if (typeof type !== 'string') return Number(value) / 10 ** type.scale;
  return value;
}
