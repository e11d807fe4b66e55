/**
 * The few facts of a Parquet footer that we check ourselves, read from its bytes without the library that wrote them.
 * Source: parquet-format, parquet.thrift (FileMetaData) in Thrift's compact protocol.
 */
import { kinds, ThriftReader } from './thrift';

const rowCountField = 3;
/** The length of the footer and the magic number behind it. */
export const footerTail = 8;

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
