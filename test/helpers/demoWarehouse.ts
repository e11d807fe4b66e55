/**
 * The demo warehouse: two stories that the field tells about clones. `loan_details_delta` has a deep clone that its source ran away
 * from (disaster recovery); `member_claims_prod` has a shallow clone for development and a deep one as a backup.
 */
import type { Action, AddFile } from '../../src/engine/actions';
import type { Engine } from '../../src/engine/engine';
import { joinUri, type ObjectUri } from '../../src/engine/objectUri';
import { inventedName, pick, seededRandom } from './invented';
import { TableWriter, type Row, type TableSpec, type WriteInfo } from './tableWriter';

/** Makes a clone through the product's own plan and execution. */
export type CloneMaker = (
  kind: 'shallow-clone' | 'deep-clone',
  source: ObjectUri,
  target: ObjectUri,
  version: number,
) => Promise<void>;

export interface DemoContext {
  /** Its clock is moved by `at`. */
  readonly engine: Engine;
  readonly clone: CloneMaker;
  /** Sets the clock to some days (and hours) before today, runs the step, and dates the files it wrote in `root`. */
  at(root: ObjectUri, daysAgo: number, hour: number, step: () => Promise<unknown>): Promise<void>;
}

/** Makes the five tables below `folder`. */
export async function makeDemoWarehouse(context: DemoContext, folder: ObjectUri): Promise<void> {
  await makeLoans(context, folder);
  await makeClaims(context, folder);
}

const states = ['AZ', 'CA', 'CO', 'FL', 'GA', 'IL', 'NY', 'OH', 'TX', 'WA'] as const;

const loanSpec: TableSpec = {
  name: 'loan_details_delta',
  description: 'Loans by state; the primary site of a disaster recovery pair.',
  partitionColumns: ['addr_state'],
  protocol: { minReaderVersion: 1, minWriterVersion: 2 },
  fields: [
    { name: 'loan_id', type: 'long', comment: 'Identifies the loan' },
    { name: 'borrower', type: 'string' },
    { name: 'purpose', type: 'string' },
    { name: 'grade', type: 'string', comment: 'A is the safest' },
    { name: 'funded_amnt', type: { precision: 12, scale: 2 }, comment: 'In US dollars' },
    { name: 'int_rate', type: 'double', comment: 'Percent a year' },
    { name: 'issue_date', type: 'date' },
    { name: 'addr_state', type: 'string', comment: 'State of the borrower' },
  ],
};

const purposes = [
  'car',
  'debt consolidation',
  'home improvement',
  'medical',
  'moving',
  'small business',
] as const;
const firstLoanDay = Math.floor(Date.UTC(2026, 0, 5) / 86_400_000);

function loans(state: string, firstId: number, count: number, seed: number): readonly Row[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => ({
    loan_id: BigInt(firstId + i),
    borrower: inventedName(random),
    purpose: pick(random, purposes),
    grade: pick(random, ['A', 'B', 'C', 'D', 'E']),
    funded_amnt: BigInt(100_000 + Math.floor(random() * 3_400_000)),
    int_rate: Math.round((5 + random() * 18) * 100) / 100,
    issue_date: firstLoanDay + Math.floor(random() * 240),
    addr_state: state,
  }));
}

