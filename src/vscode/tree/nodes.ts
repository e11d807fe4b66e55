/**
 * The tree as data: a tagged union whose nodes know their parent, with ids made from locations, so that expansion and selection
 * outlive a refresh. A clone stands under its source. With several workspace folders it stands under its own folder as well
 * when the source lives in another one.
 */
import type { ColumnView, TableEntry, TableOverview, WireError } from '../../protocol/views';
import { baseName, isWithin, parentFolder, placeKey } from '../locations';
import type { KnownTable } from './knownTables';
import { propertiesOf, type PropertyView } from './properties';

export type TreeNode =
  | FolderNode
  | TableNode
  | ColumnsNode
  | ColumnNode
  | PropertiesNode
  | PropertyNode
  | LoadingNode
  | ErrorNode;

/** A workspace folder; only where there are several. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly id: string;
  readonly parent: undefined;
  readonly label: string;
  readonly tables: readonly TableNode[];
}

export interface TableNode {
  readonly kind: 'table';
  readonly id: string;
  readonly parent: FolderNode | TableNode | undefined;
  readonly table: KnownTable;
  readonly clones: readonly TableNode[];
  /** The node stands under its source, whose name need not be told again. */
  readonly isUnderSource: boolean;
  /** Name of the folder above, where a sibling has the same name. */
  readonly hint: string | undefined;
}

export interface ColumnsNode {
  readonly kind: 'columns';
  readonly id: string;
  readonly parent: TableNode;
  readonly columns: readonly ColumnView[];
}

export interface ColumnNode {
  readonly kind: 'column';
  readonly id: string;
  readonly parent: ColumnsNode | ColumnNode;
  readonly column: ColumnView;
  /** Names from the top, for copying. */
  readonly path: readonly string[];
}

export interface PropertiesNode {
  readonly kind: 'properties';
  readonly id: string;
  readonly parent: TableNode;
  readonly properties: readonly PropertyView[];
}

export interface PropertyNode {
  readonly kind: 'property';
  readonly id: string;
  readonly parent: PropertiesNode | PropertyNode;
  readonly property: PropertyView;
}

export interface LoadingNode {
  readonly kind: 'loading';
  readonly id: string;
  readonly parent: TableNode;
}

export interface ErrorNode {
  readonly kind: 'error';
  readonly id: string;
  readonly parent: TableNode;
  readonly error: WireError;
}

/** A workspace folder as the tree groups by it. */
export interface GroupFolder {
  readonly name: string;
  /** Local path or URI. */
  readonly location: string;
}

/** The top of the tree: tables, or folders with tables when there is more than one workspace folder. */
export function buildForest(
  tables: readonly KnownTable[],
  folders: readonly GroupFolder[],
): readonly (FolderNode | TableNode)[] {
  const links = new CloneLinks(tables);
  const tops = tables.filter((table) => links.sourceOf(table) === undefined);
  if (folders.length < 2) return links.nodes(tops, undefined, '');
  const groups: FolderNode[] = [];
  const homeOf = (table: KnownTable): GroupFolder | undefined =>
    folders.find((folder) => isWithin(table.entry.location, folder.location));
  for (const folder of [...folders, undefined]) {
    const own = tables.filter((table) => {
      if (homeOf(table) !== folder) return false;
      const source = links.sourceOf(table);
      return source === undefined || homeOf(source) !== folder;
    });
    if (own.length === 0 && folder === undefined) continue;
    const nodes: TableNode[] = [];
    const id = folder === undefined ? 'folder:elsewhere' : `folder:${placeKey(folder.location)}`;
    const node: FolderNode = {
      kind: 'folder',
      id,
      parent: undefined,
      label: folder?.name ?? 'Elsewhere',
      tables: nodes,
    };
    for (const table of own) {
      const isAlsoUnderSource = links.sourceOf(table) !== undefined;
      nodes.push(...links.nodes([table], node, isAlsoUnderSource ? `${id}/` : ''));
    }
    groups.push({ ...node, tables: withHints(nodes) });
  }
  return groups.map(adoptTables);
}

/** The nodes below a table whose overview was read: its clones first. */
export function tableChildren(node: TableNode, timeZone: string): readonly TreeNode[] {
  if (node.table.entry.error !== undefined) return node.clones;
  const { overview } = node.table;
  switch (overview.kind) {
    case 'unread':
      if (overview.stale !== undefined) {
        return [...node.clones, ...overviewNodes(node, overview.stale, timeZone)];
      }
      return [...node.clones, { kind: 'loading', id: `${node.id}/loading`, parent: node }];
    case 'failed':
      return [
        ...node.clones,
        { kind: 'error', id: `${node.id}/error`, parent: node, error: overview.error },
      ];
    case 'read':
      return [...node.clones, ...overviewNodes(node, overview.overview, timeZone)];
    default:
      return overview satisfies never;
  }
}

/** The nodes below any node, as far as they are known. Times are shown in the zone. */
export function childrenOf(node: TreeNode, timeZone = 'UTC'): readonly TreeNode[] {
  switch (node.kind) {
    case 'folder':
      return node.tables;
    case 'table':
      return tableChildren(node, timeZone);
    case 'columns':
      return columnNodes(node, node.columns, []);
    case 'column':
      return columnNodes(node, node.column.children, node.path);
    case 'properties':
      return propertyNodes(node, node.properties);
    case 'property':
      return propertyNodes(node, node.property.children);
    case 'loading':
    case 'error':
      return [];
    default:
      return node satisfies never;
  }
}

