import { describe, expect, it } from 'vitest';
import {
  normalizeTablePath,
  suggestTargets,
  validateTablePath,
  validateTarget,
} from '../../../src/vscode/targets';

const firstTwo = (kind: 'shallow-clone' | 'deep-clone', source: string): string[] => {
  const places = suggestTargets(kind, source);
  return [places.next().value, places.next().value];
};

describe('suggestTargets', () => {
  it('suggests siblings of the source, named after what they are for', () => {
    expect(firstTwo('shallow-clone', 'file:///w/my%20claims')).toEqual([
      '/w/my claims_dev',
      '/w/my claims_dev_2',
    ]);
    expect(firstTwo('deep-clone', 'file:///C:/w/claims')[0]).toBe('C:\\w\\claims_backup');
    expect(firstTwo('deep-clone', 's3://bucket/w/claims')[0]).toBe('s3://bucket/w/claims_backup');
  });
});

describe('validateTarget', () => {
  const cases: readonly [target: string, problem: RegExp | undefined][] = [
    ['/w/claims_dev', undefined],
    ['s3://bucket/claims', undefined],
    ['C:\\w\\claims_dev', undefined],
    ['', /Type the path/],
    ['claims_dev', /absolute/],
    ['/w/claims', /the table itself/],
    ['file:///w/claims/', /the table itself/],
    ['/w/claims/dev', /inside the table/],
    ['/w', /lies inside this folder/],
    ['/w/../etc', /"\.\." segments/],
    ['/w/x/_delta_log', /_delta_log/],
    ['/', /root of a drive/],
  ];
  it.each(cases)('says of %j: %s', (target, problem) => {
    const said = validateTarget(target, 'file:///w/claims');
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(problem);
  });
});

describe('paths of tables', () => {
  it('takes a path into the log, quotes and trailing slashes for the table', () => {
    expect(normalizeTablePath('/w/t/_delta_log/0.json')).toBe('/w/t');
    expect(normalizeTablePath(' "/w/t/" ')).toBe('/w/t');
    expect(normalizeTablePath('/')).toBe('/');
  });

  it('wants an absolute path or a URI', () => {
    expect(validateTablePath('/w/t')).toBeUndefined();
    expect(validateTablePath('file:///w/t')).toBeUndefined();
    expect(validateTablePath('t')).toMatch(/absolute/);
    expect(validateTablePath(' ')).toMatch(/Type the path/);
  });
});
