/** Finds INT96 columns in a footer, without loading anything of Arrow: nearly every file has none. */
import { kinds, ThriftReader } from './thrift';

/** The field of a footer that holds its schema, as a list of elements. */
export const schemaField = 2;
const int96 = 3;
/** Where writers keep the Arrow schema that the decoder follows. */
export const arrowSchemaKey = 'ARROW:schema';

/** Whether each leaf of the file, in order, is an INT96. */
export function int96Leaves(schemaList: Uint8Array): boolean[] {
  const reader = new ThriftReader(schemaList);
  const head = reader.byte();
  const count = head >> 4 === 15 ? Number(reader.varint()) : head >> 4;
  const leaves: boolean[] = [];
  for (let i = 0; i < count; i++) {
    let type: number | undefined;
    let children = 0;
    for (const { id, kind } of reader.fields()) {
      if (id === 1 && kind === kinds.i32) type = Number(reader.zigzag());
      else if (id === 5 && kind === kinds.i32) children = Number(reader.zigzag());
      else reader.skip(kind);
    }
    if (children === 0 && type !== undefined) leaves.push(type === int96);
  }
  return leaves;
}

/** True where a footer has INT96 columns and no Arrow schema of its own that says how to read them. */
export function needsInt96Schema(footer: Uint8Array): boolean {
  const reader = new ThriftReader(footer);
  for (const { id, kind } of reader.fields()) {
    if (id !== schemaField) {
      reader.skip(kind);
      continue;
    }
    const start = reader.at;
    reader.skip(kind);
    if (!int96Leaves(footer.subarray(start, reader.at)).includes(true)) return false;
    return !Buffer.from(footer.buffer, footer.byteOffset, footer.byteLength).includes(
      arrowSchemaKey,
    );
  }
  return false;
}
