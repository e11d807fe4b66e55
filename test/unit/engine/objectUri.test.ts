import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodedPath,
  decodePercent,
  encodeSegment,
  fileUri,
  hasScheme,
  joinUri,
  parentUri,
  parseObjectUri,
  relativePath,
  resolvePath,
  uriAuthority,
  uriName,
  urisOverlap,
  writtenUri,
} from '../../../src/engine/objectUri';

/** False for lone surrogates, which no UTF-8 name can hold. */
const isText = (text: string): boolean => Buffer.from(text).toString() === text;

describe('parseObjectUri', () => {
  it.each([
    ['file:/a/b', 'file:///a/b'],
    ['file:///a/b/', 'file:///a/b'],
    ['FILE:///a/./b/../c', 'file:///a/c'],
    ['file:///a//b', 'file:///a/b'],
    ['file:///a/../../b', 'file:///b'],
    ['file:///', 'file:///'],
    ['file:///C:/x y', 'file:///C:/x%20y'],
    ['file:///a%2fb', 'file:///a%2Fb'],
    ['file:///a%7Eb', 'file:///a~b'],
    ['file:///a+b', 'file:///a+b'],
    ['file:///a%2Bb', 'file:///a+b'],
    ['file:///ü', 'file:///%C3%BC'],
    ['file:///%c3%bc', 'file:///%C3%BC'],
    ['file:///100%', 'file:///100%25'],
    ['file:///100%25', 'file:///100%25'],
    ['file:///x%2520y', 'file:///x%2520y'],
    ['s3a://bucket/key', 's3://bucket/key'],
    ['s3n://Bucket/a//b/../c', 's3://Bucket/a//b/../c'],
    [
      'wasbs://container@Account.blob.core.windows.net/x',
      'abfss://container@account.blob.core.windows.net/x',
    ],
    ['gs://bucket', 'gs://bucket'],
    ['s3://bucket/', 's3://bucket'],
  ])('reads %s as %s', (text, uri) => {
    expect(parseObjectUri(text)).toBe(uri);
    expect(parseObjectUri(uri)).toBe(uri);
  });

  it('refuses a text without a scheme', () => {
    expect(() => parseObjectUri('/a/b')).toThrow(/not an absolute URI/);
  });

  it('is idempotent, and gives back the decoded path it was made from', () => {
    const segment = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => isText(text) && !text.includes('/') && text !== '.' && text !== '..');
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const path = `/${segments.join('/')}`;
        const uri = fileUri(path);
        expect(parseObjectUri(uri)).toBe(uri);
        expect(decodedPath(uri)).toBe(path);
        expect(uri).toMatch(/^[\x21-\x7e]*$/);
      }),
    );
  });

  it('gives two names two URIs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        fc.pre(a !== b && isText(a) && isText(b));
        expect(encodeSegment(a)).not.toBe(encodeSegment(b));
      }),
    );
  });
});

describe('decodePercent', () => {
  it.each([
    ['a%20b', 'a b'],
    ['a+b', 'a+b'],
    ['%E6%97%A5', '日'],
    ['100%', '100%'],
    ['%zz%4', '%zz%4'],
    ['%2520', '%20'],
    ['%EF%BB%BFx', '\ufeffx'],
  ])('decodes %s once', (text, decoded) => {
    expect(decodePercent(text)).toBe(decoded);
  });
});

describe('resolvePath', () => {
  const root = parseObjectUri('file:///data/my table');
  const bucket = parseObjectUri('s3a://bucket/tables/t');
  it.each([
    [root, 'part-0.parquet', 'file:///data/my%20table/part-0.parquet'],
    [root, 'c=a%20b/part', 'file:///data/my%20table/c=a%20b/part'],
    [root, 'c=a%253Ab/part', 'file:///data/my%20table/c=a%253Ab/part'],
    [root, 'c=2024-01-01 10:00:00/part', 'file:///data/my%20table/c=2024-01-01%2010:00:00/part'],
    [root, '../other/part', 'file:///data/other/part'],
    [root, '/else/part', 'file:///else/part'],
    [root, 'file:/else/part', 'file:///else/part'],
    [root, 's3a://bucket/part', 's3://bucket/part'],
    [bucket, 'a%20b/part', 's3://bucket/tables/t/a%20b/part'],
    [bucket, '/top/part', 's3://bucket/top/part'],
  ] as const)('of %s finds %s at %s', (from, path, uri) => {
    expect(resolvePath(from, path)).toBe(uri);
  });
});

