/**
 * The files of a deep clone, found by comparing the two states: what the target lists already stays, what lies there unlisted is taken
 * up, the rest is copied, and nothing is ever overwritten. Source: delta-semantics.md 4.2, steps 2 to 4.
 */
import type { DeletionVector } from '../actions';
import { vectorFileUri } from '../deletionVector';
import { DeltaError } from '../errors';
import type { Engine } from '../engine';
import {
  isSelected,
  select,
  type FileBatch,
  type FileIndex,
  type FileSelection,
  type FileSet,
} from '../fileSet';
import { canonicalKey } from '../log/replay';
import type { CallOptions } from '../objectStore';
import { resolvePath, type ObjectUri } from '../objectUri';
import { mapConcurrent } from '../util/async';
import { ByteDictionary } from '../util/byteDictionary';
import { fileNumber, sizeOf, type CloneFiles, type VectorTransfer } from './cloneFiles';
import { existingFiles, type ExistingFiles } from './existingFiles';
import { endsAsParquet, haveSameContent } from './fileContent';
import { FileLookup } from './fileIndex';
import type { FileCheck } from './missingFiles';
import { targetNames, targetVectorName, type TargetNames } from './targetNames';

const askedAtOnce = 16;
/** A name that is taken this often is taken on purpose. */
const attemptsAtMost = 16;
const encoder = new TextEncoder();

/** The target's files; absent for a table that is yet to be made. */
export interface TargetFiles {
  readonly files: FileSet;
  readonly tombstones: FileSet;
}

export interface DeepFiles {
  readonly files: CloneFiles;
  /** Of the source's files that have to be copied. */
  readonly check: FileCheck;
}

export async function deepFiles(
  engine: Engine,
  sourceFiles: FileSet,
  targetRoot: ObjectUri,
  target: TargetFiles | undefined,
  options: CallOptions = {},
): Promise<DeepFiles> {
  const comparison = new Comparison(engine, sourceFiles, targetRoot, target, options);
  return comparison.run();
}

/** One comparison; its fields fill up as the files are gone through. */
class Comparison {
  private readonly names: TargetNames;
  private readonly live: FileLookup | undefined;
  private readonly tombstoned: ByteDictionary;
  private readonly adds: FileSelection;
  private readonly copies: FileSelection;
  private readonly reuses: FileSelection;
  private readonly kept: FileSelection;
  private readonly restated: FileSelection;
  private readonly attempts = new Map<number, number>();
  private readonly otherSizes = new Map<number, number>();
  private readonly missing: ObjectUri[] = [];
  private readonly vectorNames = new Map<ObjectUri, number>();
  private unchangedFiles = 0;
  private unchangedBytes = 0;

  constructor(
    private readonly engine: Engine,
    private readonly sourceFiles: FileSet,
    private readonly targetRoot: ObjectUri,
    private readonly target: TargetFiles | undefined,
    private readonly options: CallOptions,
  ) {
    this.adds = sourceFiles.emptySelection();
    this.copies = sourceFiles.emptySelection();
    this.reuses = sourceFiles.emptySelection();
    this.kept = target?.files.emptySelection() ?? [];
    this.restated = target?.files.emptySelection() ?? [];
    this.names = targetNames(sourceFiles, targetRoot);
    const files = target?.files;
    this.live =
      files === undefined
        ? undefined
        : new FileLookup(files, (batch, index) =>
            canonicalKey(targetRoot, files.path(batch, index)),
          );
    this.tombstoned = new ByteDictionary(target?.tombstones.count);
    target?.tombstones.forEach((batch, index) => {
      const bytes = encoder.encode(canonicalKey(targetRoot, target.tombstones.path(batch, index)));
      this.tombstoned.intern(bytes, 0, bytes.length);
      return undefined;
    });
  }

  async run(): Promise<DeepFiles> {
    const rest = this.compareLogs();
    const inSource = await existingFiles(
      this.engine,
      [this.sourceFiles.root],
      rest.length,
      this.options,
    );
    const inTarget = await existingFiles(this.engine, [this.targetRoot], rest.length, this.options);
    const settled = mapConcurrent(rest, askedAtOnce, (file) =>
      this.settle(file, inSource, inTarget),
    );
    for await (const _ of settled);
    const vectors = await this.compareVectors(inSource, inTarget);
    return { files: this.result(vectors), check: this.check() };
  }

