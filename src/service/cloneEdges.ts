/**
 * Which tables are clones of which, from what the tables themselves tell: the newest CLONE commit names the direct source, files
 * outside of the root name their owners. Histories are cleaned up, what a snapshot references is not: so files decide the kind.
 */
import { parentUri, uriAuthority, uriName } from '../engine/objectUri';
import type { ObjectUri } from '../engine/objectUri';
import type { CloneKind, CloneOfView, Totals } from '../protocol/views';
import type { CloneCommit } from './cloneCommit';
import type { KnownTable } from './knownTable';

export type Evidence = 'clone-commit' | 'foreign-files' | 'recorded-by-us';

export interface CloneEdge {
  readonly source: ObjectUri;
  readonly target: ObjectUri;
  readonly kind: CloneKind;
  readonly sourceVersion: number | null;
  readonly targetVersion: number | null;
  /** Milliseconds since the epoch. */
  readonly at: number | null;
  readonly evidence: readonly Evidence[];
  /** Active files of the target that lie under the source's root. */
  readonly shared: Totals;
}

const nothing: Totals = { files: 0, bytes: 0 };

/** All edges into the given tables: the direct source first, then other owners of their files by number of files. */
export function cloneEdges(tables: readonly KnownTable[]): readonly CloneEdge[] {
  const index = new TableIndex(tables);
  return tables.flatMap((table) => edgesInto(table, index));
}

/** The edge that a list shows: by the CLONE commit, else by the most files. */
export function cloneOfView(
  edges: readonly CloneEdge[],
  target: ObjectUri,
): CloneOfView | undefined {
  const edge = edges.find((candidate) => candidate.target === target);
  return edge === undefined
    ? undefined
    : { location: edge.source, version: edge.sourceVersion, kind: edge.kind };
}

/** Tables by location, by name and by id. */
class TableIndex {
  private readonly roots = new Set<ObjectUri>();
  private readonly readable = new Set<ObjectUri>();
  private readonly byName = new Map<string, ObjectUri[]>();
  private readonly byId = new Map<string, ObjectUri[]>();

  constructor(tables: readonly KnownTable[]) {
    for (const { root, id, clone } of tables) {
      this.roots.add(root);
      if (id !== undefined) {
        this.readable.add(root);
        append(this.byName, uriName(root).toLowerCase(), root);
      }
      if (id !== undefined && id !== '') append(this.byId, id, root);
      const named = clone?.sourceRoots[0];
      if (named !== undefined && clone?.sourceRoots.length === 1) this.roots.add(named);
    }
  }

  /** True for a table whose log was read. */
  isTable(root: ObjectUri): boolean {
    return this.readable.has(root);
  }

  /** The one table of that name or id other than `target`; undefined where there are several. */
  named(name: string, target: ObjectUri): readonly ObjectUri[] {
    return (this.byName.get(name.toLowerCase()) ?? []).filter((root) => root !== target);
  }

  withId(id: string, target: ObjectUri): ObjectUri | undefined {
    const found = (this.byId.get(id) ?? []).filter((root) => root !== target);
    return found.length === 1 ? found[0] : undefined;
  }

  /** The nearest known table around a folder; else the folder without the levels that name partitions. */
  ownerOf(folder: ObjectUri): ObjectUri {
    for (let at: ObjectUri | undefined = folder; at !== undefined; at = parentUri(at)) {
      if (this.roots.has(at)) return at;
    }
    let owner = folder;
    while (uriName(owner).includes('=')) owner = parentUri(owner) ?? folder;
    return owner;
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function edgesInto(table: KnownTable, index: TableIndex): readonly CloneEdge[] {
  const owners = new Map<ObjectUri, Totals>();
  for (const [folder, totals] of table.foreignFolders) {
    const owner = index.ownerOf(folder);
    const seen = owners.get(owner) ?? nothing;
    owners.set(owner, {
      files: seen.files + totals.files,
      bytes: seen.bytes + totals.bytes,
    });
  }
  const edges: CloneEdge[] = [];
  const { clone } = table;
  const source = clone === undefined ? undefined : sourceOf(clone, table.root, owners, index);
  if (clone !== undefined && source !== undefined && source !== table.root) {
    const shared = owners.get(source);
    edges.push({
      source,
      target: table.root,
      kind: kindOf(clone, table),
      sourceVersion: clone.sourceVersion,
      targetVersion: clone.version,
      at: clone.timestamp,
      evidence: shared === undefined ? ['clone-commit'] : ['clone-commit', 'foreign-files'],
      shared: shared ?? nothing,
    });
  }
  const others = [...owners]
    .filter(([owner]) => owner !== source)
    .sort(([a, x], [b, y]) => y.files - x.files || (a < b ? -1 : 1));
  for (const [owner, shared] of others) {
    edges.push({
      source: owner,
      target: table.root,
      kind: 'shallow',
      sourceVersion: null,
      targetVersion: null,
      at: null,
      evidence: ['foreign-files'],
      shared,
    });
  }
  return edges;
}

/** A path says where the source is; a catalog's name only where a known table or the owner of the files answers to it. */
function sourceOf(
  clone: CloneCommit,
  target: ObjectUri,
  owners: ReadonlyMap<ObjectUri, Totals>,
  index: TableIndex,
): ObjectUri | undefined {
  const isHere = (root: ObjectUri): boolean => index.isTable(root) || owners.has(root);
  const written = clone.sourceRoots.find(isHere) ?? clone.sourceRoots[0];
  if (clone.sourceTableId !== null && (written === undefined || !isHere(written))) {
    const moved = index.withId(clone.sourceTableId, target);
    if (moved !== undefined) return moved;
  }
  if (written !== undefined) return written;
  const name = clone.source.split('.').at(-1)?.replaceAll('`', '') ?? '';
  const namesakes = index.named(name, target);
  const named = namesakes.length === 1 ? namesakes[0] : undefined;
  const owner =
    [...owners.keys()].find((root) => uriName(root).toLowerCase() === name.toLowerCase()) ??
    (owners.size === 1 ? [...owners.keys()][0] : undefined);
  // Files in another store than the clone's: a warehouse that was copied here, so the namesake beside it is meant.
  if (named !== undefined && owner !== undefined && uriAuthority(owner) !== uriAuthority(target)) {
    return named;
  }
  return owner ?? named;
}

function kindOf(clone: CloneCommit, table: KnownTable): CloneKind {
  if (table.foreignFolders.size > 0) return 'shallow';
  if (clone.isShallow !== null) return clone.isShallow ? 'shallow' : 'deep';
  if ((clone.numCopiedFiles ?? 0) > 0) return 'deep';
  // The commit does not tell: files that are all the table's own make it a deep clone, no files (or unknown ones) nothing.
  return (table.files?.files ?? 0) > 0 ? 'deep' : 'unknown';
}
