/**
 * What a row shows for a column that its file does not have: null, or the column's EXISTS_DEFAULT, a constant that was computed when
 * the column was added and is kept as SQL text. Source: PROTOCOL.md, Default Columns.
 */
import { DeltaError } from '../errors';
import { describeType, type DataType, type StructField } from '../schema';
import { base64Text } from './numberText';
import { valueText } from './partitionValue';

/** The JSON text for a missing column. Throws `unsupported-read` for a default that is no plain constant. */
export function missingText(field: StructField, path: string): string {
  const expression = field.metadata.EXISTS_DEFAULT;
  if (typeof expression !== 'string') return 'null';
  const text = constantText(field.type, expression.trim());
  if (text !== undefined) return text;
  throw new DeltaError(
    'unsupported-read',
    `The column "${path}" is missing in older files of the table, and its default ${expression} (${describeType(field.type)}) is not a constant that can be shown. Choose other columns.`,
    { details: { column: path, expression } },
  );
}

function constantText(type: DataType, expression: string): string | undefined {
  if (/^null$/i.test(expression)) return 'null';
  const cast = /^cast\s*\((.*)\s+as\s+[a-z_ ]+(\([\d, ]*\))?\s*\)$/is.exec(expression);
  if (cast !== null) return constantText(type, (cast[1] ?? '').trim());
  const hex = /^x'((?:[0-9a-f]{2})*)'$/i.exec(expression);
  if (hex !== null) {
    const digits = hex[1] ?? '';
    const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
      parseInt(digits.slice(i * 2, i * 2 + 2), 16),
    );
    return type.kind === 'primitive' && type.name === 'binary'
      ? `"${base64Text(bytes)}"`
      : undefined;
  }
  const quoted =
    /^(?:(?:date|timestamp|timestamp_ntz|timestamp_ltz)\s*)?('(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")$/is.exec(
      expression,
    );
  if (quoted !== null) return valueText(type, unquote(quoted[1] ?? ''));
  const number = /^([+-]?\s*(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:l|s|y|bd|d|f)?$/i.exec(expression);
  if (number !== null) return valueText(type, (number[1] ?? '').replace(/\s+/g, ''));
  return /^(true|false)$/i.test(expression) ? valueText(type, expression) : undefined;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  '0': '\0',
  Z: '\u001a',
};

function unquote(literal: string): string {
  const quote = literal.charAt(0);
  return literal
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|.)|''|""/gs, (match, escaped: string | undefined) => {
      if (escaped === undefined) return match.startsWith(quote) ? quote : match;
      return escaped.length === 5
        ? String.fromCharCode(parseInt(escaped.slice(1), 16))
        : (escapes[escaped] ?? escaped);
    });
}
