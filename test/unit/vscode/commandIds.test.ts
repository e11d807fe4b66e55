import { describe, expect, it } from 'vitest';
import {
  cloneAnswers,
  locationOfArgument,
  restoreAnswers,
} from '../../../src/vscode/commands/commandIds';
import { buildForest, childrenOf, type TableNode } from '../../../src/vscode/tree/nodes';
import { entry, known, overview } from './fakes';

const [table] = buildForest(
  [known(entry('/w/t'), { overview: { kind: 'read', overview: overview('/w/t') } })],
  [],
) as [TableNode];

describe('arguments of commands', () => {
  it('name a table by node, resource or location', () => {
    const [columns] = childrenOf(table);
    expect(locationOfArgument(table)).toBe('file:///w/t');
    expect(locationOfArgument(columns)).toBe('file:///w/t');
    expect(locationOfArgument({ scheme: 'file', fsPath: '/w/t' })).toBe('/w/t');
    expect(locationOfArgument('/w/t')).toBe('/w/t');
  });

  it('that name none ask a person', () => {
    for (const argument of [undefined, null, 3, '', {}, { scheme: 'git', fsPath: '/w/t' }]) {
      expect(locationOfArgument(argument)).toBeUndefined();
    }
  });

  it('may bring answers, which menus never do', () => {
    expect(cloneAnswers({ at: { version: 3 }, target: '/w/c', replace: true })).toEqual({
      at: { version: 3 },
      target: '/w/c',
      replace: true,
    });
    expect(cloneAnswers([table])).toEqual({});
    expect(cloneAnswers(undefined)).toEqual({});
    expect(restoreAnswers({ at: { timestamp: '2026-11-21T00:00:00.000Z' } })).toEqual({
      at: { timestamp: '2026-11-21T00:00:00.000Z' },
    });
    expect(restoreAnswers({ at: { version: 1.5 } })).toEqual({});
    expect(restoreAnswers(table)).toEqual({});
  });
});
