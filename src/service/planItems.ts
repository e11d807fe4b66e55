/** The files of a plan in pages. Nothing is made for a file that no page shows. */
import { throwIfAborted } from '../engine/errors';
import type { FileIndex, FileSelection, FileSet } from '../engine/fileSet';
import { isSelected } from '../engine/fileSet';
import type { CallOptions } from '../engine/objectStore';
import { selectedFiles } from '../engine/operations/cloneFiles';
import type { CloneWork, Plan, RestoreWork } from '../engine/operations/operation';
import { relativePath, type ObjectUri } from '../engine/objectUri';
import type { ItemQuery, Page, PlanItem, PlanItemAction } from '../protocol/views';
import { planItem } from './planView';

/** How a file is shown, decided before the view of it is made. */
interface Listed {
  readonly action: PlanItemAction;
  readonly view: (action: PlanItemAction) => PlanItem;
}

/**
 * A page of the plan's files. `add` lists everything the commit adds, `copy` and `reuse` what becomes of its bytes (deletion
 * vector files among them), `remove` what the commit removes; without an action each file stands once, under the most telling.
 */
export function planItems(
  plan: Plan,
  query: ItemQuery,
  options: CallOptions = {},
): Promise<Page<PlanItem>> {
  const items: PlanItem[] = [];
  let total = 0;
  for (const { action, view } of listedFiles(plan, query.action)) {
    if (total % 10_000 === 0) throwIfAborted(options.signal);
    if (total >= query.offset && items.length < query.limit) items.push(view(action));
    total++;
  }
  return Promise.resolve({ items, total });
}

function* listedFiles(plan: Plan, wanted: PlanItemAction | undefined): Generator<Listed> {
  switch (plan.kind) {
    case 'shallow-clone':
    case 'deep-clone':
      if (plan.work !== undefined) yield* cloneItems(plan.target.root, plan.work, wanted);
      return;
    case 'restore':
      yield* restoreItems(plan.work, wanted);
      return;
    default:
      plan satisfies never;
  }
}

function* cloneItems(
  root: ObjectUri,
  work: CloneWork,
  wanted: PlanItemAction | undefined,
): Generator<Listed> {
  const { files } = work;
  const set = files.sourceFiles;
  if (wanted !== 'remove') {
    for (const file of selectedFiles(set, files.adds)) {
      const fate = fateOf(file, files.copies, files.reuses);
      if (wanted !== undefined && wanted !== 'add' && wanted !== fate) continue;
      yield {
        action: wanted ?? fate,
        view: (action) =>
          fileItem(action, set, file, files.targetPath(file), files.storedSize(file)),
      };
    }
    for (const vector of files.vectors) {
      const fate = vector.isThere ? 'reuse' : 'copy';
      if (wanted !== undefined && wanted !== fate) continue;
      yield {
        action: fate,
        view: (action) =>
          planItem(action, {
            path: relativePath(root, vector.to) ?? vector.to,
            size: vector.size,
            partitionValues: {},
            deletionVector: undefined,
          }),
      };
    }
  }
  if (files.targetFiles !== undefined && (wanted ?? 'remove') === 'remove') {
    yield* removals(files.targetFiles, files.removes);
  }
}

function fateOf(file: FileIndex, copies: FileSelection, reuses: FileSelection): PlanItemAction {
  if (isSelected(copies, file.batch, file.index)) return 'copy';
  return isSelected(reuses, file.batch, file.index) ? 'reuse' : 'add';
}

function* restoreItems(work: RestoreWork, wanted: PlanItemAction | undefined): Generator<Listed> {
  if ((wanted ?? 'add') === 'add') {
    for (const file of selectedFiles(work.restoredFiles, work.adds)) {
      yield { action: 'add', view: (action) => fileItem(action, work.restoredFiles, file) };
    }
  }
  if ((wanted ?? 'remove') === 'remove') yield* removals(work.currentFiles, work.removes);
}

function* removals(set: FileSet, selection: FileSelection): Generator<Listed> {
  for (const file of selectedFiles(set, selection)) {
    yield { action: 'remove', view: (action) => fileItem(action, set, file) };
  }
}

function fileItem(
  action: PlanItemAction,
  set: FileSet,
  { batch, index }: FileIndex,
  path?: string,
  storedSize?: number,
): PlanItem {
  const from = set.batches[batch];
  if (from === undefined) {
    return planItem(action, { path: '', size: 0, partitionValues: {}, deletionVector: undefined });
  }
  const size = storedSize ?? from.sizes[index] ?? NaN;
  return planItem(action, {
    path: path ?? set.path(from, index),
    size: Number.isNaN(size) ? 0 : size,
    partitionValues: set.partitionValues(from, index),
    deletionVector: from.vectors.get(index),
  });
}
