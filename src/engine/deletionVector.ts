/**
 * Deletion vectors: where a descriptor points, and which rows it deletes.
 * Source: PROTOCOL.md, Deletion Vectors; what writers do beyond it: delta-semantics.md 9.
 */
import type { DeletionVector } from './actions';
import { DeltaError, isStoreError } from './errors';
import type { CallOptions, ObjectStore } from './objectStore';
import { joinUri, resolvePath, writtenUri, type ObjectUri } from './objectUri';
import { crc32 } from './util/crc32';
import { decodeRowBitmap, RoaringError, type RowBitmap } from './util/roaring';
import { decodeUuid, decodeZ85, encodeUuid } from './util/z85';

/** Characters of a UUID in a descriptor; what stands before them is a folder. */
const uuidLength = 20;
/** The only version of the file format. */
const fileVersion = 1;

/** The UUID that a `u` vector's file is named by; undefined for the other storage types. Throws `invalid-log` for a broken one. */
export function vectorUuid(vector: DeletionVector): string | undefined {
  if (vector.storageType !== 'u') return undefined;
  const uuid = decodeUuid(vector.pathOrInlineDv.slice(-uuidLength));
  if (uuid === undefined) {
    throw new DeltaError(
      'invalid-log',
      `The deletion vector "${vector.pathOrInlineDv}" names no UUID.`,
    );
  }
  return uuid;
}

/** What stands in the descriptor for a file `deletion_vector_<uuid>.bin` directly below the root. Throws `invalid-argument`. */
export function vectorReference(uuid: string): string {
  const text = encodeUuid(uuid);
  if (text === undefined) throw new DeltaError('invalid-argument', `"${uuid}" is not a UUID.`);
  return text;
}

/** The decoded path of a `u` or `r` vector's file below the root; undefined for the other storage types. */
export function relativeVectorPath(vector: DeletionVector): string | undefined {
  if (vector.storageType === 'r') return vector.pathOrInlineDv;
  const uuid = vectorUuid(vector);
  if (uuid === undefined) return undefined;
  const prefix = vector.pathOrInlineDv.slice(0, -uuidLength);
  return `${prefix === '' ? '' : `${prefix}/`}deletion_vector_${uuid}.bin`;
}

/** The file that holds a vector; undefined for an inline one. Throws `unsupported-read` for a storage type that is not known. */
export function vectorFileUri(root: ObjectUri, vector: DeletionVector): ObjectUri | undefined {
  switch (vector.storageType) {
    case 'i':
      return undefined;
    case 'p':
      return resolvePath(root, vector.pathOrInlineDv);
    default: {
      const path = relativeVectorPath(vector);
      if (path !== undefined) return joinUri(root, path);
      throw new DeltaError(
        'unsupported-read',
        `A deletion vector of ${root} has the storage type "${vector.storageType}", which this version does not know.`,
        { details: { table: root, storageType: vector.storageType } },
      );
    }
  }
}

/**
 * The same vector as another table can name it: a relative one becomes absolute (`p`, encoded URI), the others stay as they are.
 * Source: delta-semantics.md 3.2.
 */
export function toAbsoluteVector(root: ObjectUri, vector: DeletionVector): DeletionVector {
  if (vector.storageType === 'i' || vector.storageType === 'p') return vector;
  const uri = vectorFileUri(root, vector);
  return uri === undefined
    ? vector
    : { ...vector, storageType: 'p', pathOrInlineDv: writtenUri(uri) };
}

/** Whose vector is read, for messages. */
export interface VectorTable {
  readonly root: ObjectUri;
  readonly version?: number;
}

/**
 * The rows that a vector deletes. The size, the checksum (of stored vectors) and the cardinality are verified: a vector that is
 * not exactly what the log says would show deleted rows again. Throws `corrupt-file` and `missing-files`, StoreErrors as they come.
 */
export async function readVector(
  store: ObjectStore,
  table: VectorTable,
  vector: DeletionVector,
  options: CallOptions = {},
): Promise<RowBitmap> {
  const file = vectorFileUri(table.root, vector);
  const payload =
    file === undefined
      ? inlinePayload(table, vector)
      : await storedPayload(store, table, vector, file, options);
  let rows: RowBitmap;
  try {
    rows = decodeRowBitmap(payload);
  } catch (error) {
    if (error instanceof RoaringError) throw corrupt(table, vector, file, error.message, error);
    throw error;
  }
  if (rows.cardinality !== vector.cardinality) {
    throw corrupt(
      table,
      vector,
      file,
      `it holds ${rows.cardinality} rows where the log tells ${vector.cardinality}`,
    );
  }
  return rows;
}

function inlinePayload(table: VectorTable, vector: DeletionVector): Uint8Array {
  const bytes = decodeZ85(vector.pathOrInlineDv);
  if (bytes === undefined) throw corrupt(table, vector, undefined, 'its text is not Z85');
  if (bytes.length < vector.sizeInBytes)
    throw corrupt(table, vector, undefined, 'its text is too short');
  return bytes.subarray(0, vector.sizeInBytes);
}

async function storedPayload(
  store: ObjectStore,
  table: VectorTable,
  vector: DeletionVector,
  file: ObjectUri,
  options: CallOptions,
): Promise<Uint8Array> {
  const size = vector.sizeInBytes;
  // The first vector stands behind the version byte; writers that leave the offset out mean 0 or 1.
  const start = vector.offset === 1 || vector.offset === undefined ? 0 : vector.offset;
  let bytes: Uint8Array;
  try {
    bytes = await store.read(file, {
      ...options,
      range: { start, end: (vector.offset ?? 1) + size + 8 },
    });
  } catch (error) {
    if (isStoreError(error, 'not-found')) throw missing(table, file, error);
    throw error;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const candidates = vector.offset === undefined ? [1, 0] : [vector.offset - start];
  const at = candidates.find(
    (offset) => offset + 4 <= view.byteLength && view.getInt32(offset) === size,
  );
  if (at === undefined)
    throw corrupt(table, vector, file, `no vector of ${size} bytes stands at its offset`);
  if (start === 0 && at === 1 && view.getUint8(0) !== fileVersion) {
    throw corrupt(table, vector, file, `its format version ${view.getUint8(0)} is not known`);
  }
  const end = at + 4 + size;
  if (end + 4 > view.byteLength) throw corrupt(table, vector, file, 'it ends too early');
  const payload = bytes.subarray(at + 4, end);
  if (crc32(payload) !== view.getUint32(end))
    throw corrupt(table, vector, file, 'its checksum does not match');
  return payload;
}

function ofTable({ root, version }: VectorTable): string {
  return version === undefined ? `table ${root}` : `table ${root} (version ${version})`;
}

function corrupt(
  table: VectorTable,
  vector: DeletionVector,
  file: ObjectUri | undefined,
  why: string,
  cause?: unknown,
): DeltaError {
  const where =
    file === undefined
      ? `inline deletion vector "${vector.pathOrInlineDv}"`
      : `deletion vector file ${file}`;
  return new DeltaError(
    'corrupt-file',
    `The ${where} of ${ofTable(table)} cannot be used: ${why}. ` +
      'Restore the file from a backup, or restore the table to a version that does not use it.',
    { details: { table: table.root, version: table.version, file: file ?? null }, cause },
  );
}

function missing(table: VectorTable, file: ObjectUri, cause: unknown): DeltaError {
  return new DeltaError(
    'missing-files',
    `The deletion vector file ${file}, which ${ofTable(table)} needs, is not in storage. ` +
      'Bring the file back from a backup, or restore the table to a version that does not use it.',
    { details: { table: table.root, version: table.version, files: [file] }, cause },
  );
}
