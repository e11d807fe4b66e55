/** The files of a plan in pages: made from its selections when they are looked at, never kept. */
import type { PartitionValues } from '../actions';
import { isSelected, type FileBatch, type FileSelection, type FileSet } from '../fileSet';
import { relativePath } from '../objectUri';
import { totalsOfSelection } from './cloneFiles';
import type { ClonePlan, Plan, RestoreWork } from './operation';

export type PlanItemAction = 'add' | 'remove' | 'copy' | 'reuse';

export interface PlanItem {
  readonly action: PlanItemAction;
  /** As the log names it. */
  readonly path: string;
  readonly size: number;
  readonly partitionValues: PartitionValues;
  readonly hasDeletionVector: boolean;
}

export interface PlanItemQuery {
  readonly offset: number;
  readonly limit: number;
  /**
   * Absent: every file once, by the action that tells most. `add`: all files that the commit adds; `copy` and `reuse`: those whose bytes
   * move or are there already, vector files among them.
   */
  readonly action?: PlanItemAction | undefined;
}

export interface PlanItemPage {
  readonly items: readonly PlanItem[];
  readonly total: number;
}

/** A part of the list: how many items, and how to make those of a range. */
interface Section {
  readonly count: number;
  items(offset: number, limit: number): readonly PlanItem[];
}

export function planItems(plan: Plan, { offset, limit, action }: PlanItemQuery): PlanItemPage {
  const sections =
    plan.kind === 'restore' ? restoreSections(plan.work, action) : cloneSections(plan, action);
  const items: PlanItem[] = [];
  let skip = Math.max(0, offset);
  for (const section of sections) {
    if (items.length >= limit) break;
    if (skip >= section.count) {
      skip -= section.count;
      continue;
    }
    items.push(...section.items(skip, limit - items.length));
    skip = 0;
  }
  return { items, total: sections.reduce((sum, { count }) => sum + count, 0) };
}

function restoreSections(
  work: RestoreWork,
  action: PlanItemAction | undefined,
): readonly Section[] {
  const written = (files: FileSet) => (batch: FileBatch, index: number) => files.path(batch, index);
  return [
    ...(action === undefined || action === 'add'
      ? [fileSection('add', work.restoredFiles, work.adds, written(work.restoredFiles))]
      : []),
    ...(action === undefined || action === 'remove'
      ? [fileSection('remove', work.currentFiles, work.removes, written(work.currentFiles))]
      : []),
  ];
}

function cloneSections(
  { work, spec }: ClonePlan,
  action: PlanItemAction | undefined,
): readonly Section[] {
  if (work === undefined) return [];
  const { files } = work;
  const { sourceFiles, targetFiles } = files;
  const target = (_batch: FileBatch, index: number, batchIndex: number): string =>
    files.targetPath({ batch: batchIndex, index });
  const source = (label: PlanItemAction, selection: FileSelection): Section =>
    fileSection(label, sourceFiles, selection, target);
  const plainAdds = minus(minus(files.adds, files.copies), files.reuses);
  const vectors = (label: 'copy' | 'reuse'): Section => {
    const chosen = files.vectors.filter(({ isThere }) => isThere === (label === 'reuse'));
    return {
      count: chosen.length,
      items: (offset, limit) =>
        chosen.slice(offset, offset + limit).map(({ to, size }) => ({
          action: label,
          path: relativePath(spec.target, to) ?? to,
          size,
          partitionValues: {},
          hasDeletionVector: false,
        })),
    };
  };
  const removes =
    targetFiles === undefined
      ? []
      : [
          fileSection('remove', targetFiles, files.removes, (batch, index) =>
            targetFiles.path(batch, index),
          ),
        ];
  switch (action) {
    case 'add':
      return [
        source('copy', files.copies),
        source('reuse', files.reuses),
        source('add', plainAdds),
      ];
    case 'copy':
      return [source('copy', files.copies), vectors('copy')];
    case 'reuse':
      return [source('reuse', files.reuses), vectors('reuse')];
    case 'remove':
      return removes;
    case undefined:
      return [
        source('copy', files.copies),
        vectors('copy'),
        source('reuse', files.reuses),
        vectors('reuse'),
        source('add', plainAdds),
        ...removes,
      ];
    default:
      return action satisfies never;
  }
}

function minus(a: FileSelection, b: FileSelection): FileSelection {
  return a.map((bits, i) => bits.map((byte, j) => byte & ~(b[i]?.[j] ?? 0)));
}

function fileSection(
  action: PlanItemAction,
  files: FileSet,
  selection: FileSelection,
  pathOf: (batch: FileBatch, index: number, batchIndex: number) => string,
): Section {
  return {
    count: totalsOfSelection(files, selection).files,
    items: (offset, limit) => {
      const items: PlanItem[] = [];
      let seen = 0;
      files.forEach((batch, index, batchIndex) => {
        if (!isSelected(selection, batchIndex, index)) return true;
        if (seen++ < offset) return true;
        const size = batch.sizes[index] ?? NaN;
        items.push({
          action,
          path: pathOf(batch, index, batchIndex),
          size: Number.isNaN(size) ? 0 : size,
          partitionValues: files.partitionValues(batch, index),
          hasDeletionVector: batch.vectors.has(index),
        });
        return items.length < limit;
      });
      return items;
    },
  };
}