/** The table that a node belongs to. */
export function tableOf(node: TreeNode): TableNode | undefined {
  let current: TreeNode | undefined = node;
  while (current !== undefined && current.kind !== 'table') current = current.parent;
  return current;
}

/** All table nodes of a forest, parents before their clones. */
export function* tableNodes(nodes: readonly (FolderNode | TableNode)[]): Generator<TableNode> {
  for (const node of nodes) {
    if (node.kind === 'table') yield node;
    yield* tableNodes(node.kind === 'table' ? node.clones : node.tables);
  }
}

function overviewNodes(
  node: TableNode,
  overview: TableOverview,
  timeZone: string,
): readonly TreeNode[] {
  return [
    { kind: 'columns', id: `${node.id}/columns`, parent: node, columns: overview.columns },
    {
      kind: 'properties',
      id: `${node.id}/properties`,
      parent: node,
      properties: propertiesOf(overview, node.table.entry, timeZone),
    },
  ];
}

function columnNodes(
  parent: ColumnsNode | ColumnNode,
  columns: readonly ColumnView[],
  path: readonly string[],
): readonly ColumnNode[] {
  return columns.map((column, index) => ({
    kind: 'column',
    id: `${parent.id}/${index}:${column.name}`,
    parent,
    column,
    path: [...path, column.name],
  }));
}

function propertyNodes(
  parent: PropertiesNode | PropertyNode,
  properties: readonly PropertyView[],
): readonly PropertyNode[] {
  return properties.map((property) => ({
    kind: 'property',
    id: `${parent.id}/${property.name}`,
    parent,
    property,
  }));
}

/** Which table stands under which. Two tables that were cloned from each other are cut at the first by location. */
class CloneLinks {
  private readonly byPlace = new Map<string, KnownTable>();
  private readonly sources = new Map<KnownTable, KnownTable>();
  private readonly clones = new Map<KnownTable, KnownTable[]>();

  constructor(tables: readonly KnownTable[]) {
    for (const table of tables) this.byPlace.set(placeKey(table.entry.location), table);
    for (const table of tables) {
      const source = this.claimedSource(table.entry);
      if (source !== undefined && !this.isCutHere(table)) this.link(table, source);
    }
  }

  sourceOf(table: KnownTable): KnownTable | undefined {
    return this.sources.get(table);
  }

  nodes(
    tables: readonly KnownTable[],
    parent: FolderNode | TableNode | undefined,
    prefix: string,
  ): readonly TableNode[] {
    const nodes = tables.map((table) => this.node(table, parent, prefix));
    return parent?.kind === 'folder' ? nodes : withHints(nodes);
  }

  private node(
    table: KnownTable,
    parent: FolderNode | TableNode | undefined,
    prefix: string,
  ): TableNode {
    const clones: TableNode[] = [];
    const cloned = this.clones.get(table) ?? [];
    // The editor remembers by id whether a row is open: a table that gets its first clone is another row, which opens.
    const kind = cloned.length > 0 ? 'source' : 'table';
    const node: TableNode = {
      kind: 'table',
      id: `${prefix}${kind}:${placeKey(table.entry.location)}`,
      parent,
      table,
      clones,
      isUnderSource: parent?.kind === 'table',
      hint: undefined,
    };
    clones.push(...this.nodes(cloned, node, prefix));
    return node;
  }

  private claimedSource(entry: TableEntry): KnownTable | undefined {
    return entry.cloneOf === undefined
      ? undefined
      : this.byPlace.get(placeKey(entry.cloneOf.location));
  }

  private link(table: KnownTable, source: KnownTable): void {
    this.sources.set(table, source);
    const clones = this.clones.get(source) ?? [];
    clones.push(table);
    this.clones.set(source, clones);
  }

  /** True for the one table of a ring of clones that is shown at the top: the ring's first by location. */
  private isCutHere(table: KnownTable): boolean {
    const ring = [table];
    for (;;) {
      const next = this.claimedSource(ring.at(-1)?.entry ?? table.entry);
      if (next === undefined) return false;
      if (next === table) break;
      if (ring.includes(next)) return false;
      ring.push(next);
    }
    return ring.every((other) => table.entry.location <= other.entry.location);
  }
}

/** Siblings of one name are told apart by the folder above them. */
function withHints(nodes: readonly TableNode[]): readonly TableNode[] {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    counts.set(node.table.entry.name, (counts.get(node.table.entry.name) ?? 0) + 1);
  }
  if (counts.size === nodes.length) return nodes;
  return nodes.map((node) =>
    (counts.get(node.table.entry.name) ?? 0) < 2
      ? node
      : adoptClones({ ...node, hint: baseName(parentFolder(node.table.entry.location)) }),
  );
}

/** A node that was made anew becomes the parent of its tables. */
function adoptTables(folder: FolderNode): FolderNode {
  const tables: TableNode[] = [];
  const node: FolderNode = { ...folder, tables };
  for (const table of folder.tables) tables.push(adoptClones({ ...table, parent: node }));
  return node;
}

function adoptClones(table: TableNode): TableNode {
  const clones: TableNode[] = [];
  const node: TableNode = { ...table, clones };
  for (const clone of table.clones) clones.push(adoptClones({ ...clone, parent: node }));
  return node;
}
