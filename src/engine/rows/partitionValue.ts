/** Partition values, which the log holds as text. Source: PROTOCOL.md, Partition Value Serialization. */
import { DeltaError } from '../errors';
import { describeType, type DataType } from '../schema';
import { dateText, microsText, parseDate, parseTimestamp } from './calendar';
import { base64Text, decimalText, doubleText, floatText, parseDecimal } from './numberText';

const encoder = new TextEncoder();

/**
 * The JSON text of a partition value. Absent, null and empty stand for null, whatever the type. Throws `invalid-log` for a text that
 * is no value of the type.
 */
export function partitionText(
  type: DataType,
  value: string | null | undefined,
  context: { readonly column: string; readonly source: string },
): string {
  if (value === undefined || value === null || value === '') return 'null';
  const text = valueText(type, value);
  if (text !== undefined) return text;
  throw new DeltaError(
    'invalid-log',
    `The partition value "${value}" of ${context.source} is no ${describeType(type)}, the type of its column "${context.column}".`,
    { details: { column: context.column, value, type: describeType(type) } },
  );
}

/** The JSON text of a value that is written as text, or undefined where it is no value of the type. */
export function valueText(type: DataType, value: string): string | undefined {
  if (type.kind === 'decimal') {
    const unscaled = parseDecimal(value, type.scale);
    return unscaled === undefined ? undefined : `"${decimalText(unscaled, type.scale)}"`;
  }
  if (type.kind !== 'primitive') return undefined;
  switch (type.name) {
    case 'string':
      return JSON.stringify(value);
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return /^[+-]?\d+$/.test(value) ? BigInt(value.replace(/^\+/, '')).toString() : undefined;
    case 'float': {
      const number = parseFloating(value);
      return number === undefined ? undefined : floatText(Math.fround(number));
    }
    case 'double': {
      const number = parseFloating(value);
      return number === undefined ? undefined : doubleText(number);
    }
    case 'boolean':
      return /^(true|false)$/i.test(value) ? value.toLowerCase() : undefined;
    case 'binary':
      return `"${base64Text(encoder.encode(value))}"`;
    case 'date': {
      const days = parseDate(value);
      return days === undefined ? undefined : `"${dateText(days)}"`;
    }
    case 'timestamp': {
      const micros = parseTimestamp(value);
      return micros === undefined ? undefined : `"${microsText(micros)}Z"`;
    }
    case 'timestamp_ntz': {
      const micros = parseTimestamp(value);
      return micros === undefined ? undefined : `"${microsText(micros)}"`;
    }
    case 'void':
      return 'null';
    default:
      return /^(var)?char\(\d+\)$/.test(type.name) ? JSON.stringify(value) : undefined;
  }
}

function parseFloating(text: string): number | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
