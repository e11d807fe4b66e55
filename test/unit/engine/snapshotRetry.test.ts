import { expect, it } from 'vitest';
import type { ColumnBatch, ColumnField } from '../../../src/engine/column';
import { buildColumn } from '../../../src/engine/columnBuilder';
import type { Engine } from '../../../src/engine/engine';
import { StoreError } from '../../../src/engine/errors';
import { openSnapshot } from '../../../src/engine/table';
import {
  addLine,
  memoryEngine,
  memoryRoot,
  metadataLine,
  protocolLine,
  writeLog,
} from '../../helpers/memoryTable';

const add: ColumnField = {
  name: 'add',
  nullable: true,
  type: {
    kind: 'struct',
    fields: [
      { name: 'path', type: { kind: 'utf8' }, nullable: true },
      { name: 'size', type: { kind: 'int64' }, nullable: true },
    ],
  },
};

function rowGroup(path: string): ColumnBatch {
  return { rowCount: 1, fields: [add], columns: [buildColumn(add.type, [{ path, size: 10 }])] };
}

/** An engine whose checkpoint has two row groups; the second cannot be had the first time it is asked for. */
function interruptedOnce(): Engine {
  const engine = memoryEngine();
  let isInterrupted = true;
  return {
    ...engine,
    parquet: {
      ...engine.parquet,
      metadata: async () => ({
        rowCount: 2,
        rowGroups: [
          { rowCount: 1, compressedSize: 1 },
          { rowCount: 1, compressedSize: 1 },
        ],
        fields: [add],
        keyValues: new Map(),
      }),
      readColumns: async function* ({ uri }) {
        yield rowGroup('a');
        if (isInterrupted) {
          isInterrupted = false;
          throw new StoreError('timeout', 'The store did not answer.', uri);
        }
        yield rowGroup('b');
      },
    },
  };
}

it('reads the files right when a first try ended in the middle of a checkpoint', async () => {
  const engine = interruptedOnce();
  await writeLog(engine, 0, [protocolLine, metadataLine, addLine('a')]);
  await writeLog(engine, 1, [addLine('b')]);
  await writeLog(engine, `${'1'.padStart(20, '0')}.checkpoint.parquet`, ['not looked at']);
  await writeLog(engine, 2, [protocolLine, metadataLine, addLine('c')]);
  const snapshot = await openSnapshot(engine, memoryRoot, 'latest');
  await expect(snapshot.files()).rejects.toMatchObject({ code: 'timeout' });
  expect(await snapshot.totals()).toMatchObject({ files: 3, bytes: 30 });
});
