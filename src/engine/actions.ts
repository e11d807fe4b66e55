/**
 * The actions of a commit, decoded without loss and encoded as they came: fields that we do not know stay in `extra`,
 * statistics stay the text they were, whole numbers keep all their digits. Source: PROTOCOL.md, Actions.
 */
import { DeltaError } from './errors';
import {
  isJsonObject,
  parseJson,
  stringifyJson,
  type Json,
  type JsonObject,
  type Long,
} from './util/json';

/** PROTOCOL.md, Deletion Vectors: where the rows that are deleted from a data file are listed. */
export interface DeletionVector {
  /** `u`: file named by a UUID below the table's root; `p`: absolute path; `i`: inline. */
  readonly storageType: string;
  readonly pathOrInlineDv: string;
  /** Bytes into the file; absent for inline vectors. */
  readonly offset?: number;
  readonly sizeInBytes: number;
  readonly cardinality: number;
  readonly extra?: JsonObject;
}

export type PartitionValues = Readonly<Record<string, string | null>>;

export interface AddFile {
  /** As written: URI-encoded, relative to the root or absolute. */
  readonly path: string;
  readonly partitionValues: PartitionValues;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modificationTime: number;
  readonly dataChange: boolean;
  /** JSON text, never parsed and written again. */
  readonly stats?: string;
  readonly tags?: JsonObject;
  readonly deletionVector?: DeletionVector;
  readonly baseRowId?: Long;
  readonly defaultRowCommitVersion?: Long;
  readonly clusteringProvider?: string;
  readonly extra?: JsonObject;
}

export interface RemoveFile {
  readonly path: string;
  /** Milliseconds since the epoch; absent counts as 0. */
  readonly deletionTimestamp?: number;
  readonly dataChange: boolean;
  readonly extendedFileMetadata?: boolean;
  readonly partitionValues?: PartitionValues;
  readonly size?: number;
  readonly stats?: string;
  readonly tags?: JsonObject;
  readonly deletionVector?: DeletionVector;
  readonly baseRowId?: Long;
  readonly defaultRowCommitVersion?: Long;
  readonly extra?: JsonObject;
}

export interface Format {
  readonly provider: string;
  readonly options: Readonly<Record<string, string>>;
}

export interface Metadata {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly format: Format;
  /** JSON text of the schema, kept verbatim. */
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdTime?: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly extra?: JsonObject;
}

export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  /** Present exactly with reader version 3. */
  readonly readerFeatures?: readonly string[];
  /** Present exactly with writer version 7. */
  readonly writerFeatures?: readonly string[];
  readonly extra?: JsonObject;
}

export interface SetTransaction {
  readonly appId: string;
  readonly version: Long;
  readonly lastUpdated?: number;
  readonly extra?: JsonObject;
}

export interface DomainMetadata {
  readonly domain: string;
  /** JSON text of the domain's own. */
  readonly configuration: string;
  readonly removed: boolean;
  readonly extra?: JsonObject;
}

export type Action =
  | { readonly kind: 'add'; readonly add: AddFile }
  | { readonly kind: 'remove'; readonly remove: RemoveFile }
  | { readonly kind: 'metaData'; readonly metaData: Metadata }
  | { readonly kind: 'protocol'; readonly protocol: Protocol }
  | { readonly kind: 'txn'; readonly txn: SetTransaction }
  | { readonly kind: 'domainMetadata'; readonly domainMetadata: DomainMetadata }
  | { readonly kind: 'commitInfo'; readonly commitInfo: JsonObject }
  /** `cdc`, `sidecar`, `checkpointMetadata` and whatever we do not know: kept, never dropped silently. */
  | { readonly kind: 'other'; readonly name: string; readonly value: Json };

/**
 * Decodes one line of a commit. Throws SyntaxError for a text that is no JSON and `invalid-log` for one that is no action;
 * the caller adds the file and the line.
 */
export function decodeAction(line: string): Action {
  const object = parseJson(line);
  if (!isJsonObject(object)) throw invalid('is not a JSON object');
  const names = Object.keys(object).filter((name) => object[name] !== null);
  const name = names[0];
  if (name === undefined) return { kind: 'other', name: '', value: null };
  const value = object[name] ?? null;
  switch (name) {
    case 'add':
      return { kind: 'add', add: decodeAdd(asObject(value, name)) };
    case 'remove':
      return { kind: 'remove', remove: decodeRemove(asObject(value, name)) };
    case 'metaData':
      return { kind: 'metaData', metaData: decodeMetadata(asObject(value, name)) };
    case 'protocol':
      return { kind: 'protocol', protocol: decodeProtocol(asObject(value, name)) };
    case 'txn':
      return { kind: 'txn', txn: decodeTxn(asObject(value, name)) };
    case 'domainMetadata':
      return { kind: 'domainMetadata', domainMetadata: decodeDomain(asObject(value, name)) };
    case 'commitInfo':
      return { kind: 'commitInfo', commitInfo: asObject(value, name) };
    default:
      return { kind: 'other', name, value };
  }
}

