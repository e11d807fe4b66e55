/**
 * What a table's protocol asks of us, and how protocols are merged. Source: PROTOCOL.md, Protocol Evolution and Table Features.
 * A protocol is written in its weakest equivalent form; feature lists exist exactly with reader version 3 and writer version 7.
 */
import type { Metadata, Protocol } from './actions';
import { DeltaError } from './errors';
import { catalogFeatures, tableFeature, tableFeatures } from './tableFeatures';

/** What we can do with a table, with a reason for each thing that stands against it. */
export interface Support {
  readonly read: boolean;
  readonly write: boolean;
  readonly readReasons: readonly string[];
  /** Holds the read reasons too. */
  readonly writeReasons: readonly string[];
}

const maxReaderVersion = 3;
const maxWriterVersion = 7;

/** All features in force, also those that legacy versions imply. */
export function protocolFeatures(protocol: Protocol): ReadonlySet<string> {
  const names = new Set([...(protocol.readerFeatures ?? []), ...(protocol.writerFeatures ?? [])]);
  for (const { name, legacy } of tableFeatures) {
    if (legacy === undefined) continue;
    const isImplied =
      protocol.minWriterVersion < 7 &&
      protocol.minWriterVersion >= legacy.writer &&
      protocol.minReaderVersion >= (legacy.reader ?? 1);
    if (isImplied) names.add(name);
  }
  if (protocol.minReaderVersion === 2) names.add('columnMapping');
  return names;
}

export interface SupportOptions {
  /** Read what a catalog-managed table has published, though newer commits may exist. */
  readonly publishedOnly?: boolean;
}

/** Judges a protocol; never throws. */
export function supportOf(protocol: Protocol, options: SupportOptions = {}): Support {
  const readReasons: string[] = [];
  const writeReasons: string[] = [];
  if (protocol.minReaderVersion > maxReaderVersion || protocol.minReaderVersion < 1) {
    readReasons.push(
      `reader version ${protocol.minReaderVersion} (supported: 1 to ${maxReaderVersion})`,
    );
  }
  if (protocol.minWriterVersion > maxWriterVersion || protocol.minWriterVersion < 1) {
    writeReasons.push(
      `writer version ${protocol.minWriterVersion} (supported: 1 to ${maxWriterVersion})`,
    );
  }
  const readerFeatures = new Set(protocol.readerFeatures ?? []);
  for (const name of protocolFeatures(protocol)) {
    const feature = tableFeature(name);
    if (feature === undefined) {
      (readerFeatures.has(name) ? readReasons : writeReasons).push(`unknown table feature ${name}`);
      continue;
    }
    const reason =
      feature.words === undefined
        ? `table feature ${name}`
        : `table feature ${name} (${feature.words})`;
    const isPublishedRead = options.publishedOnly === true && catalogFeatures.has(name);
    if (!feature.read && !isPublishedRead) readReasons.push(reason);
    else if (!feature.write) writeReasons.push(reason);
  }
  const allWriteReasons = [...readReasons, ...writeReasons];
  return {
    read: readReasons.length === 0,
    write: allWriteReasons.length === 0,
    readReasons,
    writeReasons: allWriteReasons,
  };
}

interface ProtocolHolder {
  readonly root: string;
  readonly version: number;
  readonly protocol: Protocol;
}

/** Throws `unsupported-read` naming the features when the files and rows of the table are not ours to read. */
export function requireRead(table: ProtocolHolder, options: SupportOptions = {}): void {
  const support = supportOf(table.protocol, options);
  if (support.read) return;
  throw new DeltaError(
    'unsupported-read',
    `The table ${table.root} at version ${table.version} cannot be read: it needs ${support.readReasons.join(', ')}. Its history and properties can still be shown.`,
    { details: { location: table.root, version: table.version, reasons: support.readReasons } },
  );
}

/** Throws `unsupported-write` naming the features when we must not commit to the table. */
export function requireWrite(table: ProtocolHolder): void {
  const support = supportOf(table.protocol);
  if (support.write) return;
  throw new DeltaError(
    'unsupported-write',
    `The table ${table.root} at version ${table.version} cannot be written: it needs ${support.writeReasons.join(', ')}. Use an engine that supports this.`,
    { details: { location: table.root, version: table.version, reasons: support.writeReasons } },
  );
}

