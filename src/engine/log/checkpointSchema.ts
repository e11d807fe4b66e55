/** The columns of a classic V1 checkpoint. Source: PROTOCOL.md, Checkpoint Schema. All but the keys of maps may be null. */
import type { ColumnField, ColumnType } from '../column';

const field = (name: string, type: ColumnType): ColumnField => ({ name, type, nullable: true });
const text = (name: string): ColumnField => field(name, { kind: 'utf8' });
const long = (name: string): ColumnField => field(name, { kind: 'int64' });
const int = (name: string): ColumnField => field(name, { kind: 'int32' });
const flag = (name: string): ColumnField => field(name, { kind: 'boolean' });
const struct = (name: string, ...fields: readonly ColumnField[]): ColumnField =>
  field(name, { kind: 'struct', fields });
const textList = (name: string): ColumnField =>
  field(name, { kind: 'list', element: text('element') });
const textMap = (name: string): ColumnField =>
  field(name, {
    kind: 'map',
    key: { name: 'key', type: { kind: 'utf8' }, nullable: false },
    value: text('value'),
  });

const deletionVector = struct(
  'deletionVector',
  text('storageType'),
  text('pathOrInlineDv'),
  int('offset'),
  int('sizeInBytes'),
  long('cardinality'),
);

export const checkpointFields: readonly ColumnField[] = [
  struct('txn', text('appId'), long('version'), long('lastUpdated')),
  struct(
    'add',
    text('path'),
    textMap('partitionValues'),
    long('size'),
    long('modificationTime'),
    flag('dataChange'),
    textMap('tags'),
    deletionVector,
    long('baseRowId'),
    long('defaultRowCommitVersion'),
    text('clusteringProvider'),
    text('stats'),
  ),
  struct(
    'remove',
    text('path'),
    long('deletionTimestamp'),
    flag('dataChange'),
    flag('extendedFileMetadata'),
    textMap('partitionValues'),
    long('size'),
    deletionVector,
    long('baseRowId'),
    long('defaultRowCommitVersion'),
  ),
  struct(
    'metaData',
    text('id'),
    text('name'),
    text('description'),
    struct('format', text('provider'), textMap('options')),
    text('schemaString'),
    textList('partitionColumns'),
    textMap('configuration'),
    long('createdTime'),
  ),
  struct(
    'protocol',
    int('minReaderVersion'),
    int('minWriterVersion'),
    textList('readerFeatures'),
    textList('writerFeatures'),
  ),
  struct('domainMetadata', text('domain'), text('configuration'), flag('removed')),
];
