/**
 * Identity columns remember the last value they gave out. When a table takes over another schema, the mark further out of the two
 * stays, so that no value is given out twice. Source: PROTOCOL.md, Identity Columns; delta-semantics.md 2.2.
 */
import { isJsonObject, parseJson, stringifyJson, type Json, type JsonObject } from '../util/json';

const highWaterMark = 'delta.identity.highWaterMark';
const step = 'delta.identity.step';

/** `schemaString` with each identity column's mark merged with that of `current`; the same text where nothing changes. */
export function mergeIdentityMarks(schemaString: string, current: string): string {
  if (!current.includes(highWaterMark)) return schemaString;
  const marks = new Map(
    fieldsOf(parseJson(current)).flatMap((field): [string, bigint][] => {
      const mark = longOf(metadataOf(field)[highWaterMark]);
      return mark === undefined ? [] : [[physicalNameOf(field), mark]];
    }),
  );
  const schema = parseJson(schemaString);
  let isChanged = false;
  const fields = fieldsOf(schema).map((field): Json => {
    const metadata = metadataOf(field);
    const mark = marks.get(physicalNameOf(field));
    if (mark === undefined || !(step in metadata)) return field;
    const own = longOf(metadata[highWaterMark]);
    const isNegative = (longOf(metadata[step]) ?? 1n) < 0n;
    const isBehind = own === undefined || (isNegative ? mark < own : mark > own);
    if (!isBehind) return field;
    isChanged = true;
    return { ...field, metadata: { ...metadata, [highWaterMark]: asLong(mark) } };
  });
  return isChanged && isJsonObject(schema) ? stringifyJson({ ...schema, fields }) : schemaString;
}

function fieldsOf(schema: Json): readonly JsonObject[] {
  const fields = isJsonObject(schema) ? schema.fields : undefined;
  return Array.isArray(fields)
    ? (fields as readonly Json[]).filter((field) => isJsonObject(field))
    : [];
}

function metadataOf(field: JsonObject): JsonObject {
  return isJsonObject(field.metadata) ? field.metadata : {};
}

function physicalNameOf(field: JsonObject): string {
  const physical = metadataOf(field)['delta.columnMapping.physicalName'];
  if (typeof physical === 'string') return physical;
  return typeof field.name === 'string' ? field.name : '';
}

function longOf(value: Json | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

function asLong(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