/** One line of a commit, without the line end. Optional fields that are absent are left out, never written as null. */
export function encodeAction(action: Action): string {
  switch (action.kind) {
    case 'add':
      return stringifyJson({ add: flatten(action.add) });
    case 'remove':
      return stringifyJson({ remove: flatten(action.remove) });
    case 'metaData':
      return stringifyJson({ metaData: flatten(action.metaData) });
    case 'protocol':
      return stringifyJson({ protocol: flatten(action.protocol) });
    case 'txn':
      return stringifyJson({ txn: flatten(action.txn) });
    case 'domainMetadata':
      return stringifyJson({ domainMetadata: flatten(action.domainMetadata) });
    case 'commitInfo':
      return stringifyJson({ commitInfo: action.commitInfo });
    case 'other':
      return stringifyJson({ [action.name]: action.value });
    default:
      return action satisfies never;
  }
}

function flatten(value: {
  readonly extra?: JsonObject;
  readonly deletionVector?: DeletionVector;
}): object {
  const { extra, deletionVector, ...known } = value;
  return {
    ...known,
    ...(deletionVector === undefined ? {} : { deletionVector: flatten(deletionVector) }),
    ...extra,
  };
}

function decodeAdd(raw: JsonObject): AddFile {
  const {
    path,
    partitionValues,
    size,
    modificationTime,
    dataChange,
    stats,
    tags,
    deletionVector,
    baseRowId,
    defaultRowCommitVersion,
    clusteringProvider,
    ...extra
  } = raw;
  return {
    path: text(path, 'add.path'),
    partitionValues: decodePartitionValues(partitionValues),
    size: number(size, 'add.size'),
    modificationTime: optionalNumber(modificationTime, 'add.modificationTime') ?? 0,
    dataChange: dataChange !== false,
    ...optional('stats', optionalText(stats, 'add.stats')),
    ...optional('tags', optionalObject(tags)),
    ...optional('deletionVector', decodeDeletionVector(deletionVector)),
    ...optional('baseRowId', optionalLong(baseRowId, 'add.baseRowId')),
    ...optional(
      'defaultRowCommitVersion',
      optionalLong(defaultRowCommitVersion, 'add.defaultRowCommitVersion'),
    ),
    ...optional('clusteringProvider', optionalText(clusteringProvider, 'add.clusteringProvider')),
    ...rest(extra),
  };
}

function decodeRemove(raw: JsonObject): RemoveFile {
  const {
    path,
    deletionTimestamp,
    dataChange,
    extendedFileMetadata,
    partitionValues,
    size,
    stats,
    tags,
    deletionVector,
    baseRowId,
    defaultRowCommitVersion,
    ...extra
  } = raw;
  return {
    path: text(path, 'remove.path'),
    ...optional('deletionTimestamp', optionalNumber(deletionTimestamp, 'remove.deletionTimestamp')),
    dataChange: dataChange !== false,
    ...optional(
      'extendedFileMetadata',
      typeof extendedFileMetadata === 'boolean' ? extendedFileMetadata : undefined,
    ),
    ...(isJsonObject(partitionValues)
      ? { partitionValues: decodePartitionValues(partitionValues) }
      : {}),
    ...optional('size', optionalNumber(size, 'remove.size')),
    ...optional('stats', optionalText(stats, 'remove.stats')),
    ...optional('tags', optionalObject(tags)),
    ...optional('deletionVector', decodeDeletionVector(deletionVector)),
    ...optional('baseRowId', optionalLong(baseRowId, 'remove.baseRowId')),
    ...optional(
      'defaultRowCommitVersion',
      optionalLong(defaultRowCommitVersion, 'remove.defaultRowCommitVersion'),
    ),
    ...rest(extra),
  };
}

/** A struct of empty texts stands for "no vector" in some writers' checkpoints. */
function decodeDeletionVector(raw: Json | undefined): DeletionVector | undefined {
  if (!isJsonObject(raw)) return undefined;
  const { storageType, pathOrInlineDv, offset, sizeInBytes, cardinality, ...extra } = raw;
  if (storageType === '' || storageType === null || storageType === undefined) return undefined;
  return {
    storageType: text(storageType, 'deletionVector.storageType'),
    pathOrInlineDv: text(pathOrInlineDv, 'deletionVector.pathOrInlineDv'),
    ...optional('offset', optionalNumber(offset, 'deletionVector.offset')),
    sizeInBytes: number(sizeInBytes, 'deletionVector.sizeInBytes'),
    cardinality: number(cardinality, 'deletionVector.cardinality'),
    ...rest(extra),
  };
}

