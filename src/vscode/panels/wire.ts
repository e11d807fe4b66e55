/**
 * What comes from a page is checked before it is used: a page is a separate program, and a request of it may have been written by
 * an older version of ours. Throws `invalid-argument`.
 */
import type { HistoryCopyForm } from '../../protocol/historyPage';
import type { Json, JsonObject } from '../../protocol/json';
import type {
  CloneSpec,
  CommitRow,
  HistoryQuery,
  ItemQuery,
  PlanItemAction,
} from '../../protocol/views';
import { EditorError } from '../messages';

/** Most rows or items that one request may ask for. */
export const maxPageLimit = 5_000;

export function parseVersion(value: Json | undefined): number {
  return wholeNumber(value, 'a version');
}

export function parseHistoryQuery(value: Json | undefined): HistoryQuery {
  const query = object(value, 'a history query');
  const limit = pageLimit(query.limit);
  return {
    limit,
    ...(query.before === undefined || query.before === null
      ? {}
      : { before: wholeNumber(query.before, 'a version') }),
    ...(query.check === true ? { check: true } : {}),
  };
}

const itemActions: readonly PlanItemAction[] = ['add', 'remove', 'copy', 'reuse'];

export function parseItemQuery(value: Json | undefined): ItemQuery {
  const query = object(value, 'an item query');
  const range = { offset: wholeNumber(query.offset, 'an offset'), limit: pageLimit(query.limit) };
  if (query.action === undefined || query.action === null) return range;
  const action = itemActions.find((known) => known === query.action);
  if (action === undefined) throw wrong('an action of a plan item');
  return { ...range, action };
}

export function parseCloneKind(value: Json | undefined): CloneSpec['kind'] {
  if (value !== 'shallow-clone' && value !== 'deep-clone') throw wrong('a kind of clone');
  return value;
}

export function parseHistoryCopyForm(value: Json | undefined): HistoryCopyForm {
  if (value !== 'sql' && value !== 'json' && value !== 'command-line')
    throw wrong('a form to copy');
  return value;
}

export function parsePlanCopyForm(value: Json | undefined): 'sql' | 'command-line' | 'json' {
  return parseHistoryCopyForm(value);
}

/** A row that the page shows, as far as the editor uses it: its version is checked, the rest is only printed. */
export function parseCommitRow(value: Json | undefined): CommitRow {
  const row = object(value, 'a commit');
  wholeNumber(row.version, 'a version');
  return row as unknown as CommitRow;
}

/** Codes of acknowledged findings. */
export function parseCodes(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) throw wrong('a list of finding codes');
  return (value as readonly Json[]).map((code) => {
    if (typeof code !== 'string') throw wrong('a list of finding codes');
    return code;
  });
}

function pageLimit(value: Json | undefined): number {
  const limit = wholeNumber(value, 'a limit');
  if (limit < 1 || limit > maxPageLimit) throw wrong('a limit');
  return limit;
}

function wholeNumber(value: Json | undefined, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(what);
  return value;
}

function object(value: Json | undefined, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what);
  return value as JsonObject;
}

function wrong(what: string): EditorError {
  return new EditorError('invalid-argument', `The page sent something that is not ${what}.`);
}
