/**
 * Keeps {@link KnownTables} true: scans folders in the background, reads overviews when they are asked for, and looks at one table
 * again when its log changed. One scan at a time; a newer one ends the older.
 */
import type { Location, TableEntry, TableOverview, WireError } from '../../protocol/views';
import type { DeltaService, FindTablesQuery } from '../../service/deltaService';
import { baseName, placeKey } from '../locations';
import { isCancelled, toWireError } from '../messages';
import type { KnownTables } from './knownTables';

export type ScanState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'scanning'; readonly found: number; readonly folders: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: WireError };

export interface TableScannerOptions {
  readonly service: DeltaService;
  readonly tables: KnownTables;
  /** Where to look and how, read anew at each scan. */
  readonly query: () => FindTablesQuery;
  readonly onState: (state: ScanState) => void;
  readonly onError: (what: string, error: WireError) => void;
  /** A scan passed over a folder that it could not list. */
  readonly onUnreadable: (folder: Location) => void;
  /** A table was read again and may have a newer version. */
  readonly onRefreshed: (location: Location) => void;
}

/** Codes that say that there is no table any more. */
const goneCodes = new Set(['not-a-table', 'not-found']);

export class TableScanner {
  private scan: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;
  private readonly overviews = new Map<string, Promise<TableOverview>>();
  private hasStarted = false;
  /** The scan whose finds count, also after its end. */
  private latest: AbortController | undefined;

  constructor(private readonly options: TableScannerOptions) {}

  /** A scan was asked for at some time: tables that appear since are of interest. */
  get hasScanned(): boolean {
    return this.hasStarted;
  }

  get isScanning(): boolean {
    return this.scan !== undefined;
  }

  /** The first scan, once; the running one while it runs. */
  ensureStarted(): Promise<void> {
    if (this.hasStarted) return this.scan?.done ?? Promise.resolve();
    return this.rescan();
  }

  /** Scans again when a scan was ever asked for. */
  async rescanIfStarted(): Promise<void> {
    if (this.hasStarted) await this.rescan();
  }

  /** Starts a scan and resolves at its end, however it ends: the outcome is the state. */
  rescan(): Promise<void> {
    this.hasStarted = true;
    this.scan?.controller.abort();
    const controller = new AbortController();
    this.latest = controller;
    const done = this.run(controller).finally(() => {
      if (this.scan?.controller === controller) this.scan = undefined;
    });
    this.scan = { controller, done };
    return done;
  }

  /** Ends a running scan; what it found so far stays. */
  cancel(): void {
    this.scan?.controller.abort();
  }

  /**
   * The overview of a table, read once for all that ask at the same time; a table that is not in the list does not join it.
   * Rejects with the service's error.
   */
  overview(location: Location): Promise<TableOverview> {
    const known = this.options.tables.get(location);
    if (known === undefined) return this.options.service.overview(location);
    if (known.overview.kind === 'read') return Promise.resolve(known.overview.overview);
    return this.readOverview(location);
  }

  /** Reads one table again. One that is gone leaves the list, one that cannot be read says why. */
  async refreshTable(location: Location): Promise<void> {
    const place = this.options.tables.get(location)?.entry.location ?? location;
    try {
      // A read that is under way may have begun before the change.
      await this.overviews.get(placeKey(place))?.catch(() => undefined);
      await this.readOverview(place);
    } catch {
      // The list shows the error already.
    }
    this.options.onRefreshed(place);
  }

  /** Adds a table by hand. Rejects, and adds nothing, where there is no table. */
  async open(path: string): Promise<TableEntry> {
    const { tables, service } = this.options;
    const known = tables.get(path);
    let entry: TableEntry;
    try {
      const overview = await service.overview(known?.entry.location ?? path);
      tables.setOverview(overview);
      entry = overview.entry;
    } catch (error) {
      const wire = toWireError(error);
      if (wire.code === 'cancelled' || goneCodes.has(wire.code)) throw error;
      entry = known?.entry ?? { location: path, name: baseName(path), error: wire };
    }
    tables.open(entry);
    return tables.get(entry.location)?.entry ?? entry;
  }

  /** Brings back tables that were opened by hand in an earlier session. */
  async reopen(locations: readonly Location[]): Promise<void> {
    for (const location of locations) {
      try {
        await this.open(location);
      } catch (error) {
        const wire = toWireError(error);
        if (wire.code === 'cancelled') return;
        this.options.tables.open({ location, name: baseName(location), error: wire });
      }
    }
  }

  private readOverview(location: Location): Promise<TableOverview> {
    const key = placeKey(location);
    const running = this.overviews.get(key);
    if (running !== undefined) return running;
    const reading = this.read(location).finally(() => {
      this.overviews.delete(key);
    });
    this.overviews.set(key, reading);
    return reading;
  }

  private async read(location: Location): Promise<TableOverview> {
    const { tables, service, onError } = this.options;
    try {
      const overview = await service.overview(location);
      tables.setOverview(overview);
      return overview;
    } catch (error) {
      const wire = toWireError(error);
      if (goneCodes.has(wire.code)) await this.dropOrShow(location, wire);
      else if (!isCancelled(error)) tables.fail(location, wire);
      onError(location, wire);
      throw error;
    }
  }

  /** A place without a table leaves the list; one that still has a log folder is shown as a scan would show it. */
  private async dropOrShow(location: Location, error: WireError): Promise<void> {
    const { tables, service } = this.options;
    try {
      const [entry] = await service.findTables({ roots: [location], skip: [], depth: 0 });
      if (entry !== undefined) {
        tables.addFound(entry);
        return;
      }
    } catch {
      // The place itself is gone.
    }
    tables.remove(location, error);
  }

  private async run(controller: AbortController): Promise<void> {
    const { tables, service, onState, onError, onUnreadable } = this.options;
    const isCurrent = (): boolean => this.latest === controller;
    let found = 0;
    let folders = 0;
    try {
      const query = this.options.query();
      onState({ kind: 'scanning', found, folders });
      if (query.roots.length === 0) {
        tables.finishScan([]);
      } else {
        const entries = await service.findTables(query, {
          signal: controller.signal,
          onProgress: (event) => {
            if (!isCurrent() || controller.signal.aborted) return;
            if (event.unit === 'folders') folders = Math.max(folders, event.done);
            if (event.unreadable !== undefined) onUnreadable(event.unreadable);
            if (event.found !== undefined) {
              found++;
              tables.addFound(event.found);
            }
            onState({ kind: 'scanning', found, folders });
          },
        });
        if (!isCurrent()) return;
        tables.finishScan(entries);
      }
      onState({ kind: 'done' });
    } catch (error) {
      if (!isCurrent()) return;
      const wire = toWireError(error);
      if (isCancelled(error)) {
        onState({ kind: 'cancelled' });
        return;
      }
      onState({ kind: 'failed', error: wire });
      onError('scan', wire);
    }
  }
}