/** Decodes a `metaData` action; also used for the copy in a `.crc` file. */
export function decodeMetadata(raw: JsonObject): Metadata {
  const {
    id,
    name,
    description,
    format,
    schemaString,
    partitionColumns,
    createdTime,
    configuration,
    ...extra
  } = raw;
  const formatObject = isJsonObject(format) ? format : {};
  return {
    id: text(id ?? '', 'metaData.id'),
    ...optional('name', optionalText(name, 'metaData.name')),
    ...optional('description', optionalText(description, 'metaData.description')),
    format: {
      provider: optionalText(formatObject.provider, 'metaData.format.provider') ?? 'parquet',
      options: texts(formatObject.options),
    },
    schemaString: text(schemaString, 'metaData.schemaString'),
    partitionColumns: textList(partitionColumns ?? [], 'metaData.partitionColumns'),
    ...optional('createdTime', optionalNumber(createdTime, 'metaData.createdTime')),
    configuration: texts(configuration),
    ...rest(extra),
  };
}

/** Decodes a `protocol` action; also used for the copy in a `.crc` file. */
export function decodeProtocol(raw: JsonObject): Protocol {
  const { minReaderVersion, minWriterVersion, readerFeatures, writerFeatures, ...extra } = raw;
  return {
    minReaderVersion: number(minReaderVersion, 'protocol.minReaderVersion'),
    minWriterVersion: number(minWriterVersion, 'protocol.minWriterVersion'),
    ...(Array.isArray(readerFeatures)
      ? { readerFeatures: textList(readerFeatures as Json, 'protocol.readerFeatures') }
      : {}),
    ...(Array.isArray(writerFeatures)
      ? { writerFeatures: textList(writerFeatures as Json, 'protocol.writerFeatures') }
      : {}),
    ...rest(extra),
  };
}

function decodeTxn(raw: JsonObject): SetTransaction {
  const { appId, version, lastUpdated, ...extra } = raw;
  return {
    appId: text(appId, 'txn.appId'),
    version: optionalLong(version, 'txn.version') ?? 0,
    ...optional('lastUpdated', optionalNumber(lastUpdated, 'txn.lastUpdated')),
    ...rest(extra),
  };
}

function decodeDomain(raw: JsonObject): DomainMetadata {
  const { domain, configuration, removed, ...extra } = raw;
  return {
    domain: text(domain, 'domainMetadata.domain'),
    configuration: optionalText(configuration, 'domainMetadata.configuration') ?? '',
    removed: removed === true,
    ...rest(extra),
  };
}

/** Partition values keep their order and their text; anything but a text counts as null. */
function decodePartitionValues(raw: Json | undefined): PartitionValues {
  if (!isJsonObject(raw)) return {};
  const values: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(raw)) {
    setOwn(values, name, typeof value === 'string' ? value : null);
  }
  return values;
}

/** Sets a property also where its name is `__proto__`. */
export function setOwn<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[name] = value;
  }
}

function invalid(what: string): DeltaError {
  return new DeltaError('invalid-log', what);
}

function asObject(value: Json, name: string): JsonObject {
  if (!isJsonObject(value)) throw invalid(`the action "${name}" is not an object`);
  return value;
}

function text(value: Json | undefined, name: string): string {
  if (typeof value !== 'string') throw invalid(`${name} is not a text`);
  return value;
}

function optionalText(value: Json | undefined, name: string): string | undefined {
  return value === undefined || value === null ? undefined : text(value, name);
}

function number(value: Json | undefined, name: string): number {
  const result = optionalNumber(value, name);
  if (result === undefined) throw invalid(`${name} is missing`);
  return result;
}

function optionalNumber(value: Json | undefined, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const result = typeof value === 'bigint' ? Number(value) : value;
  if (typeof result !== 'number' || !Number.isFinite(result))
    throw invalid(`${name} is not a number`);
  return result;
}

function optionalLong(value: Json | undefined, name: string): Long | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw invalid(`${name} is not a whole number`);
  return value;
}

function optionalObject(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function texts(value: Json | undefined): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  if (!isJsonObject(value)) return result;
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== null)
      setOwn(result, key, typeof inner === 'string' ? inner : stringifyJson(inner));
  }
  return result;
}

function textList(value: Json, name: string): readonly string[] {
  if (!Array.isArray(value)) throw invalid(`${name} is not a list`);
  return value.map((item: Json) => text(item, name));
}

function optional<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>);
}

function rest(extra: JsonObject): { readonly extra?: JsonObject } {
  return Object.keys(extra).length === 0 ? {} : { extra };
}
