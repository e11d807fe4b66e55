/** DeltaService over an Engine in the same process: resolves locations, keeps snapshots, plans and streams, and makes views. */
import type { Engine } from '../engine/engine';
import { DeltaError, isDeltaError } from '../engine/errors';
import { openHistory } from '../engine/history';
import type { History } from '../engine/history';
import type { ObjectUri } from '../engine/objectUri';
import { supportOf } from '../engine/protocol';
import { countRows } from '../engine/rows/countRows';
import { readRows } from '../engine/rows/rowReader';
import type { Snapshot } from '../engine/snapshot';
import { mapConcurrent } from '../engine/util/async';
import type {
  AsOf,
  ExecuteOptions,
  FileRow,
  HistoryPage,
  HistoryQuery,
  ItemQuery,
  LineageView,
  Location,
  OperationOutcome,
  OperationSpec,
  Page,
  PlanItem,
  PlanView,
  TableDetail,
  TableEntry,
  TableOverview,
} from '../protocol/views';
import { CloneCommits } from './cloneCommit';
import { cloneEdges, cloneOfView } from './cloneEdges';
import { columnViews } from './columnsView';
import { commitRow } from './commitView';
import { CursorStore } from './cursors';
import type {
  Call,
  CursorChunk,
  CursorView,
  DeltaService,
  DetailQuery,
  FindTablesQuery,
  RowsQuery,
} from './deltaService';
import { schemaOf, tableDetail } from './detailView';
import type { KnownTotals } from './detailView';
import { engineAsOf } from './engineAsOf';
import { fileLines, filePage } from './fileView';
import { lookAt, tableEntry } from './knownTable';
import type { KnownTable, TableReader } from './knownTable';
import { buildLineage } from './lineage';
import { LruCache } from './lruCache';
import { Operations } from './operations';
import type { CloneRecord, CloneRegistry } from './registry';
import { SnapshotCache } from './snapshotCache';
import { findTableRoots } from './tableCatalog';
import { checkVersions } from './versionCheck';

const tablesInFlight = 4;

export interface LocalDeltaServiceOptions {
  readonly engine: Engine;
  readonly registry: CloneRegistry;
  /** What a person writes for a place -> its URI. Throws `invalid-argument`. */
  readonly resolveLocation: (text: string) => ObjectUri;
}

/** The implementation of {@link DeltaService}; its errors are DeltaErrors and StoreErrors. */
export class LocalDeltaService implements DeltaService {
  private readonly engine: Engine;
  private readonly registry: CloneRegistry;
  private readonly resolve: (text: string) => ObjectUri;
  private readonly reader: TableReader;
  private readonly cursors: CursorStore;
  private readonly operations: Operations;
  /** Listings of logs whose older pages may still be asked for. */
  private readonly histories = new LruCache<ObjectUri, History>(8);

  constructor(options: LocalDeltaServiceOptions) {
    this.engine = options.engine;
    this.registry = options.registry;
    this.resolve = options.resolveLocation;
    this.reader = {
      engine: options.engine,
      snapshots: new SnapshotCache(options.engine),
      cloneCommits: new CloneCommits(options.engine),
    };
    this.cursors = new CursorStore(() => options.engine.ids.uuid());
    this.operations = new Operations(options.engine, options.registry, options.resolveLocation);
  }

  async findTables(query: FindTablesQuery, call: Call = {}): Promise<readonly TableEntry[]> {
    const tables = await this.scan(query, call);
    const edges = cloneEdges(tables);
    return tables.map((table) => this.entryOf(table, edges));
  }

  async lineage(query: FindTablesQuery, call: Call = {}): Promise<LineageView> {
    const tables = await this.scan(query, call);
    return buildLineage(
      this.reader,
      {
        roots: query.roots.map((root) => this.resolve(root)),
        tables,
        records: await this.recordedClones(call),
      },
      { signal: call.signal },
    );
  }

  async overview(table: Location, call: Call = {}): Promise<TableOverview> {
    const root = this.resolve(table);
    const known = await lookAt(this.reader, root, { signal: call.signal });
    const snapshot = await this.reader.snapshots.get(root, 'latest', { signal: call.signal });
    const totals = known.files === undefined ? null : await this.totalsOf(snapshot, {}, call);
    const schema = schemaOf(snapshot);
    return {
      entry: this.entryOf(known, cloneEdges([known])),
      detail: tableDetail(snapshot, totals),
      columns: schema === undefined ? [] : columnViews(schema, snapshot.metadata.partitionColumns),
    };
  }

  async detail(table: Location, query: DetailQuery, call: Call = {}): Promise<TableDetail> {
    const snapshot = await this.open(table, query.at, call);
    const options = { publishedOnly: query.publishedOnly === true };
    const isReadable = supportOf(snapshot.protocol, options).read;
    let totals = isReadable ? await this.totalsOf(snapshot, options, call) : null;
    if (totals?.numRows === null && query.count === true) {
      const reading = { ...options, signal: call.signal };
      totals = { ...totals, numRows: await countRows(this.engine, snapshot, reading) };
    }
    return tableDetail(snapshot, totals, options);
  }