async function makeLoans(context: DemoContext, folder: ObjectUri): Promise<void> {
  const root = joinUri(folder, 'loan_details_delta');
  const cloneRoot = joinUri(folder, 'loan_details_delta_clone');
  const writer = new TableWriter(context.engine, root, loanSpec, context.engine.ids.uuid());
  const files = new Map<string, { add: AddFile; rows: readonly Row[] }>();
  const write = async (state: string, rows: readonly Row[]): Promise<Action> => {
    const add = await writer.writeFile(rows);
    files.set(state, { add, rows });
    return { kind: 'add', add };
  };
  await context.at(root, 21, 9, async () => {
    const adds: Action[] = [];
    for (const [i, state] of states.entries()) {
      adds.push(
        await write(state, loans(state, 10_000 + i * 1000, 180 + ((i * 37) % 90), 100 + i)),
      );
    }
    await writer.create(adds, {
      ...by('dana.birchford', 'Loans intake'),
      operation: 'WRITE',
      operationParameters: { mode: 'Overwrite', partitionBy: '["addr_state"]' },
      metrics: writeMetrics(adds),
    });
  });
  await context.at(root, 18, 7, async () => {
    const adds: Action[] = [];
    for (const [i, state] of (['NY', 'TX'] as const).entries()) {
      adds.push({
        kind: 'add',
        add: await writer.writeFile(loans(state, 30_000 + i * 1000, 120, 200 + i)),
      });
    }
    await writer.commit(adds, {
      ...by('loans-nightly', 'Nightly append'),
      operation: 'WRITE',
      operationParameters: { mode: 'Append', partitionBy: '["addr_state"]' },
      metrics: writeMetrics(adds),
      isBlindAppend: true,
    });
  });
  await context.at(cloneRoot, 17, 2, () => context.clone('deep-clone', root, cloneRoot, 1));
  await context.at(root, 6, 11, () => mergeLoans(writer, files));
  await context.at(root, 2, 16, async () => {
    const ohio = files.get('OH');
    if (ohio === undefined) return;
    await writer.commit([writer.remove(ohio.add)], {
      ...by('dana.birchford', 'Clean-up'),
      operation: 'DELETE',
      operationParameters: { predicate: '["(addr_state = \'OH\')"]' },
      metrics: {
        numRemovedFiles: 1,
        numRemovedBytes: ohio.add.size,
        numCopiedRows: 0,
        numDeletionVectorsAdded: 0,
        numAddedChangeFiles: 0,
        executionTimeMs: 812,
        numDeletedRows: ohio.rows.length,
        numAddedFiles: 0,
        numAddedBytes: 0,
      },
    });
  });
}

/** Corrects amounts in Texas and brings new loans to Ohio: whole files are rewritten. */
async function mergeLoans(
  writer: TableWriter,
  files: Map<string, { add: AddFile; rows: readonly Row[] }>,
): Promise<void> {
  const actions: Action[] = [];
  let updated = 0;
  for (const state of ['TX', 'OH']) {
    const before = files.get(state);
    if (before === undefined) continue;
    const rows =
      state === 'TX'
        ? before.rows.map((row) => {
            if (row.grade !== 'A') return row;
            updated++;
            return { ...row, funded_amnt: (row.funded_amnt as bigint) + 50_000n };
          })
        : [...before.rows, ...loans('OH', 50_000, 60, 300)];
    const add = await writer.writeFile(rows);
    actions.push(writer.remove(before.add), { kind: 'add', add });
    files.set(state, { add, rows });
  }
  await writer.commit(actions, {
    ...by('loans-nightly', 'Corrections'),
    operation: 'MERGE',
    operationParameters: {
      predicate: '["(t.loan_id = s.loan_id)"]',
      matchedPredicates: '[{"actionType":"update"}]',
      notMatchedPredicates: '[{"actionType":"insert"}]',
      notMatchedBySourcePredicates: '[]',
    },
    metrics: {
      numTargetRowsUpdated: updated,
      numTargetRowsInserted: 60,
      numTargetRowsDeleted: 0,
      numTargetRowsCopied: (files.get('TX')?.rows.length ?? 0) - updated,
      numTargetFilesAdded: 2,
      numTargetFilesRemoved: 2,
      numOutputRows: (files.get('TX')?.rows.length ?? 0) + 60,
      executionTimeMs: 2140,
    },
  });
}

