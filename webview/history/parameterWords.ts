/** Parameters of a commit with human names and readable values; the raw ones stay beside them. */
import { formatDuration, formatTimestampWithZone } from '../shared/format';
import { labelOf } from '../shared/metricWords';
import type { NamedValue } from '../shared/metricWords';
import { predicateInWords } from './operationWords';

/** Each parameter with its human name; JSON inside texts is laid out as a list. */
export function parametersInWords(
  parameters: Readonly<Record<string, string>> | null,
  timeZone: string,
): readonly NamedValue[] {
  return Object.entries(parameters ?? {})
    .filter(([, raw]) => raw !== '' && raw !== 'null')
    .map(([name, raw]) => ({
      name,
      label: parameterLabels.get(name) ?? labelOf(name),
      text: parameterText(name, raw, timeZone),
      raw,
    }));
}

/** `mode append, partition by addr_state`; empty lists and empty texts say nothing and are left out. */
export function parametersSummary(
  parameters: Readonly<Record<string, string>> | null,
  timeZone: string,
): string {
  return parametersInWords(parameters, timeZone)
    .filter(({ text }) => text !== '' && text !== 'none')
    .map(({ label, text }) => `${label.toLowerCase()}: ${text}`)
    .join('; ');
}

const parameterLabels = new Map([
  ['partitionBy', 'Partition by'],
  ['zOrderBy', 'Z-order by'],
  ['clusterBy', 'Cluster by'],
  ['sourceVersion', 'Source version'],
  ['isShallow', 'Shallow'],
  ['isManaged', 'Managed by the catalog'],
  ['defaultRetentionMillis', 'Default retention'],
  ['specifiedRetentionMillis', 'Retention asked for'],
  ['epochId', 'Batch'],
  ['queryId', 'Query'],
]);

function parameterText(name: string, raw: string, timeZone: string): string {
  if (/^(merge)?predicate$/i.test(name)) return predicateInWords(raw) ?? 'none';
  if (name.endsWith('Millis')) return formatDuration(raw);
  if (name === 'timestamp' && /^\d{4}-\d\d-\d\dT.*Z$/.test(raw))
    return formatTimestampWithZone(raw, timeZone);
  if (raw === 'true') return 'yes';
  if (raw === 'false') return 'no';
  if (!raw.startsWith('[') && !raw.startsWith('{')) return raw;
  try {
    return laidOut(JSON.parse(raw));
  } catch {
    return raw;
  }
}

function laidOut(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(laidOut).join(', ');
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.length === 0
      ? 'none'
      : entries.map(([key, inner]) => `${key} = ${laidOut(inner)}`).join(', ');
  }
  return typeof value === 'string' ? value.replaceAll(/(?<=[\w`])#\d+L?\b/g, '') : String(value);
}
