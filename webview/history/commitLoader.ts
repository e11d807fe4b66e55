/**
 * Asks for the commits that come into view, a few questions at a time; forgets questions whose rows were scrolled past, and
 * drops answers that came too late to mean this table.
 */
import type { HistoryPage, HistoryQuery, WireError } from '../../src/protocol/views';
import { toWireError } from '../shared/endpoint';
import type { CommitStore } from './commitStore';

export interface LoaderHost {
  ask(query: HistoryQuery, signal: AbortSignal): Promise<HistoryPage>;
  store(): CommitStore;
  /** Commits arrived, a question failed, or loading everything went on or ended. */
  onChange(): void;
  /** An answer told of a newer version than the page knows. */
  onNewer(latestVersion: number): void;
}

interface Flight {
  readonly query: HistoryQuery;
  readonly controller: AbortController;
}

interface Failure {
  readonly newest: number;
  readonly oldest: number;
  readonly error: WireError;
}

/** Rests for a moment while somebody drags the scroll bar. */
const settleMs = 60;
const maximumInFlight = 2;
/** Loading everything asks for more at a time than looking does. */
const bulkLimit = 1000;

export class CommitLoader {
  private flights: Flight[] = [];
  private failures: Failure[] = [];
  private wanted: { readonly newest: number; readonly oldest: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private bulk: AbortController | null = null;

  constructor(private readonly host: LoaderHost) {}

  get isLoadingAll(): boolean {
    return this.bulk !== null;
  }

  /** These versions are in view. */
  want(newest: number, oldest: number): void {
    this.wanted = { newest, oldest };
    if (this.host.store().queryFor(newest, oldest) === null) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.work();
    }, settleMs);
  }

  /** Why a version could not be loaded; null while nothing went wrong. */
  failureAt(version: number): WireError | null {
    return (
      this.failures.find(({ newest, oldest }) => version <= newest && version >= oldest)?.error ??
      null
    );
  }

  /** Asks again for what failed. */
  retry(): void {
    this.failures = [];
    this.host.onChange();
    this.work();
  }

  /** Everything in flight belongs to another table or another reading of it. */
  reset(): void {
    clearTimeout(this.timer);
    for (const flight of this.flights) flight.controller.abort();
    this.flights = [];
    this.failures = [];
    this.wanted = null;
    this.stopLoadingAll();
  }

  /** Loads every commit, newest first, until it is stopped or fails. */
  async loadAll(): Promise<WireError | null> {
    const controller = new AbortController();
    this.stopLoadingAll();
    this.bulk = controller;
    this.host.onChange();
    try {
      for (;;) {
        const query = this.host.store().nextQuery(bulkLimit);
        if (query === null || controller.signal.aborted) return null;
        const page = await this.host.ask(query, controller.signal);
        if (controller.signal.aborted) return null;
        this.accept(query, page);
        this.host.onChange();
      }
    } catch (error) {
      return controller.signal.aborted ? null : toWireError(error);
    } finally {
      if (this.bulk === controller) this.bulk = null;
      this.host.onChange();
    }
  }

  stopLoadingAll(): void {
    this.bulk?.abort();
    this.bulk = null;
  }

  private work(): void {
    const { wanted } = this;
    if (wanted === null) return;
    for (const flight of this.flights.filter(({ query }) => !touches(query, wanted))) {
      flight.controller.abort();
    }
    this.flights = this.flights.filter(({ controller }) => !controller.signal.aborted);
    for (let newest = wanted.newest; this.flights.length < maximumInFlight;) {
      const query = this.host.store().queryFor(newest, wanted.oldest);
      if (query === null) return;
      newest = bottomOf(query) - 1;
      if (
        this.isKnownTrouble(query) ||
        this.flights.some((flight) => flight.query.before === query.before)
      )
        continue;
      void this.fly(query);
    }
  }

  private async fly(query: HistoryQuery): Promise<void> {
    const flight: Flight = { query, controller: new AbortController() };
    this.flights.push(flight);
    const { signal } = flight.controller;
    try {
      const page = await this.host.ask(query, signal);
      if (signal.aborted) return;
      this.accept(query, page);
    } catch (error) {
      if (signal.aborted) return;
      this.failures.push({
        newest: topOf(query),
        oldest: bottomOf(query),
        error: toWireError(error),
      });
    }
    this.flights = this.flights.filter((other) => other !== flight);
    this.host.onChange();
    this.work();
  }

  private accept(query: HistoryQuery, page: HistoryPage): void {
    const store = this.host.store();
    store.add(query, page);
    const asked = topOf(query);
    if (
      asked <= store.latestVersion &&
      asked >= store.latestVersion - store.rowCount + 1 &&
      store.slot(asked).kind === 'unknown'
    ) {
      // Asking the same again for ever would be worse than saying so.
      throw new Error(`The answer did not hold version ${String(asked)}.`);
    }
    if (page.latestVersion > store.latestVersion) this.host.onNewer(page.latestVersion);
  }

  private isKnownTrouble(query: HistoryQuery): boolean {
    return this.failureAt(topOf(query)) !== null;
  }
}

function topOf(query: HistoryQuery): number {
  return (query.before ?? Infinity) - 1;
}

function bottomOf(query: HistoryQuery): number {
  return (query.before ?? Infinity) - query.limit;
}

function touches(
  query: HistoryQuery,
  range: { readonly newest: number; readonly oldest: number },
): boolean {
  return topOf(query) >= range.oldest && bottomOf(query) <= range.newest;
}
