/**
 * Timestamps of the type INT96, which Spark wrote for years. The decoder turns them into nanoseconds in 64 bits, which wrap
 * outside the years 1677 to 2262, so that 9999-12-31 would be read as 1816. It reads them as microseconds where the file holds
 * an Arrow schema that says so: the footer is given that schema before the decoder sees it. INT96 holds microseconds at most
 * as Spark writes it, and an instant, so the type becomes a timestamp in UTC.
 */
import {
  Field,
  List,
  Map_,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Timestamp,
  TimeUnit,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { arrowSchemaKey, int96Leaves, schemaField } from './int96Leaves';
import { kinds, ThriftReader, varintBytes } from './thrift';

const keyValueField = 5;

interface FooterField {
  readonly id: number;
  readonly kind: number;
  readonly value: Uint8Array;
}

function footerFields(footer: Uint8Array): FooterField[] {
  const reader = new ThriftReader(footer);
  const out: FooterField[] = [];
  for (const { id, kind } of reader.fields()) {
    const start = reader.at;
    reader.skip(kind);
    out.push({ id, kind, value: footer.subarray(start, reader.at) });
  }
  return out;
}

/** The footer with an Arrow schema by which INT96 columns are microseconds; `ipc` is the schema that the decoder found. */
export function withInt96Schema(footer: Uint8Array, ipc: Uint8Array): Uint8Array {
  const fields = footerFields(footer);
  const leaves = int96Leaves(
    fields.find(({ id }) => id === schemaField)?.value ?? new Uint8Array(1),
  );
  const found = tableFromIPC(ipc).schema;
  const next = leaves.values();
  const schema = new Schema(
    found.fields.map((field) => asMicroseconds(field, next)),
    found.metadata,
  );
  const encoded = Buffer.from(tableToIPC(new Table(schema, []), 'stream')).toString('base64');
  const pair = keyValue(arrowSchemaKey, encoded);
  const own = fields.find(({ id }) => id === keyValueField);
  const withPair: FooterField = {
    id: keyValueField,
    kind: kinds.list,
    value: appended(own?.value, pair),
  };
  const all = [...fields.filter(({ id }) => id !== keyValueField), withPair].sort(
    (a, b) => a.id - b.id,
  );
  const parts: Uint8Array[] = [];
  let last = 0;
  for (const { id, kind, value } of all) {
    const delta = id - last;
    parts.push(
      delta > 0 && delta < 16
        ? Uint8Array.of((delta << 4) | kind)
        : Uint8Array.of(kind, ...varintBytes(id * 2)),
      value,
    );
    last = id;
  }
  return new Uint8Array(Buffer.concat([...parts, Uint8Array.of(kinds.stop)]));
}

function asMicroseconds(field: Field, leaves: Iterator<boolean>): Field {
  const type = field.type as DataType;
  return new Field(field.name, typeWithMicroseconds(type, leaves), field.nullable, field.metadata);
}

function typeWithMicroseconds(type: DataType, leaves: Iterator<boolean>): DataType {
  const children = (type.children as Field[] | null | undefined) ?? [];
  if (children.length === 0) {
    return leaves.next().value === true ? new Timestamp(TimeUnit.MICROSECOND, 'UTC') : type;
  }
  const changed = children.map((child) => asMicroseconds(child, leaves));
  const [first] = changed;
  if (type instanceof Struct) return new Struct(changed);
  if (first === undefined) return type;
  if (type instanceof Map_) {
    const map = new Map_(first as never, type.keysSorted);
    Object.assign(map.children[0] as object, { name: first.name });
    return map;
  }
  return type instanceof List ? new List(first) : type;
}

function keyValue(key: string, value: string): Uint8Array {
  const text = (content: string): number[] => [
    (1 << 4) | kinds.binary,
    ...varintBytes(Buffer.byteLength(content)),
  ];
  return new Uint8Array(
    Buffer.concat([
      Uint8Array.from(text(key)),
      Buffer.from(key),
      Uint8Array.from(text(value)),
      Buffer.from(value),
      Uint8Array.of(kinds.stop),
    ]),
  );
}

/** A list of structs with one more at its end. */
function appended(list: Uint8Array | undefined, element: Uint8Array): Uint8Array {
  let count = 0;
  let from = 0;
  if (list !== undefined) {
    const reader = new ThriftReader(list);
    const head = reader.byte();
    count = head >> 4 === 15 ? Number(reader.varint()) : head >> 4;
    from = reader.at;
  }
  const size = count + 1;
  const head =
    size < 15 ? [(size << 4) | kinds.struct] : [0xf0 | kinds.struct, ...varintBytes(size)];
  return new Uint8Array(
    Buffer.concat([Uint8Array.from(head), list?.subarray(from) ?? new Uint8Array(0), element]),
  );
}