  /** The files that both logs list alike need no look into storage; the others are returned. */
  private compareLogs(): readonly FileIndex[] {
    const rest: FileIndex[] = [];
    this.sourceFiles.forEach((batch, index, batchIndex) => {
      const file = { batch: batchIndex, index };
      const found = this.findLive(this.names.path(batch, file, 0));
      const isSame =
        found !== undefined &&
        found.batch.sizes[found.index] === batch.sizes[index] &&
        found.batch.times[found.index] === batch.times[index];
      if (isSame) this.match(batch, file, found);
      else rest.push(file);
      return undefined;
    });
    return rest;
  }

  private findLive(path: string): FoundFile | undefined {
    const files = this.target?.files;
    const found = this.live?.find(canonicalKey(this.targetRoot, path));
    const batch = found === undefined ? undefined : files?.batches[found.batch];
    return found === undefined || batch === undefined
      ? undefined
      : { batch, batchIndex: found.batch, index: found.index };
  }

  /** The target lists the file; only the vector may differ. */
  private match(batch: FileBatch, file: FileIndex, found: FoundFile): void {
    if (this.isSameVector(batch.vectors.get(file.index), found.batch.vectors.get(found.index))) {
      select(this.kept, found.batchIndex, found.index);
      this.unchangedFiles++;
      this.unchangedBytes += batch.sizes[file.index] ?? 0;
      return;
    }
    select(this.adds, file.batch, file.index);
    select(this.reuses, file.batch, file.index);
    select(this.restated, found.batchIndex, found.index);
  }

  private isSameVector(
    source: DeletionVector | undefined,
    target: DeletionVector | undefined,
  ): boolean {
    if (source === undefined || target === undefined) return source === target;
    if (source.offset !== target.offset || source.sizeInBytes !== target.sizeInBytes) return false;
    if (source.cardinality !== target.cardinality) return false;
    const place = vectorFileUri(this.targetRoot, target);
    if (place === undefined)
      return source.storageType === 'i' && source.pathOrInlineDv === target.pathOrInlineDv;
    for (let attempt = 0; attempt < attemptsAtMost; attempt++) {
      const name = targetVectorName(this.sourceFiles.root, source, attempt);
      if (vectorFileUri(this.targetRoot, name) === place) return true;
    }
    return false;
  }

  /** Finds the name under which the target has the file, or the first that is free for it. */
  private async settle(
    file: FileIndex,
    inSource: ExistingFiles,
    inTarget: ExistingFiles,
  ): Promise<void> {
    const batch = this.sourceFiles.batches[file.batch];
    if (batch === undefined) return;
    const from = this.sourceFiles.uri(batch, file.index);
    const size = await inSource.sizeOf(from);
    if (size !== undefined && size !== batch.sizes[file.index])
      this.otherSizes.set(fileNumber(file), size);
    for (let attempt = 0; ; attempt++) {
      if (attempt >= attemptsAtMost) throw noFreeName(this.targetRoot, from);
      const path = this.names.path(batch, file, attempt);
      const to = resolvePath(this.targetRoot, path);
      const found = this.findLive(path);
      if (found !== undefined) {
        if (!(await this.isSameFile(batch, file, found, from, to, size, inTarget))) continue;
        if (attempt > 0) this.attempts.set(fileNumber(file), attempt);
        this.match(batch, file, found);
        return;
      }
      const there = to === from ? size : await inTarget.sizeOf(to);
      if (there !== undefined && (this.isTombstoned(path) || there !== size)) continue;
      if (there !== undefined && !(await endsAsParquet(this.engine, to, there, this.options)))
        continue;
      if (attempt > 0) this.attempts.set(fileNumber(file), attempt);
      select(this.adds, file.batch, file.index);
      select(there === undefined ? this.copies : this.reuses, file.batch, file.index);
      break;
    }
    if (size === undefined) this.missing.push(from);
  }

  /**
   * Equal name, size and time mean the same file. Equal name and size alone may be two: their bytes decide, because listing the wrong
   * one would be silent.
   */
  private async isSameFile(
    batch: FileBatch,
    file: FileIndex,
    found: FoundFile,
    from: ObjectUri,
    to: ObjectUri,
    size: number | undefined,
    inTarget: ExistingFiles,
  ): Promise<boolean> {
    if (found.batch.sizes[found.index] !== batch.sizes[file.index]) return false;
    if (found.batch.times[found.index] === batch.times[file.index] || from === to) return true;
    const there = await inTarget.sizeOf(to);
    if (size === undefined || there !== size) return false;
    return haveSameContent(this.engine, from, to, this.options);
  }

