import { describe, expect, it } from 'vitest';
import { parseObjectUri } from '../../../src/engine/objectUri';
import { localPath, localUri } from '../../../src/storage/localPath';

describe('localPath', () => {
  it.each([
    ['file:///a/b%20c', '/a/b c'],
    ['file:///a/100%25', '/a/100%'],
    ['file:///a/%2520', '/a/%20'],
    ['file:///a/x%23y%3Fz', '/a/x#y?z'],
    ['file:///%C3%BC', '/ü'],
    ['file:///a%0Ab', '/a\nb'],
    ['file:///', '/'],
    ['file:///C:/x', '/C:/x'],
  ])('reads %s as %s on POSIX', (uri, path) => {
    expect(localPath(parseObjectUri(uri), 'linux')).toBe(path);
  });

  it.each([
    ['file:///C:/Users/a%20b', 'C:\\Users\\a b'],
    ['file:///c:', 'c:\\'],
  ])('reads %s as %s on Windows', (uri, path) => {
    expect(localPath(parseObjectUri(uri), 'win32')).toBe(path);
  });

  it.each(['file:///a/b%2Fc', 'file:///a/..%2F..%2Fetc', 'file:///a/%00'])(
    'refuses %s, whose segment no file can have as its name',
    (uri) => {
      expect(() => localPath(parseObjectUri(uri), 'linux')).toThrow(/cannot be a file's name/);
    },
  );

  it.each(['file:///C:/a:b', 'file:///C:/a%5Cb', 'file:///C:/x.', 'file:///C:/a%3Fb'])(
    'refuses %s on Windows, which would read it as another file',
    (uri) => {
      expect(() => localPath(parseObjectUri(uri), 'win32')).toThrow(/cannot be a file's name/);
    },
  );

  it('refuses the URI of a store', () => {
    expect(() => localPath(parseObjectUri('s3://bucket/key'))).toThrow(
      /not a file on this machine/,
    );
  });

  it.each([
    ['/a/b c', 'linux', 'file:///a/b%20c'],
    ['C:\\Users\\a b', 'win32', 'file:///C:/Users/a%20b'],
    ['/a\\b', 'linux', 'file:///a%5Cb'],
  ] as const)('writes %s on %s as %s', (path, platform, uri) => {
    expect(localUri(path, platform)).toBe(uri);
  });
});
