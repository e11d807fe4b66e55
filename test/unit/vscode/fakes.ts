/** Values and a service for tests of the editor's pure parts. */
import type {
  CommitRow,
  TableDetail,
  TableEntry,
  TableOverview,
} from '../../../src/protocol/views';
import type { DeltaService } from '../../../src/service/deltaService';
import type { KnownTable } from '../../../src/vscode/tree/knownTables';

export function entry(path: string, more: Partial<TableEntry> = {}): TableEntry {
  return {
    location: `file://${path}`,
    name: path.slice(path.lastIndexOf('/') + 1),
    version: 0,
    numFiles: 1,
    sizeInBytes: 1024,
    ...more,
  };
}

export function cloneOf(
  path: string,
  version: number | null = 3,
  kind: 'shallow' | 'deep' | 'unknown' = 'shallow',
): Partial<TableEntry> {
  return { cloneOf: { location: `file://${path}`, version, kind } };
}

export function known(given: TableEntry, more: Partial<KnownTable> = {}): KnownTable {
  return { entry: given, isOpened: false, overview: { kind: 'unread' }, ...more };
}

export function detail(path: string, more: Partial<TableDetail> = {}): TableDetail {
  return {
    location: `file://${path}`,
    id: '11111111-2222-3333-4444-555555555555',
    name: null,
    description: null,
    format: 'parquet',
    version: 4,
    timestamp: '2026-11-20T10:00:00.000Z',
    createdAt: '2026-11-01T10:00:00.000Z',
    lastModified: '2026-11-20T10:00:00.000Z',
    schema: null,
    partitionColumns: [],
    clusteringColumns: [],
    properties: {},
    minReaderVersion: 1,
    minWriterVersion: 2,
    tableFeatures: [],
    numFiles: 12,
    sizeInBytes: 2048,
    numRows: 100,
    numDeletionVectors: 0,
    ownedFiles: 12,
    ownedBytes: 2048,
    support: { read: true, write: true, reasons: [] },
    ...more,
  };
}

export function overview(path: string, more: Partial<TableDetail> = {}): TableOverview {
  const shown = detail(path, more);
  return {
    entry: entry(path, { version: shown.version, numFiles: shown.numFiles }),
    detail: shown,
    columns: [
      { name: 'id', type: 'long', nullable: false, isPartition: false, children: [] },
      {
        name: 'address',
        type: 'struct<city: string>',
        nullable: true,
        isPartition: false,
        comment: 'where',
        children: [
          { name: 'city', type: 'string', nullable: true, isPartition: false, children: [] },
        ],
      },
      { name: 'day', type: 'date', nullable: true, isPartition: true, children: [] },
    ],
  };
}

export function commit(version: number, more: Partial<CommitRow> = {}): CommitRow {
  return {
    version,
    timestamp: '2026-11-20T10:00:00.000Z',
    userId: null,
    userName: null,
    operation: 'WRITE',
    operationParameters: { mode: 'Append' },
    job: null,
    notebook: null,
    clusterId: null,
    readVersion: null,
    isolationLevel: null,
    isBlindAppend: null,
    operationMetrics: null,
    userMetadata: null,
    engineInfo: null,
    isRestorable: true,
    ...more,
  };
}

/** An error with a code, as it comes over a port. */
export function coded(code: string, message = code): Error {
  return Object.assign(new Error(message), { name: 'RemoteError', code });
}

/** A service that answers only what a test gives it. */
export function service(methods: Partial<DeltaService>): DeltaService {
  return methods as DeltaService;
}
