/** The Tables view: hands nodes to the editor, and turns changes of the known tables into refreshes of the smallest subtree. */
import type { CancellationToken, Disposable, TreeDataProvider, TreeView } from 'vscode';
import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import type { Location } from '../../protocol/views';
import { placeKey } from '../locations';
import type { KnownTables, TablesChange } from './knownTables';
import {
  buildForest,
  childrenOf,
  tableNodes,
  type FolderNode,
  type GroupFolder,
  type TableNode,
  type TreeNode,
} from './nodes';
import type { ScanState, TableScanner } from './tableScanner';
import { itemOf, tableTooltip } from './treeItems';

export const tablesViewId = 'deltaClones.tables';

/** An expanded table waits this long for its overview before a loading node is shown. */
const quickMs = 250;
/** Changes are gathered this long; longer while a scan streams its finds in. */
const gatherMs = 50;
const gatherScanMs = 400;

export class TablesView implements TreeDataProvider<TreeNode>, Disposable {
  private readonly changed = new EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly treeView: TreeView<TreeNode>;

  private forest: readonly (FolderNode | TableNode)[] | undefined;
  private readonly newest = new Map<string, TreeNode>();
  /** Nodes as the editor holds them: it refreshes only those. */
  private readonly given = new Map<string, TreeNode>();
  private pending: 'all' | Set<string> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly disposables: Disposable[] = [this.changed];

  constructor(
    private readonly tables: KnownTables,
    private readonly scanner: TableScanner,
    private readonly folders: () => readonly GroupFolder[],
    private readonly timeZone: () => string,
  ) {
    this.treeView = window.createTreeView(tablesViewId, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    const stop = tables.onDidChange((change) => {
      this.gather(change);
    });
    this.disposables.push(this.treeView, { dispose: stop });
  }

  getTreeItem(element: TreeNode): TreeItem {
    const node = this.newest.get(element.id) ?? element;
    const view = itemOf(node);
    const item = new TreeItem(view.label, collapsibleStates[view.state]);
    item.id = view.id;
    item.description = view.description;
    item.iconPath = new ThemeIcon(
      view.icon,
      view.iconColor === undefined ? undefined : new ThemeColor(view.iconColor),
    );
    if (view.tooltip !== undefined) item.tooltip = new MarkdownString(view.tooltip);
    item.contextValue = view.contextValue;
    item.accessibilityInformation = { label: view.accessibilityLabel };
    return item;
  }

  async getChildren(element?: TreeNode): Promise<TreeNode[]> {
    if (element === undefined) return this.give(this.nodes());
    if (element.kind !== 'table')
      return this.give(childrenOf(this.newest.get(element.id) ?? element, this.timeZone()));
    const { entry, overview } = this.newestTable(element).table;
    if (overview.kind === 'unread' && entry.error === undefined) {
      const reading = this.scanner.overview(entry.location).then(
        () => undefined,
        () => undefined, // the table shows the error itself
      );
      await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, quickMs))]);
    }
    this.nodes();
    return this.give(childrenOf(this.newestTable(element), this.timeZone()));
  }

  getParent(element: TreeNode): TreeNode | undefined {
    return (this.newest.get(element.id) ?? element).parent;
  }

  async resolveTreeItem(
    item: TreeItem,
    element: TreeNode,
    token: CancellationToken,
  ): Promise<TreeItem> {
    if (element.kind !== 'table') return item;
    const { entry } = this.newestTable(element).table;
    try {
      const overview = await this.scanner.overview(entry.location);
      if (!token.isCancellationRequested) {
        item.tooltip = new MarkdownString(tableTooltip(entry, overview, this.timeZone()), true);
      }
    } catch {
      item.tooltip = undefined; // the table shows the error itself
    }
    return item;
  }

  /** Selects a table in the view, opening its folders and sources. Nothing happens when it is not in the tree. */
  async reveal(location: Location, options: { readonly focus: boolean }): Promise<void> {
    const key = placeKey(location);
    for (const node of tableNodes(this.nodes())) {
      if (placeKey(node.table.entry.location) !== key) continue;
      this.flush();
      await this.treeView.reveal(node, { select: true, focus: options.focus, expand: false });
      return;
    }
  }

  /** The table that is selected in the view. */
  selected(): Location | undefined {
    let node: TreeNode | undefined = this.treeView.selection[0];
    while (node !== undefined && node.kind !== 'table') node = node.parent;
    return node?.table.entry.location;
  }

  /** Says above the tree how a scan goes, and draws everything once it ended. */
  showScan(state: ScanState): void {
    const message = this.scanMessage(state);
    if (message !== this.treeView.message) this.treeView.message = message;
    if (state.kind !== 'scanning') this.flush();
  }

  /** Draws the whole tree again, for changes of folders and settings. */
  redraw(): void {
    this.gather({ kind: 'all' });
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private scanMessage(state: ScanState): string | undefined {
    switch (state.kind) {
      case 'scanning':
        // Without a table the view shows its welcome content, which a message would hide.
        return state.found === 0 ? undefined : `Scanning... ${state.found} found so far`;
      case 'cancelled':
        return this.tables.list().length === 0
          ? undefined
          : 'The scan was cancelled: tables may be missing.';
      case 'failed':
        return `The scan failed: ${state.error.message}`;
      case 'idle':
      case 'done':
        return undefined;
      default:
        return state satisfies never;
    }
  }

  private nodes(): readonly (FolderNode | TableNode)[] {
    if (this.forest === undefined) {
      this.forest = buildForest(this.tables.list(), this.folders());
      this.newest.clear();
      for (const node of this.forest) this.newest.set(node.id, node);
      for (const node of tableNodes(this.forest)) this.newest.set(node.id, node);
    }
    return this.forest;
  }

  private newestTable(element: TableNode): TableNode {
    const node = this.newest.get(element.id);
    return node?.kind === 'table' ? node : element;
  }

  private give(nodes: readonly TreeNode[]): TreeNode[] {
    for (const node of nodes) this.given.set(node.id, node);
    return [...nodes];
  }

  private gather(change: TablesChange): void {
    this.forest = undefined;
    if (change.kind === 'all') this.pending = 'all';
    else if (this.pending !== 'all') {
      this.pending ??= new Set();
      this.pending.add(placeKey(change.location));
    }
    this.timer ??= setTimeout(
      () => {
        this.flush();
      },
      this.scanner.isScanning ? gatherScanMs : gatherMs,
    );
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { pending } = this;
    this.pending = undefined;
    if (pending === undefined) return;
    if (pending === 'all') {
      this.given.clear();
      this.changed.fire(undefined);
      return;
    }
    const elements: TreeNode[] = [];
    for (const node of tableNodes(this.nodes())) {
      if (!pending.has(placeKey(node.table.entry.location))) continue;
      const element = this.given.get(node.id);
      if (element !== undefined) elements.push(element);
    }
    if (elements.length > 0) this.changed.fire(elements);
  }
}

const collapsibleStates = {
  none: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
} as const;
