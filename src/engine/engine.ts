/** What an engine call is given: the handlers that know how, where the engine decides what. */
import type { ObjectStore } from './objectStore';
import type { ParquetHandler } from './parquetHandler';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface IdSource {
  /** A fresh random UUID in lower-case text form. */
  uuid(): string;
}

export interface Logger {
  debug(message: string): void;
  warn(message: string): void;
}

export interface Engine {
  readonly store: ObjectStore;
  readonly parquet: ParquetHandler;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** Written into commits as `engineInfo`: `Delta-Clones/<version>`. */
  readonly engineInfo: string;
}