  async history(table: Location, query: HistoryQuery, call: Call = {}): Promise<HistoryPage> {
    const root = this.resolve(table);
    const { signal } = call;
    const kept = query.before === undefined ? undefined : this.histories.get(root);
    const history = kept ?? (await openHistory(this.engine, root, { signal }));
    this.histories.set(root, history);
    const commits = await history.commits({
      signal,
      limit: positive(query.limit, 'limit'),
      ...(query.before === undefined ? {} : { before: query.before }),
    });
    const rows = commits.map(commitRow);
    const oldest = rows.at(-1)?.version;
    return {
      rows: query.check === true ? await checkVersions(this.engine, root, rows, { signal }) : rows,
      latestVersion: history.latestVersion,
      isEnd: oldest === undefined || !history.hasOlder(oldest),
    };
  }

  async files(
    table: Location,
    at: AsOf,
    query: ItemQuery,
    call: Call = {},
  ): Promise<Page<FileRow>> {
    const snapshot = await this.open(table, at, call);
    const files = await this.reader.snapshots.files(snapshot, { signal: call.signal });
    return filePage(files, query.offset, positive(query.limit, 'limit'));
  }

  async openFiles(table: Location, at: AsOf, call: Call = {}): Promise<CursorView> {
    const snapshot = await this.open(table, at, call);
    const files = await this.reader.snapshots.files(snapshot, { signal: call.signal });
    const id = await this.cursors.open((signal) => fileLines(files, signal));
    return { id, version: snapshot.version };
  }

  async openRows(table: Location, query: RowsQuery, call: Call = {}): Promise<CursorView> {
    const snapshot = await this.open(table, query.at, call);
    // The set is replayed under this call, so that refusals and damage are told here and not at the first piece.
    await this.reader.snapshots.files(snapshot, { signal: call.signal });
    const { columns, limit } = query;
    const id = await this.cursors.open((signal) =>
      readRows(this.engine, snapshot, {
        signal,
        ...(columns === undefined ? {} : { columns }),
        ...(limit === undefined ? {} : { limit }),
      }),
    );
    return { id, version: snapshot.version };
  }

  readCursor(id: string, limit: number, call: Call = {}): Promise<CursorChunk> {
    return this.cursors.read(id, limit, call.signal);
  }

  closeCursor(id: string): Promise<void> {
    return this.cursors.close(id);
  }

  plan(spec: OperationSpec, call: Call = {}): Promise<PlanView> {
    return this.operations.plan(spec, call);
  }

  planItems(planId: string, query: ItemQuery, call: Call = {}): Promise<Page<PlanItem>> {
    return this.operations.items(planId, query, call);
  }

  discardPlan(planId: string): Promise<void> {
    this.operations.discard(planId);
    return Promise.resolve();
  }

  execute(planId: string, options: ExecuteOptions, call: Call = {}): Promise<OperationOutcome> {
    return this.operations.execute(planId, options, call);
  }

  /** Ends streams that are open. */
  async close(): Promise<void> {
    await this.cursors.closeAll();
  }

  private async scan(query: FindTablesQuery, call: Call): Promise<readonly KnownTable[]> {
    const { signal, onProgress } = call;
    let folders = 0;
    const roots = findTableRoots(
      this.engine.store,
      {
        roots: query.roots.map((root) => this.resolve(root)),
        skip: new Set(query.skip),
        depth: query.depth,
      },
      {
        onFolder: (folder) => {
          onProgress?.({ phase: 'scanning', done: ++folders, unit: 'folders', subject: folder });
        },
        onUnreadable: (folder, error) => {
          this.engine.log.warn(`${folder} could not be listed: ${String(error)}`);
          onProgress?.({ phase: 'scanning', done: folders, unit: 'folders', unreadable: folder });
        },
      },
      { signal },
    );
    const tables: KnownTable[] = [];
    const looks = mapConcurrent(roots, tablesInFlight, (root) =>
      lookAt(this.reader, root, { signal }),
    );
    for await (const table of looks) {
      tables.push(table);
      const found = this.entryOf(table, cloneEdges([table]));
      onProgress?.({ phase: 'scanning', done: folders, unit: 'folders', found });
    }
    return tables.sort((a, b) => (a.root < b.root ? -1 : 1));
  }

  private entryOf(table: KnownTable, edges: ReturnType<typeof cloneEdges>): TableEntry {
    const cloneOf = cloneOfView(edges, table.root);
    return { ...tableEntry(table), ...(cloneOf === undefined ? {} : { cloneOf }) };
  }

  private async recordedClones(call: Call): Promise<readonly CloneRecord[]> {
    try {
      return await this.registry.clones({ signal: call.signal });
    } catch (error) {
      if (isDeltaError(error, 'cancelled')) throw error;
      this.engine.log.warn(`The record of clones could not be read: ${String(error)}`);
      return [];
    }
  }

  private open(table: Location, at: AsOf, call: Call): Promise<Snapshot> {
    return this.reader.snapshots.get(this.resolve(table), engineAsOf(at), { signal: call.signal });
  }

  private async totalsOf(
    snapshot: Snapshot,
    options: { readonly publishedOnly?: boolean },
    call: Call,
  ): Promise<KnownTotals> {
    await this.reader.snapshots.files(snapshot, { ...options, signal: call.signal });
    return snapshot.totals({ ...options, signal: call.signal });
  }
}

function positive(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new DeltaError('invalid-argument', `The ${name} is a whole number from 1, not ${value}.`);
}