const legacyFeatures = tableFeatures.filter((feature) => feature.legacy !== undefined);

/** The features that a legacy pair of versions stands for. */
function legacySet(reader: number, writer: number): ReadonlySet<string> {
  return new Set(
    legacyFeatures
      .filter(
        ({ legacy }) =>
          legacy !== undefined && writer >= legacy.writer && reader >= (legacy.reader ?? 1),
      )
      .map(({ name }) => name),
  );
}

/** The weakest form with the same meaning: legacy versions where a legacy pair stands for exactly these features. */
export function normaliseProtocol(protocol: Protocol): Protocol {
  return protocolOf(protocolFeatures(protocol), protocol);
}

/** The least protocol that has all features of all. Never lowers any of them. */
export function mergeProtocols(first: Protocol, ...others: readonly Protocol[]): Protocol {
  if (others.length === 0) return normaliseProtocol(first);
  const features = new Set<string>();
  let reader = first.minReaderVersion;
  let writer = first.minWriterVersion;
  for (const protocol of [first, ...others]) {
    for (const name of protocolFeatures(protocol)) features.add(name);
    reader = Math.max(reader, protocol.minReaderVersion);
    writer = Math.max(writer, protocol.minWriterVersion);
  }
  return protocolOf(features, { minReaderVersion: reader, minWriterVersion: writer });
}

/** Lists that hold nothing but what the versions imply are left out. */
function protocolOf(features: ReadonlySet<string>, versions: Protocol): Protocol {
  for (let writer = 1; writer <= 6; writer++) {
    for (let reader = 1; reader <= 2; reader++) {
      const implied = legacySet(reader, writer);
      if (implied.size === features.size && [...features].every((name) => implied.has(name))) {
        const isLegacy = versions.minWriterVersion < 7;
        return {
          minReaderVersion: isLegacy
            ? Math.max(reader, Math.min(versions.minReaderVersion, 2))
            : reader,
          minWriterVersion: isLegacy ? Math.max(writer, versions.minWriterVersion) : writer,
        };
      }
    }
  }
  const names = [...features].sort();
  const isReaderFeature = (name: string): boolean =>
    tableFeature(name)?.kind === 'reader-writer' || (versions.readerFeatures ?? []).includes(name);
  const readerNames = names.filter(isReaderFeature);
  // Column mapping alone may stay with reader version 2; any newer reader feature needs version 3 and the whole list.
  const needsReaderList = readerNames.some((name) => name !== 'columnMapping');
  if (needsReaderList) {
    return {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: readerNames,
      writerFeatures: names,
    };
  }
  return {
    minReaderVersion: readerNames.length > 0 ? 2 : 1,
    minWriterVersion: 7,
    writerFeatures: names,
  };
}

/** The protocol that a set of table properties asks for. Source: PROTOCOL.md, the section of each feature. */
export function protocolForProperties(configuration: Metadata['configuration']): Protocol {
  const features = new Set<string>();
  const isTrue = (key: string): boolean => configuration[key]?.toLowerCase() === 'true';
  if (isTrue('delta.appendOnly')) features.add('appendOnly');
  if (isTrue('delta.enableChangeDataFeed')) features.add('changeDataFeed');
  if (isTrue('delta.enableDeletionVectors')) features.add('deletionVectors');
  if (isTrue('delta.enableTypeWidening')) features.add('typeWidening');
  if (isTrue('delta.enableInCommitTimestamps')) features.add('inCommitTimestamp');
  if (isTrue('delta.enableRowTracking')) {
    features.add('rowTracking');
    features.add('domainMetadata');
  }
  if (configuration['delta.checkpointPolicy'] === 'v2') features.add('v2Checkpoint');
  if (['name', 'id'].includes(configuration['delta.columnMapping.mode'] ?? ''))
    features.add('columnMapping');
  for (const key of Object.keys(configuration)) {
    if (key.startsWith('delta.constraints.')) features.add('checkConstraints');
    const named = /^delta\.feature\.(.+)$/.exec(key)?.[1];
    if (named !== undefined && /^(supported|enabled)$/i.test(configuration[key] ?? ''))
      features.add(named);
  }
  if (features.size === 0) return { minReaderVersion: 1, minWriterVersion: 1 };
  return protocolOf(features, { minReaderVersion: 1, minWriterVersion: 7 });
}
