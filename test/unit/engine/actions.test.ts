import { expect, it } from 'vitest';
import { decodeAction, encodeAction } from '../../../src/engine/actions';

/** Lines as engines write them: decoding and encoding must not lose or change anything. */
const lines: readonly (readonly [string, string])[] = [
  [
    'an add',
    '{"add":{"path":"a%20b.parquet","partitionValues":{"p":null,"q":""},"size":1,"modificationTime":2,"dataChange":true,"stats":"{\\"numRecords\\":1,\\"minValues\\":{\\"x\\":9007199254740993}}"}}',
  ],
  [
    '64-bit integers',
    '{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":2,"dataChange":false,"baseRowId":9007199254740993,"defaultRowCommitVersion":12}}',
  ],
  [
    'unknown fields',
    '{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":2,"dataChange":true,"newThing":{"deep":[1,{"n":-9223372036854775808}]}}}',
  ],
  [
    'a deletion vector',
    '{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":2,"dataChange":true,"deletionVector":{"storageType":"u","pathOrInlineDv":"ab^-aqEH.-t@S}K{vb[*k^","offset":4,"sizeInBytes":40,"cardinality":6}}}',
  ],
  [
    'a partition named __proto__',
    '{"add":{"path":"a","partitionValues":{"__proto__":"x"},"size":1,"modificationTime":2,"dataChange":true}}',
  ],
  ['a remove without size', '{"remove":{"path":"a","deletionTimestamp":5,"dataChange":true}}'],
  [
    'a protocol with features',
    '{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors"]}}',
  ],
  ['a transaction', '{"txn":{"appId":"s","version":9223372036854775807,"lastUpdated":1}}'],
  ['an unknown action', '{"somethingNew":{"x":[1,2,9007199254740993]}}'],
  [
    'a commitInfo',
    '{"commitInfo":{"timestamp":1,"operation":"WRITE","operationParameters":{"mode":"Append","n":12345678901234567890},"readVersion":-1}}',
  ],
];

it.each(lines)('decodes and encodes %s without loss', (_name, line) => {
  expect(encodeAction(decodeAction(line))).toBe(line);
});

it('leaves a text alone that looks like the mark of a long number', () => {
  const line = '{"commitInfo":{"a":"\\u0001#12","b":9007199254740993}}';
  expect(encodeAction(decodeAction(line))).toBe(line);
});

it('takes a vector of empty texts for none', () => {
  const action = decodeAction(
    '{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":2,"dataChange":true,"deletionVector":{"storageType":"","pathOrInlineDv":"","sizeInBytes":0,"cardinality":0}}}',
  );
  expect(action.kind === 'add' && action.add.deletionVector).toBeUndefined();
});

it.each([['[1]'], ['{"add":{"partitionValues":{}}}'], ['{"add":5}'], ['{"metaData":{"id":"x"}}']])(
  'refuses %s with a typed error',
  (line) => {
    expect(() => decodeAction(line)).toThrow(expect.objectContaining({ code: 'invalid-log' }));
  },
);
