/** What a commit did, in words; an operation this file does not know is shown by its own name. */
import type { CommitRow } from '../../src/protocol/views';
import { formatCount, formatDuration, plural, readableLocation } from '../shared/format';

type Parameters = Readonly<Record<string, string>>;

/** `Delete where addr_state = OH`, `Restore to version 2`, `Shallow clone of member_claims_prod at version 3`. */
export function operationInWords(commit: CommitRow): string {
  const { operation } = commit;
  if (operation === null)
    return commit.version === 0 ? 'First commit, operation not recorded' : 'Not recorded';
  const words = wordsOf.get(operation.toUpperCase());
  return words === undefined ? operation : words(commit.operationParameters ?? {}, commit);
}

/** The operation's own name as a person reads it in a list: `WRITE` is `Write`; unknown ones stay as written. */
export function operationName(operation: string | null): string {
  if (operation === null) return '(not recorded)';
  if (!wordsOf.has(operation.toUpperCase())) return operation;
  return shortNames.get(operation.toUpperCase()) ?? sentenceCase(operation);
}

/** The kind of clone that a CLONE commit made; null for any other commit. */
export function cloneKindOf(commit: CommitRow): 'shallow' | 'deep' | 'unknown' | null {
  if (commit.operation?.toUpperCase() !== 'CLONE') return null;
  const isShallow = commit.operationParameters?.isShallow;
  if (isShallow === 'true') return 'shallow';
  if (isShallow === 'false') return 'deep';
  // Spark without the parameter makes shallow clones only; files that were copied prove a deep one.
  if (Number(commit.operationMetrics?.numCopiedFiles ?? 0) > 0) return 'deep';
  return commit.engineInfo?.startsWith('Apache-Spark/') === true ? 'shallow' : 'unknown';
}

/** Last segment of what a CLONE names as its source: a URI, a path, `delta.`uri``, or a catalog's name. */
export function cloneSourceName(source: string): string {
  const inner = /`([^`]+)`$/.exec(source)?.[1] ?? source;
  const isPath = inner.includes('/') || inner.includes('\\');
  const segments = readableLocation(inner).split(isPath ? /[/\\]/ : '.');
  return segments.filter((segment) => segment !== '').at(-1) ?? inner;
}

/** `["(addr_state#12 = OH)"]` as a person writes it: `addr_state = OH`; null for none. */
export function predicateInWords(predicate: string | undefined): string | null {
  if (predicate === undefined) return null;
  const parts = textsOf(predicate).map((part) => stripParentheses(withoutIdentifiers(part).trim()));
  const words = parts.filter((part) => part !== '' && part !== 'true').join(' and ');
  return words === '' ? null : words;
}

/** Spark's own names in an expression: the id behind a column, the table before it, quotes that nothing needs. */
function withoutIdentifiers(expression: string): string {
  return expression
    .replaceAll(/(?<=[\w`])#\d+L?\b/g, '')
    .replaceAll(/\bspark_catalog\.(?:`[^`]*`|\w+)\.(?:`[^`]*`|\w+)\./g, '')
    .replaceAll(/`([A-Za-z_]\w*)`/g, '$1');
}

type Words = (parameters: Parameters, commit: CommitRow) => string;

const shortNames = new Map([
  ['SET TBLPROPERTIES', 'Set properties'],
  ['UNSET TBLPROPERTIES', 'Unset properties'],
  ['CREATE TABLE AS SELECT', 'Create table as select'],
  ['OPTIMIZE', 'Optimize'],
]);

