/** `detail <table>`: DESCRIBE DETAIL. */
import type { TableDetail } from '../../protocol/views';
import { displayLocation } from '../../service/location';
import { asOfArgument, callOf, locationArgument } from '../context';
import type { VerbContext } from '../context';
import { RawJson, toJsonText } from '../json';
import { byteText, countText, printable } from '../textTable';

export async function detailVerb(context: VerbContext): Promise<void> {
  const { service, output, args } = context;
  const detail = await service.detail(
    locationArgument(context, 0),
    {
      at: asOfArgument(context, 'detail') ?? 'latest',
      count: args.has('count'),
      publishedOnly: args.has('published-only'),
    },
    callOf(context),
  );
  output.progress('');
  if (context.isJson) {
    const { schemaString, ...document } = detail;
    const schema =
      detail.schema === null || schemaString === undefined
        ? detail.schema
        : new RawJson(schemaString);
    await output.line(toJsonText({ ...document, schema }));
    return;
  }
  for (const line of detailLines(detail)) await output.line(line);
}

function detailLines(detail: TableDetail): readonly string[] {
  const count = (value: number | null): string => (value === null ? 'unknown' : countText(value));
  const size = (value: number | null): string => (value === null ? 'unknown' : byteText(value));
  const list = (values: readonly string[]): string =>
    values.length === 0 ? '-' : values.join(', ');
  const rows: (readonly [string, string])[] = [
    ['location', displayLocation(detail.location)],
    ['id', detail.id],
    ['name', detail.name ?? '-'],
    ['description', detail.description ?? '-'],
    ['format', detail.format],
    ['version', `${detail.version} (${detail.timestamp})`],
    ['created', detail.createdAt ?? 'unknown'],
    ['last modified', detail.lastModified],
    ['partition columns', list(detail.partitionColumns)],
    ['clustering columns', list(detail.clusteringColumns)],
    ['files', count(detail.numFiles)],
    ['size', size(detail.sizeInBytes)],
    ['rows', count(detail.numRows)],
    ['deletion vectors', count(detail.numDeletionVectors)],
    ['own files', `${count(detail.ownedFiles)} (${size(detail.ownedBytes)})`],
    ['protocol', `reader ${detail.minReaderVersion}, writer ${detail.minWriterVersion}`],
    ['table features', list(detail.tableFeatures)],
    ['can be read', supportText(detail.support.read, detail)],
    ['can be written', supportText(detail.support.write, detail)],
  ];
  const properties = Object.entries(detail.properties).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of properties) rows.push([`property ${key}`, value]);
  const width = Math.max(...rows.map(([key]) => key.length));
  return rows.map(([key, value]) => `${printable(key).padEnd(width)}  ${printable(value)}`);
}

function supportText(isSupported: boolean, detail: TableDetail): string {
  if (isSupported) return 'yes';
  return `no: ${(detail.support.explanations ?? detail.support.reasons).join(', ')}`;
}
