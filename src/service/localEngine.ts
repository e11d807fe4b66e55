/**
 * Composition root of the service on a desktop: which stores there are, which Parquet workers, which clock. The worker of the
 * editor and the command line both begin here.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Engine, Logger } from '../engine/engine';
import { CloneRegistryFile, registryPath } from '../storage/cloneRegistryFile';
import { LocalStore } from '../storage/localStore';
import { createParquetHandler } from '../storage/parquet/parquetHandler';
import { RoutingStore } from '../storage/routingStore';
import { LocalDeltaService } from './localDeltaService';
import { resolveLocation } from './location';
import type { LocationContext } from './location';

export interface LocalEngineOptions {
  /** The bundle of the Parquet worker: a path or a `file:` URL. */
  readonly parquetWorkerPath: string | URL;
  /** Written into commits; `Delta-Clones/<version>` of the package around the bundle when absent. */
  readonly engineInfo?: string;
  readonly log?: Logger;
}

export interface LocalEngine {
  readonly engine: Engine;
  /** Ends the Parquet workers. */
  close(): Promise<void>;
}

const silent: Logger = { debug: () => undefined, warn: () => undefined };

/** An engine on this machine's disks and clock. Starts no worker before one is needed. */
export function createLocalEngine(options: LocalEngineOptions): LocalEngine {
  const version = packageVersion();
  const store = new RoutingStore({ file: new LocalStore() });
  const parquet = createParquetHandler({
    store,
    workerPath: options.parquetWorkerPath,
    createdBy: `delta-clones version ${version} (build ${version})`,
  });
  return {
    engine: {
      store,
      parquet,
      clock: { now: () => Date.now() },
      ids: { uuid: () => randomUUID() },
      log: options.log ?? silent,
      engineInfo: options.engineInfo ?? `Delta-Clones/${version}`,
    },
    close: () => parquet.close(),
  };
}

export interface LocalServiceOptions extends LocalEngineOptions {
  /** Where relative paths begin; they are refused without it. */
  readonly workingFolder?: string;
  /** Where the record of clones is looked for; the process's own when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface LocalService {
  readonly service: LocalDeltaService;
  /** What a person writes for a place -> an absolute URI. */
  readonly locate: (text: string) => string;
  /** Ends open streams and the Parquet workers. */
  close(): Promise<void>;
}

/** The service in this process, with the user's record of clones. */
export function createLocalService(options: LocalServiceOptions): LocalService {
  const local = createLocalEngine(options);
  const context: LocationContext = {
    isWindows: process.platform === 'win32',
    ...(options.workingFolder === undefined ? {} : { workingFolder: options.workingFolder }),
  };
  const locate = (text: string): ReturnType<typeof resolveLocation> =>
    resolveLocation(text, context);
  const service = new LocalDeltaService({
    engine: local.engine,
    registry: new CloneRegistryFile(registryPath(options.environment)),
    resolveLocation: locate,
  });
  return {
    service,
    locate,
    close: async () => {
      await service.close();
      await local.close();
    },
  };
}

/** The version in the `package.json` of this product around the running script: beside `dist` in a package and in the repository. */
export function packageVersion(folder: string = __dirname): string {
  let at = folder;
  for (let level = 0; level < 5; level++) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      if (isOwnManifest(manifest)) return manifest.version;
    } catch {
      // not here: the folder around may have it
    }
    at = dirname(at);
  }
  return '0.0.0';
}

function isOwnManifest(value: unknown): value is { readonly version: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    value.name === 'delta-clones' &&
    'version' in value &&
    typeof value.version === 'string'
  );
}