const wordsOf = new Map<string, Words>([
  ['WRITE', (parameters) => withWhere(`Write${modeOf(parameters)}`, parameters)],
  [
    'STREAMING UPDATE',
    (parameters) => `Streaming write${modeOf(parameters)}${epochOf(parameters)}`,
  ],
  [
    'DELETE',
    (parameters, commit) => withWhere(`Delete${vectorsOf(commit)}`, parameters, 'Delete all rows'),
  ],
  ['UPDATE', (parameters, commit) => withWhere(`Update${vectorsOf(commit)}`, parameters)],
  ['MERGE', mergeWords],
  ['TRUNCATE', () => 'Truncate'],
  ['CREATE TABLE', createWords('Create table')],
  ['CREATE TABLE AS SELECT', createWords('Create table from a query')],
  ['REPLACE TABLE', createWords('Replace table')],
  ['REPLACE TABLE AS SELECT', createWords('Replace table by a query')],
  ['CREATE OR REPLACE TABLE', createWords('Create or replace table')],
  ['CREATE OR REPLACE TABLE AS SELECT', createWords('Create or replace table by a query')],
  ['CLONE', cloneWords],
  ['RESTORE', restoreWords],
  ['OPTIMIZE', optimizeWords],
  ['VACUUM START', vacuumStartWords],
  [
    'VACUUM END',
    (parameters) =>
      parameters.status === undefined
        ? 'Vacuum end'
        : `Vacuum end: ${parameters.status.toLowerCase()}`,
  ],
  ['SET TBLPROPERTIES', (parameters) => `Set properties${keysOf(parameters.properties)}`],
  ['UNSET TBLPROPERTIES', (parameters) => `Unset properties${keysOf(parameters.properties)}`],
  ['ADD COLUMNS', (parameters) => `Add columns${columnNames(parameters.columns)}`],
  ['DROP COLUMNS', (parameters) => `Drop columns${columnNames(parameters.columns)}`],
  [
    'RENAME COLUMN',
    (parameters) =>
      `Rename column ${parameters.oldColumnPath ?? '?'} to ${parameters.newColumnPath ?? '?'}`,
  ],
  ['CHANGE COLUMN', (parameters) => `Change column${columnNames(parameters.column)}`],
  ['CHANGE COLUMNS', (parameters) => `Change columns${columnNames(parameters.columns)}`],
  ['REPLACE COLUMNS', (parameters) => `Replace columns${columnNames(parameters.columns)}`],
  [
    'ADD CONSTRAINT',
    (parameters) =>
      `Add constraint ${parameters.name ?? ''}${parameters.expr === undefined ? '' : `: ${parameters.expr}`}`,
  ],
  ['DROP CONSTRAINT', (parameters) => `Drop constraint ${parameters.name ?? ''}`],
  [
    'ADD FEATURE',
    (parameters) => `Add table feature ${parameters.featureName ?? parameters.name ?? ''}`.trim(),
  ],
  ['DROP FEATURE', (parameters) => `Drop table feature ${parameters.featureName ?? ''}`.trim()],
  ['UPGRADE PROTOCOL', upgradeWords],
  [
    'CLUSTER BY',
    (parameters) => `Cluster by ${listOf(parameters.newClusteringColumns).join(', ') || 'nothing'}`,
  ],
  ['CONVERT', (parameters) => `Convert from ${sentenceCase(parameters.sourceFormat ?? 'parquet')}`],
  ['FSCK', () => 'Remove entries of missing files (FSCK)'],
  ['REORG', (parameters) => withWhere('Purge deleted rows (REORG)', parameters)],
  ['COMPUTE STATS', () => 'Compute statistics'],
  ['MANUAL UPDATE', () => 'Manual update'],
]);

function modeOf(parameters: Parameters): string {
  const mode = parameters.mode ?? parameters.outputMode;
  return mode === undefined || mode === '' ? '' : `: ${splitCamel(mode)}`;
}

function epochOf(parameters: Parameters): string {
  const epoch = parameters.epochId;
  return epoch === undefined ? '' : `, batch ${formatCount(epoch)}`;
}

function vectorsOf(commit: CommitRow): string {
  const metrics = commit.operationMetrics ?? {};
  const vectors = ['numDeletionVectorsAdded', 'numDeletionVectorsUpdated'].some(
    (name) => Number(metrics[name] ?? 0) > 0,
  );
  return vectors ? ' (deletion vectors)' : '';
}

function withWhere(words: string, parameters: Parameters, withoutWhere = words): string {
  const predicate = predicateInWords(parameters.predicate);
  return predicate === null ? withoutWhere : `${words} where ${predicate}`;
}

