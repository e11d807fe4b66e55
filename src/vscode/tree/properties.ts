/** What the Properties node of a table lists, as names and values for people. */
import type { TableEntry, TableOverview } from '../../protocol/views';
import { cloneWords, formatBytes, formatCount, plural } from '../format';
import { displayPath } from '../locations';
import { formatInZone } from '../timeZone';

export interface PropertyView {
  readonly name: string;
  readonly value: string;
  /** Codicon of the node. */
  readonly icon: string;
  readonly isWarning: boolean;
  readonly children: readonly PropertyView[];
}

/** Support first when something is missing, then counts, protocol, features, configuration, and where the table is. */
export function propertiesOf(
  overview: TableOverview,
  entry: TableEntry,
  timeZone: string,
): readonly PropertyView[] {
  const time = (iso: string | null): string | null =>
    iso === null ? null : `${formatInZone(iso, timeZone)} (${timeZone})`;
  const { detail } = overview;
  const { support } = detail;
  const list: (PropertyView | undefined)[] = [
    support.read && support.write
      ? undefined
      : {
          ...property('Support', support.read ? 'read only' : 'not readable', 'warning'),
          isWarning: true,
          children: (support.explanations ?? support.reasons).map((reason) =>
            property(reason, '', 'warning'),
          ),
        },
    property('Version', String(detail.version), 'versions'),
    entry.cloneOf === undefined
      ? undefined
      : property(
          'Clone of',
          `${displayPath(entry.cloneOf.location)}${
            entry.cloneOf.version === null ? '' : `, version ${entry.cloneOf.version}`
          } (${cloneWords[entry.cloneOf.kind]})`,
          'repo-forked',
        ),
    count('Rows', detail.numRows),
    count('Files', detail.numFiles),
    detail.sizeInBytes === null
      ? undefined
      : property(
          'Size',
          `${formatBytes(detail.sizeInBytes)} (${plural(detail.sizeInBytes, 'byte')})`,
          'symbol-numeric',
        ),
    detail.numFiles !== null && detail.ownedFiles !== null && detail.ownedFiles < detail.numFiles
      ? property(
          'Own files',
          `${formatCount(detail.ownedFiles)} of ${formatCount(detail.numFiles)}${
            detail.ownedBytes === null ? '' : `, ${formatBytes(detail.ownedBytes)}`
          }; the others belong to the source`,
          'symbol-numeric',
        )
      : undefined,
    detail.numDeletionVectors === null || detail.numDeletionVectors === 0
      ? undefined
      : count('Deletion vectors', detail.numDeletionVectors),
    columnList('Partition columns', detail.partitionColumns),
    columnList('Clustering columns', detail.clusteringColumns),
    property(
      'Protocol',
      `reader ${detail.minReaderVersion}, writer ${detail.minWriterVersion}`,
      'versions',
    ),
    group(
      'Table features',
      detail.tableFeatures.map((name) => property(name, '', 'extensions')),
    ),
    group(
      'Configuration',
      Object.entries(detail.properties)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => property(name, value, 'symbol-property')),
    ),
    text('Name', detail.name),
    text('Description', detail.description),
    property('Location', displayPath(detail.location), 'folder'),
    property('Id', detail.id, 'key'),
    text('Created', time(detail.createdAt)),
    text('Last modified', time(detail.lastModified)),
  ];
  return list.filter((item) => item !== undefined);
}

function property(name: string, value: string, icon: string): PropertyView {
  return {
    name,
    value,
    icon,
    isWarning: icon === 'warning',
    children: [],
  };
}

function count(name: string, value: number | null): PropertyView | undefined {
  return value === null ? undefined : property(name, formatCount(value), 'symbol-numeric');
}

function text(name: string, value: string | null): PropertyView | undefined {
  return value === null || value === '' ? undefined : property(name, value, 'symbol-string');
}

function columnList(name: string, columns: readonly string[]): PropertyView | undefined {
  return columns.length === 0 ? undefined : property(name, columns.join(', '), 'key');
}

function group(name: string, children: readonly PropertyView[]): PropertyView | undefined {
  return children.length === 0
    ? undefined
    : { ...property(name, formatCount(children.length), 'list-unordered'), children };
}
