import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../../src/engine/actions';
import {
  mergeProtocols,
  normaliseProtocol,
  protocolForProperties,
  supportOf,
} from '../../../src/engine/protocol';
import { parseInterval } from '../../../src/engine/properties';

const p = (
  minReaderVersion: number,
  minWriterVersion: number,
  reader?: string[],
  writer?: string[],
): Protocol => ({
  minReaderVersion,
  minWriterVersion,
  ...(reader === undefined ? {} : { readerFeatures: reader }),
  ...(writer === undefined ? {} : { writerFeatures: writer }),
});

describe('normalised protocols', () => {
  const cases: readonly (readonly [string, Protocol, Protocol])[] = [
    ['keeps a legacy protocol', p(1, 2), p(1, 2)],
    ['keeps legacy column mapping', p(2, 5), p(2, 5)],
    [
      'names the legacy protocol that has exactly these features',
      p(1, 7, undefined, ['appendOnly', 'invariants']),
      p(1, 2),
    ],
    [
      'drops an empty list of reader features',
      p(1, 7, [], ['domainMetadata']),
      p(1, 7, undefined, ['domainMetadata']),
    ],
    [
      'lists reader features with writer features',
      p(3, 7, ['deletionVectors'], ['deletionVectors', 'appendOnly']),
      p(3, 7, ['deletionVectors'], ['appendOnly', 'deletionVectors']),
    ],
  ];
  it.each(cases)('%s', (_name, given, expected) => {
    expect(normaliseProtocol(given)).toEqual(expected);
  });
});

describe('merged protocols', () => {
  it('lists the features that legacy versions imply once one side needs lists', () => {
    expect(mergeProtocols(p(1, 4), p(3, 7, ['deletionVectors'], ['deletionVectors']))).toEqual(
      p(
        3,
        7,
        ['deletionVectors'],
        [
          'appendOnly',
          'changeDataFeed',
          'checkConstraints',
          'deletionVectors',
          'generatedColumns',
          'invariants',
        ],
      ),
    );
  });

  it('never lowers a protocol', () => {
    expect(mergeProtocols(p(1, 2), p(2, 6), p(1, 3))).toEqual(p(2, 6));
  });

  it('keeps unknown reader features on the reader side', () => {
    expect(mergeProtocols(p(3, 7, ['x'], ['x']))).toEqual(p(3, 7, ['x'], ['x']));
  });
});

it('finds what property overrides ask for', () => {
  expect(
    protocolForProperties({
      'delta.enableChangeDataFeed': 'TRUE',
      'delta.feature.clustering': 'supported',
    }),
  ).toEqual(p(1, 7, undefined, ['changeDataFeed', 'clustering']));
  expect(protocolForProperties({ 'delta.logRetentionDuration': 'interval 1 day' })).toEqual(
    p(1, 1),
  );
});

it('refuses writing, not reading, for an unknown writer feature', () => {
  expect(supportOf(p(1, 7, undefined, ['x']))).toMatchObject({ read: true, write: false });
  expect(supportOf(p(3, 7, ['x'], ['x']))).toMatchObject({ read: false, write: false });
});

it.each([
  ['interval 1 week', 604_800_000],
  ['INTERVAL 30 Days', 2_592_000_000],
  ['168 hours', 604_800_000],
  ['interval 1 day 12 hours', 129_600_000],
  ['interval 1 month', undefined],
  ['soon', undefined],
])('reads %s as an interval', (text, expected) => {
  expect(parseInterval(text)).toBe(expected);
});