function mergeWords(parameters: Parameters): string {
  const on = predicateInWords(parameters.mergePredicate ?? parameters.predicate);
  return on === null ? 'Merge' : `Merge on ${on}`;
}

function createWords(words: string): Words {
  return (parameters) => {
    const columns = listOf(parameters.partitionBy);
    return columns.length === 0 ? words : `${words}, partitioned by ${columns.join(', ')}`;
  };
}

function cloneWords(parameters: Parameters, commit: CommitRow): string {
  const kind = cloneKindOf(commit);
  const words = kind === 'shallow' ? 'Shallow clone' : kind === 'deep' ? 'Deep clone' : 'Clone';
  const source = parameters.source;
  const version = parameters.sourceVersion;
  // -1 stands for a source without versions, such as a Parquet folder.
  const at = version === undefined || version === '-1' ? '' : ` at version ${version}`;
  return `${words}${source === undefined ? '' : ` of ${cloneSourceName(source)}`}${at}`;
}

function restoreWords(parameters: Parameters): string {
  const version = parameters.version;
  const timestamp = parameters.timestamp ?? parameters.datetime;
  if (version !== undefined && version !== '' && version !== 'null')
    return `Restore to version ${version}`;
  return timestamp === undefined || timestamp === 'null' ? 'Restore' : `Restore to ${timestamp}`;
}

function optimizeWords(parameters: Parameters): string {
  const order = listOf(parameters.zOrderBy);
  const cluster = listOf(parameters.clusterBy);
  const by =
    order.length > 0
      ? `, Z-order by ${order.join(', ')}`
      : cluster.length > 0
        ? `, clustered by ${cluster.join(', ')}`
        : '';
  const words =
    parameters.auto === 'true' ? 'Automatic compaction (OPTIMIZE)' : 'Compaction (OPTIMIZE)';
  return withWhere(`${words}${by}`, parameters);
}

function vacuumStartWords(parameters: Parameters): string {
  const retention = parameters.specifiedRetentionMillis ?? parameters.defaultRetentionMillis;
  return retention === undefined
    ? 'Vacuum start'
    : `Vacuum start, keeping ${formatDuration(retention)}`;
}

function upgradeWords(parameters: Parameters): string {
  const protocol = jsonOf(parameters.newProtocol);
  if (!isRecord(protocol)) return 'Upgrade protocol';
  return `Upgrade protocol to reader ${String(protocol.minReaderVersion)}, writer ${String(protocol.minWriterVersion)}`;
}

function keysOf(properties: string | undefined): string {
  const value = jsonOf(properties);
  const keys = Array.isArray(value) ? value.map(String) : isRecord(value) ? Object.keys(value) : [];
  if (keys.length === 0) return '';
  return keys.length <= 3
    ? `: ${keys.join(', ')}`
    : `: ${keys.slice(0, 2).join(', ')} and ${plural(keys.length - 2, 'other')}`;
}

function columnNames(columns: string | undefined): string {
  const value = jsonOf(columns);
  const list: readonly unknown[] = Array.isArray(value) ? value : value === null ? [] : [value];
  const names = list.flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    if (!isRecord(entry)) return [];
    const field = isRecord(entry.column) ? entry.column : entry;
    return typeof field.name === 'string' ? [field.name] : [];
  });
  return names.length === 0 ? '' : ` ${names.join(', ')}`;
}

function listOf(text: string | undefined): readonly string[] {
  const value = jsonOf(text);
  if (Array.isArray(value)) return value.map(String);
  return value === null && text !== undefined && text !== '' && text !== 'null'
    ? text.split(',')
    : [];
}

/** A predicate comes as a JSON list of texts, or as one text. */
function textsOf(text: string): readonly string[] {
  const value = jsonOf(text);
  return Array.isArray(value) ? value.map(String) : [text];
}

function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function stripParentheses(text: string): string {
  let inner = text;
  while (inner.startsWith('(') && closesAtEnd(inner)) inner = inner.slice(1, -1).trim();
  return inner;
}

function closesAtEnd(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    else if (text[index] === ')') depth -= 1;
    if (depth === 0) return index === text.length - 1;
  }
  return false;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function splitCamel(text: string): string {
  return text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function sentenceCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}
