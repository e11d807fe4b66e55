/**
 * The end of every operation: the ground is looked at again, one version is committed, and a checkpoint of it is written. A version
 * that someone else committed meanwhile is passed over only where it changed nothing; otherwise the plan is stale and a new one has to be
 * seen. Source: delta-semantics.md 4.2 step 10, 5.9, 8.2.
 */
import type { Engine } from '../engine';
import { DeltaError } from '../errors';
import { openHistory } from '../history';
import { checkpointAfterCommit } from '../log/checkpointWriter';
import type { Version } from '../log/logPath';
import type { CallOptions } from '../objectStore';
import type { ObjectUri } from '../objectUri';
import type { Snapshot } from '../snapshot';
import { isTable, openSnapshot, refreshSnapshot } from '../table';
import { commit, nextCommitTimestamp, type CommitIntent } from '../transaction';
import { effectOfCommit } from './cloneRecords';

/** Rounds against writers that commit nothing of weight; more of them in a row mean that something is wrong. */
const roundsAtMost = 25;

export interface PlannedCommit {
  readonly root: ObjectUri;
  /** The target as it was planned; undefined for a table that is yet to be made. */
  readonly planned: Snapshot | undefined;
  /** Makes the commit anew for each round. */
  build(
    before: Snapshot | undefined,
    version: Version,
    timestamp: number,
  ): Omit<CommitIntent, 'root' | 'readVersion' | 'timestamp'>;
}

export interface Committed {
  readonly version: Version;
  readonly timestamp: number;
  /** The target right before the commit. */
  readonly before: Snapshot | undefined;
}

/**
 * The target as it is, when it still is what was planned: the same table, and no commit since that changed its state.
 * Throws `stale-plan`.
 */
export async function revalidateTarget(
  engine: Engine,
  root: ObjectUri,
  planned: Snapshot | undefined,
  options: CallOptions = {},
): Promise<Snapshot | undefined> {
  if (planned === undefined) {
    if (await isTable(engine, root, options)) {
      throw stale(root, 'a table was created there');
    }
    return undefined;
  }
  if (!(await isTable(engine, root, options))) throw stale(root, 'the table is gone');
  const latest = await refreshSnapshot(engine, planned, options);
  if (latest === planned) return planned;
  const isSameTable =
    latest.metadata.id === planned.metadata.id && latest.version >= planned.version;
  if (!isSameTable) throw stale(root, 'another table stands there');
  if (latest.version === planned.version) {
    const isSameCommit = latest.commitInfo?.txnId === planned.commitInfo?.txnId;
    if (!isSameCommit) throw stale(root, `version ${planned.version} was written anew`);
    return latest;
  }
  const history = await openHistory(engine, root, options);
  for (let version = planned.version + 1; version <= latest.version; version++) {
    const { changesState } = await effectOfCommit(engine, history, version, options);
    if (changesState) throw stale(root, `version ${version} was committed`);
  }
  return latest;
}

/** Throws `stale-plan` where the source is another table than the one that was planned with. */
export async function revalidateSource(
  engine: Engine,
  source: Snapshot,
  options: CallOptions = {},
): Promise<void> {
  const again = await openSnapshot(engine, source.root, { version: source.version }, options);
  if (
    again.metadata.id !== source.metadata.id ||
    again.commitInfo?.txnId !== source.commitInfo?.txnId
  ) {
    throw stale(source.root, `version ${source.version} is not the one that was planned with`);
  }
}

/** Commits a plan once. Throws `stale-plan`, `conflict`, and what {@link commit} throws. */
export async function commitPlanned(
  engine: Engine,
  planned: PlannedCommit,
  options: CallOptions = {},
): Promise<Committed> {
  const { root } = planned;
  for (let round = 0; round < roundsAtMost; round++) {
    const before = await revalidateTarget(engine, root, planned.planned, options);
    const version = before === undefined ? 0 : before.version + 1;
    const timestamp = nextCommitTimestamp(engine, before);
    const intent = planned.build(before, version, timestamp);
    const result = await commit(
      engine,
      {
        ...intent,
        root,
        readVersion: before === undefined ? 'new-table' : before.version,
        timestamp,
      },
      options,
    );
    if (result.status === 'committed') return { version, timestamp, before };
    if (before === undefined) {
      throw new DeltaError(
        'conflict',
        `A table was created at ${root} by another writer at the same time; nothing of ours was committed.`,
        { details: { location: root, version } },
      );
    }
  }
  throw new DeltaError(
    'conflict',
    `Other writers committed to ${root} again and again; nothing of ours was committed. Try again.`,
    {
      details: { location: root },
    },
  );
}

/** Writes the checkpoint of what was committed; trouble comes back as a warning, because the commit stands. */
export async function checkpointOf(
  engine: Engine,
  root: ObjectUri,
  version: Version,
  options: CallOptions = {},
): Promise<readonly string[]> {
  const warning = await checkpointAfterCommit(
    engine,
    () => openSnapshot(engine, root, { version }, options),
    options,
  );
  return warning === undefined ? [] : [warning];
}

function stale(root: ObjectUri, what: string): DeltaError {
  return new DeltaError(
    'stale-plan',
    `${root} has moved since the plan was made: ${what}. Nothing was committed; look at a new plan.`,
    {
      details: { location: root },
    },
  );
}
