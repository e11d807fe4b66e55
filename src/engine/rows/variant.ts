/**
 * The binary form of variants as JSON text. Sources: the Variant Binary Encoding specification of Apache Parquet; how the values
 * look as JSON is what engines show: numbers and decimals as numbers, dates, times, binary (base64) and UUIDs as strings.
 */
import { dateText, microsText, nanosToMicros } from './calendar';
import { base64Text, decimalText, doubleText, floatText } from './numberText';

/** Why bytes are no variant; the caller knows the column. */
export class VariantError extends Error {
  override readonly name = 'VariantError';
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });
/** Deeper than any engine writes; a guard against bytes that point at themselves. */
const deepest = 500;

/** The field names of one variant value. */
export class VariantMetadata {
  private readonly view: DataView;
  private readonly width: number;
  private readonly size: number;
  private readonly names: (string | undefined)[] = [];

  constructor(private readonly bytes: Uint8Array) {
    this.view = viewOf(bytes);
    const header = byteAt(this.view, 0);
    if ((header & 0x0f) !== 1) throw new VariantError(`its version ${header & 0x0f} is not known`);
    this.width = (header >> 6) + 1;
    this.size = unsigned(this.view, 1, this.width);
  }

  name(id: number): string {
    if (id >= this.size) throw new VariantError(`it names the field ${id} of ${this.size}`);
    let name = this.names[id];
    if (name === undefined) {
      const { width } = this;
      const texts = 1 + width * (this.size + 2);
      const start = texts + unsigned(this.view, 1 + width * (id + 1), width);
      const end = texts + unsigned(this.view, 1 + width * (id + 2), width);
      name = decoder.decode(slice(this.bytes, start, end - start));
      this.names[id] = name;
    }
    return name;
  }
}

/** The JSON text of a variant value. Throws {@link VariantError} for bytes that are none. */
export function variantText(metadata: VariantMetadata, value: Uint8Array): string {
  return new Value(metadata, value).text(0, 0);
}

/** The properties of a variant that is an object, by name, as JSON text; undefined for other values. */
export function variantObject(
  metadata: VariantMetadata,
  value: Uint8Array,
): Map<string, string> | undefined {
  return (byteAt(viewOf(value), 0) & 3) === basicObject
    ? new Map(new Value(metadata, value).entries(0, 0))
    : undefined;
}

/** Objects show their properties in the order of their names, as the encoding keeps them. */
export function objectText(entries: Iterable<readonly [string, string]>): string {
  const parts: string[] = [];
  for (const [name, text] of entries) parts.push(`${JSON.stringify(name)}:${text}`);
  return `{${parts.join(',')}}`;
}

const basicPrimitive = 0;
const basicShortString = 1;
const basicObject = 2;

class Value {
  private readonly view: DataView;

  constructor(
    private readonly metadata: VariantMetadata,
    private readonly bytes: Uint8Array,
  ) {
    this.view = viewOf(bytes);
  }

  text(at: number, depth: number): string {
    if (depth > deepest) throw new VariantError('it is nested too deep');
    const header = byteAt(this.view, at);
    const basic = header & 3;
    switch (basic) {
      case basicPrimitive:
        return this.primitive(header >> 2, at + 1);
      case basicShortString:
        return JSON.stringify(decoder.decode(slice(this.bytes, at + 1, header >> 2)));
      case basicObject:
        return objectText(this.entries(at, depth));
      default:
        return this.array(at, depth);
    }
  }

  entries(at: number, depth: number): (readonly [string, string])[] {
    const header = byteAt(this.view, at) >> 2;
    const offsetWidth = (header & 3) + 1;
    const idWidth = ((header >> 2) & 3) + 1;
    const countWidth = (header & 0x10) === 0 ? 1 : 4;
    const count = unsigned(this.view, at + 1, countWidth);
    const ids = at + 1 + countWidth;
    const offsets = ids + count * idWidth;
    const values = offsets + (count + 1) * offsetWidth;
    if (values > this.bytes.length) throw new VariantError('its bytes end too early');
    return Array.from({ length: count }, (_, i) => {
      const name = this.metadata.name(unsigned(this.view, ids + i * idWidth, idWidth));
      const offset = unsigned(this.view, offsets + i * offsetWidth, offsetWidth);
      return [name, this.text(values + offset, depth + 1)] as const;
    });
  }