const claimSpec: TableSpec = {
  name: 'member_claims_prod',
  description: 'Claims of members as they are adjudicated.',
  partitionColumns: [],
  configuration: { 'delta.enableDeletionVectors': 'true' },
  protocol: {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['deletionVectors'],
    writerFeatures: ['appendOnly', 'deletionVectors', 'invariants'],
  },
  fields: [
    { name: 'claim_id', type: 'string', comment: 'Identifies the claim' },
    { name: 'member_id', type: 'string' },
    { name: 'member_name', type: 'string' },
    { name: 'provider_npi', type: 'string', comment: 'Ten digits' },
    { name: 'diagnosis_code', type: 'string', comment: 'ICD-10' },
    { name: 'claim_amount', type: { precision: 10, scale: 2 }, comment: 'In US dollars' },
    { name: 'service_date', type: 'date' },
    { name: 'adjudication_status', type: 'string', comment: 'PENDING, APPROVED or DENIED' },
    { name: 'last_updated', type: 'timestamp' },
  ],
};

const diagnoses = ['E11.9', 'I10', 'J44.0', 'M79.3', 'K21.9', 'F41.1', 'N39.0', 'R51.9'] as const;
const firstClaimDay = Math.floor(Date.UTC(2026, 5, 1) / 86_400_000);

function claims(firstNumber: number, count: number, seed: number): readonly Row[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const day = firstClaimDay + Math.floor(random() * 120);
    return {
      claim_id: `CLM-${String(firstNumber + i).padStart(6, '0')}`,
      member_id: `MEM-${10_000 + Math.floor(random() * 90_000)}`,
      member_name: inventedName(random),
      provider_npi: `1${String(Math.floor(random() * 1e9)).padStart(9, '0')}`,
      diagnosis_code: pick(random, diagnoses),
      claim_amount: BigInt(2500 + Math.floor(random() * 480_000)),
      service_date: day,
      adjudication_status: pick(random, ['PENDING', 'APPROVED', 'APPROVED', 'DENIED']),
      last_updated:
        BigInt(day + 3) * 86_400_000_000n + BigInt(Math.floor(random() * 86_400_000_000)),
    };
  });
}

/** Versions 0 to 4: create, write, update (a vector and one small file), write, compaction. */
async function makeClaims(context: DemoContext, folder: ObjectUri): Promise<void> {
  const root = joinUri(folder, 'member_claims_prod');
  const writer = new TableWriter(context.engine, root, claimSpec, context.engine.ids.uuid());
  let live: { add: AddFile; rows: readonly Row[] }[] = [];
  await context.at(root, 16, 8, () =>
    writer.create([], {
      ...by('iris.stonewick', 'Claims set-up'),
      operation: 'CREATE OR REPLACE TABLE',
      operationParameters: {
        isManaged: 'false',
        description: claimSpec.description ?? null,
        partitionBy: '[]',
        properties: '{"delta.enableDeletionVectors":"true"}',
      },
      metrics: {},
      isBlindAppend: true,
    }),
  );
  const append = async (sizes: readonly number[], first: number, seed: number): Promise<void> => {
    const actions: Action[] = [];
    let next = first;
    for (const [i, size] of sizes.entries()) {
      const rows = claims(next, size, seed + i);
      next += size;
      const add = await writer.writeFile(rows);
      live.push({ add, rows });
      actions.push({ kind: 'add', add });
    }
    await writer.commit(actions, {
      ...by('claims-nightly', 'Claims load'),
      operation: 'WRITE',
      operationParameters: { mode: 'Append', partitionBy: '[]' },
      metrics: writeMetrics(actions),
      isBlindAppend: true,
    });
  };
  await context.at(root, 15, 3, () => append([800, 650, 500], 1, 400));
  await context.at(root, 9, 14, async () => {
    live = await approveFirstFile(writer, live);
  });
  await context.at(root, 5, 3, () => append([350], 2000, 500));
  await context.at(root, 4, 3, async () => {
    live = await compact(writer, live);
  });
  await context.at(joinUri(folder, 'member_claims_dev'), 3, 10, () =>
    context.clone('shallow-clone', root, joinUri(folder, 'member_claims_dev'), 4),
  );
  await context.at(joinUri(folder, 'member_claims_backup'), 1, 1, () =>
    context.clone('deep-clone', root, joinUri(folder, 'member_claims_backup'), 4),
  );
}

type LiveFile = { readonly add: AddFile; readonly rows: readonly Row[] };

