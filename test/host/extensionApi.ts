import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DeltaService } from '../../src/service/deltaService';
import type { TableEntry } from '../../src/protocol/views';
import type { ExtensionApi } from '../../src/vscode/activate';

/** The extension under test, as the editor knows it. */
export function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>('delta-clones.delta-clones');
  assert.ok(found, 'the extension is not installed');
  return found;
}

/** Activates the extension when it is not yet active. */
export async function api(): Promise<ExtensionApi> {
  return extension().activate();
}

/** The service of the running extension: the engine in its worker. */
export async function service(): Promise<DeltaService> {
  return (await api()).service;
}

/** The folder that the editor shows: a demo warehouse made for this run. */
export function warehouse(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder.uri;
}

/** The local path of a table of the warehouse. */
export function tablePath(name: string): string {
  return vscode.Uri.joinPath(warehouse(), name).fsPath;
}

/** The known table of that name. */
export async function entryOf(name: string): Promise<TableEntry> {
  const entry = (await api()).tables().find((table) => table.name === name);
  assert.ok(entry, `${name} is not among the known tables`);
  return entry;
}

/** Every row of a table's version as text, sorted, so that two tables can be compared. */
export async function sortedRows(
  table: string,
  at: { version: number } | 'latest',
): Promise<string[]> {
  const engine = await service();
  const cursor = await engine.openRows(table, { at });
  const rows: string[] = [];
  for (;;) {
    const { lines, isEnd } = await engine.readCursor(cursor.id, 1_000);
    rows.push(...lines);
    if (isEnd) return rows.sort();
  }
}

/** Resolves when `condition` returns true; fails naming `what` after `milliseconds`. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  milliseconds = 20_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) assert.fail(`${what} did not happen within ${milliseconds / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