describe('hasScheme', () => {
  it.each([
    ['s3://x', true],
    ['file:/x', true],
    ['C:/x', false],
    ['C:\\x', false],
    ['part-0.parquet', false],
    ['a/b:c', false],
  ])('of %s is %s', (text, expected) => {
    expect(hasScheme(text)).toBe(expected);
  });
});

describe('parts of a URI', () => {
  const uri = parseObjectUri('file:///a/b%20c/d');
  it('are its authority, name, parent and the way from a folder', () => {
    expect(uriAuthority(uri)).toBe('file://');
    expect(uriAuthority(parseObjectUri('s3://bucket/k'))).toBe('s3://bucket');
    expect(uriName(parseObjectUri('file:///a/b%20c'))).toBe('b c');
    expect(uriName(parseObjectUri('s3://bucket'))).toBe('bucket');
    expect(parentUri(uri)).toBe('file:///a/b%20c');
    expect(parentUri(parseObjectUri('file:///a'))).toBe('file:///');
    expect(parentUri(parseObjectUri('s3://bucket/k'))).toBe('s3://bucket');
    expect(parentUri(parseObjectUri('s3://bucket'))).toBeUndefined();
    expect(relativePath(parseObjectUri('file:///a'), uri)).toBe('b%20c/d');
    expect(relativePath(parseObjectUri('file:///'), uri)).toBe('a/b%20c/d');
    expect(relativePath(parseObjectUri('file:///a/b'), uri)).toBeUndefined();
    expect(relativePath(uri, uri)).toBeUndefined();
  });

  it('join under a folder, also at the top of a disk', () => {
    expect(joinUri(parseObjectUri('file:///a'), '_delta_log', '0 1.json')).toBe(
      'file:///a/_delta_log/0%201.json',
    );
    expect(joinUri(parseObjectUri('file:///'), 'x')).toBe('file:///x');
    expect(joinUri(parseObjectUri('file:///a'), 'b/c', '')).toBe('file:///a/b/c');
  });

  it.each([
    ['file:///a', 'file:///a', true],
    ['file:///a', 'file:///a/b', true],
    ['file:///a/b', 'file:///a', true],
    ['file:///a', 'file:///ab', false],
    ['s3://x/a', 'file:///a', false],
  ])('of %s and %s overlap: %s', (a, b, expected) => {
    expect(urisOverlap(parseObjectUri(a), parseObjectUri(b))).toBe(expected);
  });
});

describe('the written form of a URI', () => {
  it.each([
    ['file:///lake/a%20b/caf%C3%A9%23%25.parquet', 'file:/lake/a%20b/café%23%25.parquet'],
    ['file:///C:/lake/x', 'file:/C:/lake/x'],
    ["file:///lake/a:b@c+d=e,f;g$h&i'j(k)l*m!n~o", "file:/lake/a:b@c+d=e,f;g$h&i'j(k)l*m!n~o"],
    ['file:///lake/%E2%80%83%C2%A0x', 'file:/lake/%E2%80%83%C2%A0x'],
    ['s3://bucket/k%5B1%5D/%F0%9F%8C%8A', 's3://bucket/k%5B1%5D/🌊'],
  ])('spells %s as Hadoop does', (canonical, written) => {
    const uri = parseObjectUri(canonical);
    expect(writtenUri(uri)).toBe(written);
    expect(parseObjectUri(written)).toBe(uri);
  });
});