/** The pending claims of the first file are approved: their old rows go into a vector, the new ones into a small file. */
async function approveFirstFile(
  writer: TableWriter,
  live: readonly LiveFile[],
): Promise<LiveFile[]> {
  const [first, ...others] = live;
  if (first === undefined) return [];
  const positions = first.rows.flatMap((row, i) =>
    row.adjudication_status === 'PENDING' ? [i] : [],
  );
  const approved = positions.map((i) => ({ ...first.rows[i], adjudication_status: 'APPROVED' }));
  const marked = await writer.deleteRows(first.add, positions);
  const add = await writer.writeFile(approved);
  await writer.commit(
    [writer.remove(first.add), { kind: 'add', add: marked }, { kind: 'add', add }],
    {
      ...by('iris.stonewick', 'Adjudication rules'),
      operation: 'UPDATE',
      operationParameters: { predicate: '["(adjudication_status = \'PENDING\')"]' },
      metrics: {
        numRemovedFiles: 0,
        numRemovedBytes: 0,
        numCopiedRows: 0,
        numDeletionVectorsAdded: 1,
        numDeletionVectorsRemoved: 0,
        numDeletionVectorsUpdated: 0,
        numAddedChangeFiles: 0,
        executionTimeMs: 1630,
        numUpdatedRows: positions.length,
        numAddedFiles: 1,
        numAddedBytes: add.size,
      },
    },
  );
  const deleted = new Set(positions);
  return [
    { add: marked, rows: first.rows.filter((_, i) => !deleted.has(i)) },
    { add, rows: approved },
    ...others,
  ];
}

/** All live rows into two files; no row changes. */
async function compact(writer: TableWriter, live: readonly LiveFile[]): Promise<LiveFile[]> {
  const rows = live.flatMap((file) => file.rows);
  const half = Math.ceil(rows.length / 2);
  const compacted: LiveFile[] = [];
  for (const part of [rows.slice(0, half), rows.slice(half)]) {
    compacted.push({ add: await writer.writeFile(part, { dataChange: false }), rows: part });
  }
  const actions: Action[] = [
    ...live.map(({ add }) => writer.remove(add, { dataChange: false })),
    ...compacted.map(({ add }): Action => ({ kind: 'add', add })),
  ];
  const sizes = (files: readonly LiveFile[]): number =>
    files.reduce((sum, { add }) => sum + add.size, 0);
  await writer.commit(actions, {
    ...by('claims-nightly', 'Maintenance'),
    operation: 'OPTIMIZE',
    operationParameters: {
      predicate: '[]',
      auto: true,
      clusterBy: '[]',
      zOrderBy: '[]',
      batchId: '0',
    },
    metrics: {
      numRemovedFiles: live.length,
      numRemovedBytes: sizes(live),
      numDeletionVectorsRemoved: 1,
      numAddedFiles: compacted.length,
      numAddedBytes: sizes(compacted),
      minFileSize: Math.min(...compacted.map(({ add }) => add.size)),
      maxFileSize: Math.max(...compacted.map(({ add }) => add.size)),
      p50FileSize: compacted[0]?.add.size ?? 0,
    },
  });
  return compacted;
}

function writeMetrics(actions: readonly Action[]): Readonly<Record<string, number>> {
  let numOutputBytes = 0;
  let numOutputRows = 0;
  for (const action of actions) {
    if (action.kind !== 'add') continue;
    numOutputBytes += action.add.size;
    numOutputRows +=
      (JSON.parse(action.add.stats ?? '{}') as { numRecords?: number }).numRecords ?? 0;
  }
  return { numFiles: actions.length, numOutputRows, numOutputBytes };
}

/** Who did it, as platforms note it. */
function by(user: string, notebook: string): Pick<WriteInfo, 'extra'> {
  const id = String(
    [...user, ...notebook].reduce(
      (sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_000_007,
      7,
    ),
  );
  return {
    extra: {
      userId: id.slice(0, 6),
      userName: `${user}@example.com`,
      ...(user.includes('nightly')
        ? { job: { jobId: id, jobName: notebook, runId: `${id}1` } }
        : { notebook: { notebookId: id } }),
    },
  };
}
