/**
 * The few facts of a Parquet footer that we check ourselves, read from its bytes without the library that wrote them.
 * Source: parquet-format, parquet.thrift (FileMetaData) in Thrift's compact protocol.
 */

/** Thrift's compact type codes. */
const kinds = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
} as const;

const rowCountField = 3;
/** The length of the footer and the magic number behind it. */
export const footerTail = 8;

class ThriftReader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error('the footer ends too early');
    return value;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error('the footer holds a number that is too long');
  }

  zigzag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  skip(kind: number, depth = 0): void {
    if (depth > 32) throw new Error('the footer is nested too deeply');
    switch (kind) {
      case kinds.true:
      case kinds.false:
        return;
      case kinds.byte:
        this.byte();
        return;
      case kinds.i16:
      case kinds.i32:
      case kinds.i64:
        this.varint();
        return;
      case kinds.double:
        this.at += 8;
        return;
      case kinds.binary: {
        const length = Number(this.varint());
        this.at += length;
        return;
      }
      case kinds.list:
      case kinds.set: {
        const head = this.byte();
        const count = head >> 4 === 15 ? Number(this.varint()) : head >> 4;
        const element = head & 0x0f;
        // A boolean in a list takes a byte, unlike one in a struct.
        const each = element === kinds.true || element === kinds.false ? kinds.byte : element;
        for (let i = 0; i < count; i++) this.skip(each, depth + 1);
        return;
      }
      case kinds.struct:
        for (const field of this.fields()) this.skip(field.kind, depth + 1);
        return;
      default:
        throw new Error(`the footer holds an unknown type ${kind}`);
    }
  }

  /** The fields of a struct; the caller takes or skips the value of each before asking for the next. */
  *fields(): Generator<{ readonly id: number; readonly kind: number }, void, undefined> {
    let id = 0;
    for (;;) {
      const head = this.byte();
      const kind = head & 0x0f;
      if (kind === kinds.stop) return;
      id = head >> 4 === 0 ? Number(this.zigzag()) : id + (head >> 4);
      yield { id, kind };
    }
  }
}

/** Bytes of the footer of a file, from the last {@link footerTail} bytes of it. Throws where they are no Parquet. */
export function footerLength(end: Uint8Array): number {
  const last = end.subarray(-footerTail);
  if (last.byteLength < footerTail || String.fromCharCode(...last.subarray(4)) !== 'PAR1') {
    throw new Error('it does not end as a Parquet file does');
  }
  return new DataView(last.buffer, last.byteOffset).getUint32(0, true);
}

/** `num_rows` of a footer. Throws where it cannot be decoded. */
export function footerRowCount(footer: Uint8Array): bigint {
  const reader = new ThriftReader(footer);
  let rowCount: bigint | undefined;
  for (const { id, kind } of reader.fields()) {
    if (id === rowCountField && kind === kinds.i64) rowCount = reader.zigzag();
    else reader.skip(kind);
  }
  if (rowCount === undefined) throw new Error('the footer tells no number of rows');
  return rowCount;
}
