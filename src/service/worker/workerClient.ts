/**
 * DeltaService behind a port: a proxy whose worker is started on first use, ended with the extension, and started again after a
 * crash. What was in flight when it crashed is rejected with `engine-crashed`; nothing is asked twice on its own, because a
 * request that writes must be decided by a person.
 */
import type { Json } from '../../protocol/json';
import { Endpoint, RemoteError, type Port } from '../../protocol/rpc';
import type { WireError } from '../../protocol/views';
import type { Call, DeltaService } from '../deltaService';

/** A running worker: its port, its end, and the way to end it. */
export interface WorkerHandle {
  readonly port: Port;
  /** Called once when the worker ends by itself, with the reason in words. */
  onExit(listener: (reason: string) => void): void;
  terminate(): Promise<void>;
}

export interface WorkerClientOptions {
  readonly spawn: () => WorkerHandle;
  /** Milliseconds on any clock that does not go backwards. */
  readonly now: () => number;
  readonly onCrash?: ((reason: string) => void) | undefined;
}

/** Starts after a crash that are allowed within {@link restartWindowMs}. */
export const maxRestarts = 3;
export const restartWindowMs = 5 * 60_000;

type Result<K extends keyof DeltaService> = Awaited<ReturnType<DeltaService[K]>>;

interface Running {
  readonly handle: WorkerHandle;
  readonly endpoint: Endpoint;
}

/** The proxy. Rejections are {@link RemoteError}s that keep the code they were thrown with. */
export class WorkerClient implements DeltaService {
  private running: Running | undefined;
  private hasCrashed = false;
  private isDisposed = false;
  private restarts: number[] = [];

  constructor(private readonly options: WorkerClientOptions) {}

  readonly findTables: DeltaService['findTables'] = (query, call) =>
    this.ask('findTables', [query], call);
  readonly overview: DeltaService['overview'] = (table, call) =>
    this.ask('overview', [table], call);
  readonly detail: DeltaService['detail'] = (table, query, call) =>
    this.ask('detail', [table, query], call);
  readonly history: DeltaService['history'] = (table, query, call) =>
    this.ask('history', [table, query], call);
  readonly files: DeltaService['files'] = (table, at, query, call) =>
    this.ask('files', [table, at, query], call);
  readonly openFiles: DeltaService['openFiles'] = (table, at, call) =>
    this.ask('openFiles', [table, at], call);
  readonly openRows: DeltaService['openRows'] = (table, query, call) =>
    this.ask('openRows', [table, query], call);
  readonly readCursor: DeltaService['readCursor'] = (id, limit, call) =>
    this.ask('readCursor', [id, limit], call);
  readonly closeCursor: DeltaService['closeCursor'] = (id) => this.ask('closeCursor', [id]);
  readonly lineage: DeltaService['lineage'] = (query, call) => this.ask('lineage', [query], call);
  readonly plan: DeltaService['plan'] = (spec, call) => this.ask('plan', [spec], call);
  readonly planItems: DeltaService['planItems'] = (planId, query, call) =>
    this.ask('planItems', [planId, query], call);
  readonly discardPlan: DeltaService['discardPlan'] = (planId) => this.ask('discardPlan', [planId]);
  readonly execute: DeltaService['execute'] = (planId, options, call) =>
    this.ask('execute', [planId, options], call);

  /** Ends the worker, rejects what is in flight, and forgets past crashes: the next call starts a fresh worker. */
  async restart(): Promise<void> {
    this.restarts = [];
    this.hasCrashed = false;
    await this.end({
      code: 'engine-crashed',
      message: 'The engine was restarted. Run the command again.',
      details: {},
    });
  }

  /** Ends the worker for good; what is in flight and what comes later is rejected with `cancelled`. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    await this.end(disposedError);
  }

  private async ask<K extends keyof DeltaService>(
    method: K,
    params: readonly unknown[],
    call?: Call,
  ): Promise<Result<K>> {
    let given = params.length;
    while (given > 0 && params[given - 1] === undefined) given--;
    const { endpoint } = this.start();
    const value = await endpoint.request(method, params.slice(0, given) as readonly Json[], call);
    return value as Result<K>;
  }

  private start(): Running {
    if (this.isDisposed) throw new RemoteError(disposedError);
    if (this.running !== undefined) return this.running;
    if (this.hasCrashed) this.countRestart();
    let handle: WorkerHandle;
    try {
      handle = this.options.spawn();
    } catch (error) {
      this.hasCrashed = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.options.onCrash?.(reason);
      throw new RemoteError(crashError(`could not be started (${reason})`));
    }
    const endpoint = new Endpoint(handle.port, new Map(), (error) =>
      crashError(`sent a request (${String(error)})`),
    );
    const running: Running = { handle, endpoint };
    handle.onExit((reason) => {
      if (this.running !== running) return;
      this.running = undefined;
      this.hasCrashed = true;
      this.options.onCrash?.(reason);
      endpoint.close(crashError(`ended unexpectedly (${reason})`));
    });
    this.running = running;
    return running;
  }

  private countRestart(): void {
    const now = this.options.now();
    this.restarts = this.restarts.filter((at) => now - at < restartWindowMs);
    if (this.restarts.length >= maxRestarts) {
      throw new RemoteError({
        code: 'engine-crashed',
        message:
          `The engine ended unexpectedly ${maxRestarts + 1} times within ${restartWindowMs / 60_000} minutes ` +
          'and is not started again by itself. Restart it with "Delta: Restart Engine".',
        details: { restarts: maxRestarts, needsRestart: true },
      });
    }
    this.restarts.push(now);
    this.hasCrashed = false;
  }

  private async end(error: WireError): Promise<void> {
    const { running } = this;
    this.running = undefined;
    if (running === undefined) return;
    running.endpoint.close(error);
    await running.handle.terminate();
  }
}

const disposedError: WireError = {
  code: 'cancelled',
  message: 'The engine was shut down with the extension.',
  details: {},
};

function crashError(what: string): WireError {
  return {
    code: 'engine-crashed',
    message: `The engine ${what}. It starts again with the next command.`,
    details: {},
  };
}
