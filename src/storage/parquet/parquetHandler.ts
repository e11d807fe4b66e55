/**
 * The ParquetHandler over a pool of workers. Stores stay on this side: a worker asks for ranges, is given bytes, and hands back
 * Arrow data that becomes columns without a copy.
 */
import { keepFields, projectedFields } from './projection';
import { batchOfIpc, fieldsOfIpc } from './arrowColumns';
import { ParquetPool } from './parquetPool';
import type { ParquetPoolOptions } from './parquetPool';
import { ParquetWriting } from './parquetWriting';
import type { InspectResult, WorkerQuestion } from './parquetMessages';
import type { ColumnBatch, ColumnField } from '../../engine/column';
import { DeltaError, throwIfAborted } from '../../engine/errors';
import type { CallOptions, ObjectMeta, ObjectStore, PutOptions } from '../../engine/objectStore';
import type { ObjectUri } from '../../engine/objectUri';
import type {
  ParquetHandler,
  ParquetMetadata,
  ReadColumnsOptions,
} from '../../engine/parquetHandler';

const keptFooters = 256;
const defaultRowGroupSize = 131_072;

export interface ParquetHandlerOptions extends ParquetPoolOptions {
  readonly store: ObjectStore;
  /** Written into files as `created_by`, in Parquet's form `name version x (build y)`. */
  readonly createdBy?: string;
}

/** A ParquetHandler whose worker threads can be ended. Idle workers do not keep the process alive. */
export interface ClosableParquetHandler extends ParquetHandler {
  close(): Promise<void>;
}

/** The handler for a store; its workers are started when they are first needed. */
export function createParquetHandler(options: ParquetHandlerOptions): ClosableParquetHandler {
  return new PooledParquetHandler(options);
}

type FileToRead = Pick<ObjectMeta, 'uri' | 'size'>;

class PooledParquetHandler implements ClosableParquetHandler {
  private readonly pool: ParquetPool;
  private readonly store: ObjectStore;
  private readonly createdBy: string;
  /** Least recently used first. Only of files whose time is known: others may change unseen. */
  private readonly footers = new Map<string, ParquetMetadata>();
  private calls = 0;

  constructor(options: ParquetHandlerOptions) {
    this.pool = new ParquetPool(options);
    this.store = options.store;
    this.createdBy = options.createdBy ?? 'Delta-Clones version 0 (build parquet-wasm)';
  }

  async metadata(file: FileToRead, options: CallOptions = {}): Promise<ParquetMetadata> {
    return this.footer(file, this.keyOf(file), options.signal);
  }

  async *readColumns(
    file: FileToRead,
    options: ReadColumnsOptions = {},
  ): AsyncGenerator<ColumnBatch, void, undefined> {
    const { signal, columns, limit, offset } = options;
    const key = this.keyOf(file);
    const metadata = await this.footer(file, key, signal);
    const chosen =
      columns === undefined ? undefined : projectedFields(metadata.fields, columns, file.uri);
    const names =
      chosen === undefined
        ? undefined
        : new Set([...chosen].flatMap((index) => metadata.fields[index]?.name ?? []));
    const groups = options.rowGroups ?? metadata.rowGroups.map((_, index) => index);

    const readGroup = async (rowGroup: number): Promise<ColumnBatch> => {
      const group = metadata.rowGroups[rowGroup];
      if (group === undefined) {
        throw new DeltaError('invalid-argument', `${file.uri} has no row group ${rowGroup}.`);
      }
      if (columns?.length === 0) {
        const left = Math.max(0, group.rowCount - (offset ?? 0));
        return { rowCount: Math.min(left, limit ?? left), fields: [], columns: [] };
      }
      const { ipc } = await this.pool.run(
        {
          kind: 'read',
          file: { key, size: file.size },
          columns,
          rowGroup,
          rowCount: group.rowCount,
          limit,
          offset,
        },
        {
          signal,
          subject: file.uri,
          repeatable: true,
          answer: (question) => this.bytes(file, question, signal),
        },
      );
      const batch = batchOfIpc(ipc);
      return names === undefined ? batch : keepFields(batch, names);
    };

    // The next row group is decoded while the caller works on the one it has; a preview wants no more than it asked for.
    let ahead: Promise<ColumnBatch> | undefined;
    for (const [at, rowGroup] of groups.entries()) {
      throwIfAborted(signal);
      const batch = await (ahead ?? readGroup(rowGroup));
      const next = groups[at + 1];
      ahead = next === undefined || limit !== undefined ? undefined : readGroup(next);
      ahead?.catch(() => undefined); // it is thrown in its turn
      yield batch;
    }
  }

  async write(
    uri: ObjectUri,
    fields: readonly ColumnField[],
    batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
    options: PutOptions & {
      readonly keyValues?: ReadonlyMap<string, string>;
      readonly rowGroupSize?: number;
    },
  ): Promise<ObjectMeta & { readonly rowCount: number }> {
    const { mode, signal } = options;
    const writing = new ParquetWriting(this.pool, fields, batches, {
      subject: uri,
      rowGroupSize: options.rowGroupSize ?? defaultRowGroupSize,
      createdBy: this.createdBy,
      keyValues: options.keyValues ?? new Map<string, string>(),
      signal,
    });
    const meta = await this.store.put(uri, writing.bytes(), { mode, signal });
    return { ...meta, rowCount: writing.rowCount };
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async footer(
    file: FileToRead,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<ParquetMetadata> {
    throwIfAborted(signal);
    const known = this.footers.get(key);
    if (known !== undefined) {
      this.footers.delete(key);
      this.footers.set(key, known);
      return known;
    }
    const result = await this.pool.run(
      { kind: 'inspect', file: { key, size: file.size } },
      {
        signal,
        subject: file.uri,
        repeatable: true,
        answer: (question) => this.bytes(file, question, signal),
      },
    );
    const metadata = metadataOf(result);
    if (timeOf(file) !== undefined) {
      this.footers.set(key, metadata);
      for (const oldest of this.footers.keys()) {
        if (this.footers.size <= keptFooters) break;
        this.footers.delete(oldest);
      }
    }
    return metadata;
  }

  private async bytes(
    file: FileToRead,
    question: WorkerQuestion,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    if (question.kind !== 'bytes') throw new DeltaError('internal', 'A read asked for a batch.');
    const { start, end } = question;
    const bytes = await this.store.read(file.uri, { signal, range: { start, end } });
    if (bytes.byteLength !== end - start) {
      throw new DeltaError(
        'corrupt-file',
        `${file.uri} is shorter than it should be: it ends at ${start + bytes.byteLength} of ${file.size} bytes.`,
        { details: { file: file.uri } },
      );
    }
    return bytes;
  }

  /** Equal for equal content only: without a time, every call opens the file anew. */
  private keyOf(file: FileToRead): string {
    const time = timeOf(file);
    return `${time === undefined ? `call ${++this.calls}` : `at ${time}`}, ${file.size} bytes, ${file.uri}`;
  }
}

function timeOf(file: FileToRead & Partial<ObjectMeta>): string | undefined {
  return file.etag ?? file.lastModified?.toString();
}

function metadataOf(result: InspectResult): ParquetMetadata {
  return {
    rowCount: result.rowCount,
    rowGroups: result.rowGroups,
    fields: fieldsOfIpc(result.schema),
    keyValues: result.keyValues,
  };
}
