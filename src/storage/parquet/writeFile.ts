/** Writes one Parquet file from batches that are asked for one by one, giving its bytes away as they come. */
import { ReadableStream } from 'node:stream/web';
import {
  Compression,
  Table,
  transformParquetStream,
  WriterPropertiesBuilder,
} from 'parquet-wasm/node';
import type { RecordBatch } from 'parquet-wasm/node';
import type { ParquetJob } from './parquetMessages';

export async function writeFile(
  job: Extract<ParquetJob, { kind: 'write' }>,
  nextBatch: () => Promise<Uint8Array | null>,
  give: (bytes: Uint8Array) => Promise<unknown>,
): Promise<null> {
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.SNAPPY)
    .setMaxRowGroupSize(job.rowGroupSize)
    .setCreatedBy(job.createdBy)
    .setKeyValueMetadata(new Map(job.keyValues))
    .build();
  const batches = new ReadableStream<RecordBatch>(
    {
      pull: async (controller) => {
        for (;;) {
          const ipc = await nextBatch();
          if (ipc === null) {
            controller.close();
            return;
          }
          const table = Table.fromIPCStream(ipc);
          const found = table.recordBatches();
          table.free();
          for (const batch of found) controller.enqueue(batch); // the writer consumes it
          if (found.length > 0) return;
        }
      },
    },
    { highWaterMark: 0 },
  );
  const bytes = (await transformParquetStream(
    batches,
    properties,
  )) as unknown as ReadableStream<Uint8Array>;
  for await (const chunk of bytes) {
    if (chunk.byteLength > 0) await give(chunk.slice());
  }
  return null;
}
