/** Enough of Thrift's compact protocol to walk a Parquet footer: what is not asked for is skipped. */

/** Thrift's compact type codes. */
export const kinds = {
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

export class ThriftReader {
  /** The position of the next byte. */
  at = 0;

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

/** A number as Thrift writes lengths and counts. */
export function varintBytes(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out.push((rest % 128) | 0x80);
  out.push(rest);
  return out;
}
