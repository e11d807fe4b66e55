/**
 * The one registry of table features: what each is called in the protocol, which legacy versions imply it, and what we can do
 * with a table that has it. Everything that refuses, shows or documents a feature reads it.
 * Sources: PROTOCOL.md, Table Features; delta-semantics.md 2.2; table-features.md.
 */

export interface TableFeature {
  readonly name: string;
  /** `reader-writer` features are listed in both lists of the protocol. */
  readonly kind: 'writer' | 'reader-writer';
  /** Lowest legacy versions that imply the feature without naming it. */
  readonly legacy?: { readonly reader?: number; readonly writer: number };
  /** Can we compute the state (files) and read rows? */
  readonly read: boolean;
  /** Can we commit file actions to a table that has it? */
  readonly write: boolean;
  /** Why not, or what to know, for people. */
  readonly words?: string;
}

const writer = (name: string, more: Partial<TableFeature> = {}): TableFeature => ({
  name,
  kind: 'writer',
  read: true,
  write: true,
  ...more,
});

const readerWriter = (name: string, more: Partial<TableFeature> = {}): TableFeature => ({
  name,
  kind: 'reader-writer',
  read: true,
  write: true,
  ...more,
});

const managed = 'its commits are handed out by a catalog, so the folder alone may be stale';
const redirected = 'the table has moved to another location';
const icebergStale = 'Iceberg readers of the table would see stale metadata after our commit';

export const tableFeatures: readonly TableFeature[] = [
  writer('appendOnly', { legacy: { writer: 2 } }),
  writer('invariants', { legacy: { writer: 2 } }),
  writer('checkConstraints', { legacy: { writer: 3 } }),
  writer('changeDataFeed', { legacy: { writer: 4 } }),
  writer('generatedColumns', { legacy: { writer: 4 } }),
  readerWriter('columnMapping', { legacy: { reader: 2, writer: 5 } }),
  writer('identityColumns', { legacy: { writer: 6 } }),
  readerWriter('deletionVectors'),
  writer('rowTracking'),
  writer('domainMetadata'),
  readerWriter('v2Checkpoint'),
  readerWriter('timestampNtz'),
  readerWriter('typeWidening'),
  readerWriter('typeWidening-preview'),
  readerWriter('variantType'),
  readerWriter('variantType-preview'),
  readerWriter('variantShredding'),
  readerWriter('variantShredding-preview'),
  writer('clustering'),
  writer('inCommitTimestamp'),
  readerWriter('vacuumProtocolCheck'),
  writer('checkpointProtection'),
  writer('allowColumnDefaults'),
  writer('materializePartitionColumns'),
  writer('icebergCompatV1', { write: false, words: icebergStale }),
  writer('icebergCompatV2', { write: false, words: icebergStale }),
  writer('icebergCompatV3', { write: false, words: icebergStale }),
  writer('icebergWriterCompatV1', { write: false, words: icebergStale }),
  writer('icebergWriterCompatV3', { write: false, words: icebergStale }),
  writer('icebergNativeV4', {
    read: false,
    write: false,
    words: 'its files are not listed in the log',
  }),
  writer('collations', {
    write: false,
    words: 'statistics of collated columns are not ours to judge',
  }),
  writer('collations-preview', {
    write: false,
    words: 'statistics of collated columns are not ours to judge',
  }),
  writer('columnMappingUsageTracking', { write: false }),
  writer('coordinatedCommits-preview', { write: false, words: managed }),
  readerWriter('catalogManaged', { read: false, write: false, words: managed }),
  readerWriter('catalogOwned-preview', { read: false, write: false, words: managed }),
  readerWriter('redirectReaderWriter-preview', { read: false, write: false, words: redirected }),
  writer('redirectWriterOnly-preview', { write: false, words: redirected }),
  readerWriter('adaptiveMetadata', {
    read: false,
    write: false,
    words: 'its files are not listed in the log',
  }),
  readerWriter('adaptiveMetadata-preview', {
    read: false,
    write: false,
    words: 'its files are not listed in the log',
  }),
  readerWriter('geospatial', { write: false, words: 'geometries are shown as they are stored' }),
  readerWriter('geospatial-dev', {
    write: false,
    words: 'geometries are shown as they are stored',
  }),
];

const byName: ReadonlyMap<string, TableFeature> = new Map(
  [...tableFeatures, readerWriter('timestampWithoutTimezone')].map((feature) => [
    feature.name,
    feature,
  ]),
);

/** The feature of that name, or undefined for one that we do not know. */
export function tableFeature(name: string): TableFeature | undefined {
  return byName.get(name);
}

/** Features whose commits are ratified by a catalog: published commits may be read only when asked. */
export const catalogFeatures: ReadonlySet<string> = new Set([
  'catalogManaged',
  'catalogOwned-preview',
]);
