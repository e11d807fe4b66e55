/** Metrics of a commit, or of one of our own operations, with human names and readable values; the raw ones stay beside them. */
import { formatBytes, formatCount, formatDuration, plural } from './format';

export interface NamedValue {
  /** As in the commit. */
  readonly name: string;
  readonly label: string;
  readonly text: string;
  readonly raw: string;
}

/** Each metric with its human name, in the order of the commit. */
export function metricsInWords(
  metrics: Readonly<Record<string, string>> | null,
): readonly NamedValue[] {
  return Object.entries(metrics ?? {}).map(([name, raw]) => ({
    name,
    label: metricLabel(name),
    text: metricText(name, raw),
    raw,
  }));
}

/**
 * The few metrics that tell what changed, for one line: `5 rows, +1 file, -2 files, 12.3 KiB`. Empty when the commit has
 * none that say it.
 */
export function metricsSummary(metrics: Readonly<Record<string, string>> | null): string {
  if (metrics === null) return '';
  const parts: string[] = [];
  let areRowsTold = false;
  for (const { names, words, tellsRows, isRowsWritten } of summaryRules) {
    const raw = names.map((name) => metrics[name]).find((value) => Number(value) > 0);
    if (raw === undefined || (isRowsWritten === true && areRowsTold)) continue;
    areRowsTold ||= tellsRows === true;
    parts.push(words(raw));
  }
  if (parts.length > 0) return parts.join(', ');
  if (summaryRules.some(({ names }) => names.some((name) => name in metrics)))
    return 'no rows or files changed';
  // Metrics of an operation nobody here knows: the first ones, under their own names.
  return metricsInWords(metrics)
    .slice(0, 2)
    .map(({ label, text }) => `${label.toLowerCase()}: ${text}`)
    .join(', ');
}

interface SummaryRule {
  readonly names: readonly string[];
  readonly words: (raw: string) => string;
  /** Tells how many rows a commit changed. */
  readonly tellsRows?: boolean;
  /** Rows that were written, changed or only moved: told where nothing tells the change better. */
  readonly isRowsWritten?: boolean;
}

const rows = (verb: string) => (raw: string) => `${plural(raw, 'row')} ${verb}`;

const summaryRules: readonly SummaryRule[] = [
  { names: ['numTargetRowsInserted'], words: rows('inserted'), tellsRows: true },
  {
    names: ['numUpdatedRows', 'num_updated_rows', 'numTargetRowsUpdated'],
    words: rows('updated'),
    tellsRows: true,
  },
  {
    names: ['numDeletedRows', 'num_deleted_rows', 'numTargetRowsDeleted'],
    words: rows('deleted'),
    tellsRows: true,
  },
  {
    names: ['numRestoredFiles', 'numRestoredFile'],
    words: (raw) => `${plural(raw, 'file')} restored`,
  },
  { names: ['numCopiedFiles'], words: (raw) => `${plural(raw, 'file')} copied` },
  { names: ['sourceNumOfFiles'], words: (raw) => `${plural(raw, 'file')} in the source` },
  {
    names: ['numAddedFiles', 'num_added_files', 'numTargetFilesAdded', 'numFiles'],
    words: (raw) => `+${plural(raw, 'file')}`,
  },
  {
    names: ['numRemovedFiles', 'num_removed_files', 'numTargetFilesRemoved', 'numRemovedFile'],
    words: (raw) => `-${plural(raw, 'file')}`,
  },
  {
    names: ['numDeletionVectorsAdded', 'numTargetDeletionVectorsAdded'],
    words: (raw) => `+${plural(raw, 'deletion vector')}`,
  },
  { names: ['numFilesToDelete'], words: (raw) => `${plural(raw, 'file')} to delete` },
  { names: ['numDeletedFiles'], words: (raw) => `${plural(raw, 'file')} deleted` },
  { names: ['num_added_rows', 'numOutputRows'], words: rows('written'), isRowsWritten: true },
  {
    names: [
      ...['numOutputBytes', 'numAddedBytes', 'numTargetBytesAdded'],
      ...['copiedFilesSize', 'restoredFilesSize', 'sizeOfDataToDelete'],
    ],
    words: formatBytes,
  },
];

function metricText(name: string, raw: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(raw)) return raw;
  if (
    /(Bytes|Size|SizeOfDataToDelete|sizeOfDataToDelete|tableSizeAfterRestore|bytes)$/i.test(name) ||
    /(Bytes|FileSize)/.test(name)
  ) {
    return formatBytes(raw);
  }
  if (/(Ms|_ms|Millis|Duration)$/.test(name)) return formatDuration(raw);
  return formatCount(raw);
}

const metricLabels = new Map([
  ['numFiles', 'Files written'],
  ['numOutputRows', 'Rows written'],
  ['numOutputBytes', 'Bytes written'],
  ['numAddedFiles', 'Files added'],
  ['numRemovedFiles', 'Files removed'],
  ['numAddedBytes', 'Bytes added'],
  ['numRemovedBytes', 'Bytes removed'],
  ['numAddedChangeFiles', 'Change data files added'],
  ['numCopiedRows', 'Rows rewritten unchanged'],
  ['numUpdatedRows', 'Rows updated'],
  ['numDeletedRows', 'Rows deleted'],
  ['numDeletionVectorsAdded', 'Deletion vectors added'],
  ['numDeletionVectorsRemoved', 'Deletion vectors removed'],
  ['numDeletionVectorsUpdated', 'Deletion vectors updated'],
  ['sourceTableSize', 'Size of the source'],
  ['sourceNumOfFiles', 'Files of the source'],
  ['numCopiedFiles', 'Files copied'],
  ['copiedFilesSize', 'Bytes copied'],
  ['removedFilesSize', 'Bytes removed'],
  ['restoredFilesSize', 'Bytes restored'],
  ['numRestoredFiles', 'Files restored'],
  ['tableSizeAfterRestore', 'Table size afterwards'],
  ['numOfFilesAfterRestore', 'Files afterwards'],
  ['executionTimeMs', 'Time taken'],
  ['execution_time_ms', 'Time taken'],
  ['scanTimeMs', 'Time to scan'],
  ['rewriteTimeMs', 'Time to rewrite'],
  ['minFileSize', 'Smallest file'],
  ['maxFileSize', 'Largest file'],
  ['p25FileSize', 'File size, 25th percentile'],
  ['p50FileSize', 'File size, median'],
  ['p75FileSize', 'File size, 75th percentile'],
  ['numFilesToDelete', 'Files to delete'],
  ['sizeOfDataToDelete', 'Bytes to delete'],
  ['numDeletedFiles', 'Files deleted'],
  ['numVacuumedDirectories', 'Folders vacuumed'],
  ['num_added_files', 'Files added'],
  ['num_removed_files', 'Files removed'],
  ['num_added_rows', 'Rows added'],
  ['numSourceRows', 'Rows of the source'],
]);

/** The human name of a metric, also of outcomes of our own operations. */
export function metricLabel(name: string): string {
  return metricLabels.get(name) ?? labelOf(name);
}

/** A metric's value with its unit, as far as its name tells one. */
export function metricValue(name: string, value: number): string {
  return metricText(name, String(value));
}

/** `numTargetRowsCopied` and `num_copied_rows` become `Target rows copied` and `Copied rows`. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/^num(ber)?( of)? /i, '')
    .toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
