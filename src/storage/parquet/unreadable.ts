/** Errors inside the worker whose cause is the file: bytes that are no Parquet, or a wrong claim about their size. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

export function isUnreadable(error: unknown): boolean {
  return error instanceof UnreadableFile;
}