  private array(at: number, depth: number): string {
    const header = byteAt(this.view, at) >> 2;
    const offsetWidth = (header & 3) + 1;
    const countWidth = (header & 4) === 0 ? 1 : 4;
    const count = unsigned(this.view, at + 1, countWidth);
    const offsets = at + 1 + countWidth;
    const values = offsets + (count + 1) * offsetWidth;
    if (values > this.bytes.length) throw new VariantError('its bytes end too early');
    const parts: string[] = [];
    for (let i = 0; i < count; i++) {
      const offset = unsigned(this.view, offsets + i * offsetWidth, offsetWidth);
      parts.push(this.text(values + offset, depth + 1));
    }
    return `[${parts.join(',')}]`;
  }

  private primitive(type: number, at: number): string {
    const { view } = this;
    const width = primitiveWidths[type] ?? 0;
    if (at + width > this.bytes.length) throw new VariantError('its bytes end too early');
    switch (type) {
      case 0:
        return 'null';
      case 1:
        return 'true';
      case 2:
        return 'false';
      case 3:
        return String(view.getInt8(at));
      case 4:
        return String(view.getInt16(at, true));
      case 5:
        return String(view.getInt32(at, true));
      case 6:
        return view.getBigInt64(at, true).toString();
      case 7:
        return doubleText(view.getFloat64(at, true));
      case 8:
        return decimalText(BigInt(view.getInt32(at + 1, true)), view.getUint8(at));
      case 9:
        return decimalText(view.getBigInt64(at + 1, true), view.getUint8(at));
      case 10: {
        const low = view.getBigUint64(at + 1, true);
        return decimalText((view.getBigInt64(at + 9, true) << 64n) | low, view.getUint8(at));
      }
      case 11:
        return `"${dateText(view.getInt32(at, true))}"`;
      case 12:
        return `"${microsText(view.getBigInt64(at, true))}Z"`;
      case 13:
        return `"${microsText(view.getBigInt64(at, true))}"`;
      case 14:
        return floatText(view.getFloat32(at, true));
      case 15:
        return `"${base64Text(this.sized(at))}"`;
      case 16:
        return JSON.stringify(decoder.decode(this.sized(at)));
      case 17:
        return `"${microsText(view.getBigInt64(at, true)).slice('1970-01-01T'.length)}"`;
      case 18:
        return `"${microsText(nanosToMicros(view.getBigInt64(at, true)))}Z"`;
      case 19:
        return `"${microsText(nanosToMicros(view.getBigInt64(at, true)))}"`;
      case 20:
        return `"${uuidText(slice(this.bytes, at, 16))}"`;
      default:
        throw new VariantError(`its type ${type} is not known`);
    }
  }

  /** Bytes behind a length of four bytes. */
  private sized(at: number): Uint8Array {
    return slice(this.bytes, at + 4, unsigned(this.view, at, 4));
  }
}

/** Bytes that each primitive type needs at least, by its number. */
const primitiveWidths: readonly number[] = [
  0, 0, 0, 1, 2, 4, 8, 8, 5, 9, 17, 4, 8, 8, 4, 4, 4, 8, 8, 8, 16,
];

/** A UUID of 16 big-endian bytes. */
export function uuidText(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function byteAt(view: DataView, at: number): number {
  if (at >= view.byteLength) throw new VariantError('its bytes end too early');
  return view.getUint8(at);
}

function unsigned(view: DataView, at: number, width: number): number {
  if (at + width > view.byteLength) throw new VariantError('its bytes end too early');
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + view.getUint8(at + i);
  return value;
}

function slice(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (length < 0 || start + length > bytes.length)
    throw new VariantError('its bytes end too early');
  return bytes.subarray(start, start + length);
}