  private isTombstoned(path: string): boolean {
    const bytes = encoder.encode(canonicalKey(this.targetRoot, path));
    return this.tombstoned.find(bytes, 0, bytes.length) >= 0;
  }

  /** Each vector file that an added file uses, once. */
  private async compareVectors(
    inSource: ExistingFiles,
    inTarget: ExistingFiles,
  ): Promise<readonly VectorTransfer[]> {
    const live = vectorUris(this.target?.files);
    const dead = vectorUris(this.target?.tombstones);
    const wanted = new Map<ObjectUri, DeletionVector>();
    for (const [batchIndex, batch] of this.sourceFiles.batches.entries()) {
      for (const [index, vector] of batch.vectors) {
        const uri = vectorFileUri(this.sourceFiles.root, vector);
        if (uri !== undefined && isSelected(this.adds, batchIndex, index)) wanted.set(uri, vector);
      }
    }
    const transfers: VectorTransfer[] = [];
    const settled = mapConcurrent(wanted, askedAtOnce, async ([from, vector]) => {
      const size = await inSource.sizeOf(from);
      if (size === undefined) this.missing.push(from);
      for (let attempt = 0; ; attempt++) {
        if (attempt >= attemptsAtMost) throw noFreeName(this.targetRoot, from);
        const name = targetVectorName(this.sourceFiles.root, vector, attempt);
        const to = vectorFileUri(this.targetRoot, name) ?? from;
        const there = to === from ? size : await inTarget.sizeOf(to);
        if (there !== undefined && there !== size) continue;
        if (there !== undefined && dead.has(to) && !live.has(to)) continue;
        this.vectorNames.set(from, attempt);
        return { from, to, size: size ?? 0, isThere: there !== undefined };
      }
    });
    for await (const transfer of settled) transfers.push(transfer);
    return transfers;
  }

  private check(): FileCheck {
    return {
      missing: this.missing.length,
      names: this.missing.slice(0, 100),
      otherSizes: [...this.otherSizes].slice(0, 100).map(([number, size]) => {
        const file = { batch: Math.floor(number / 0x1_0000_0000), index: number % 0x1_0000_0000 };
        const batch = this.sourceFiles.batches[file.batch];
        const uri =
          batch === undefined ? this.sourceFiles.root : this.sourceFiles.uri(batch, file.index);
        return { file, uri, size };
      }),
      vectorSizes: new Map(),
    };
  }

  private result(vectors: readonly VectorTransfer[]): CloneFiles {
    const { sourceFiles, target, names, attempts, otherSizes, vectorNames, kept } = this;
    const removes = target?.files.emptySelection() ?? [];
    target?.files.forEach((_, index, batchIndex) => {
      if (!isSelected(kept, batchIndex, index)) select(removes, batchIndex, index);
      return undefined;
    });
    return {
      sourceFiles,
      targetFiles: target?.files,
      adds: this.adds,
      copies: this.copies,
      reuses: this.reuses,
      removes,
      restated: this.restated,
      unchanged: { files: this.unchangedFiles, bytes: this.unchangedBytes },
      vectors,
      targetPath: (file) => {
        const batch = sourceFiles.batches[file.batch];
        return batch === undefined
          ? ''
          : names.path(batch, file, attempts.get(fileNumber(file)) ?? 0);
      },
      targetVector: (vector) => {
        const uri = vectorFileUri(sourceFiles.root, vector);
        const attempt = uri === undefined ? 0 : (vectorNames.get(uri) ?? 0);
        return targetVectorName(sourceFiles.root, vector, attempt);
      },
      storedSize: (file) => otherSizes.get(fileNumber(file)) ?? sizeOf(sourceFiles, file),
    };
  }
}

function noFreeName(targetRoot: ObjectUri, from: ObjectUri): DeltaError {
  return new DeltaError(
    'invalid-argument',
    `${targetRoot} holds other files under every name that ${from} could be given. Choose an empty target.`,
    { details: { location: targetRoot, file: from } },
  );
}

interface FoundFile {
  readonly batch: FileBatch;
  readonly batchIndex: number;
  readonly index: number;
}

function vectorUris(files: FileSet | undefined): ReadonlySet<ObjectUri> {
  const uris = new Set<ObjectUri>();
  for (const batch of files?.batches ?? []) {
    for (const vector of batch.vectors.values()) {
      const uri = vectorFileUri(files?.root ?? ('' as ObjectUri), vector);
      if (uri !== undefined) uris.add(uri);
    }
  }
  return uris;
}
