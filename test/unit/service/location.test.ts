import { describe, expect, it } from 'vitest';
import { displayLocation, resolveLocation } from '../../../src/service/location';

const posix = { workingFolder: '/home/ada/lake', isWindows: false };
const windows = { workingFolder: 'C:\\lake', isWindows: true };

describe('resolveLocation', () => {
  it.each([
    ['an absolute path', '/data/orders', 'file:///data/orders'],
    ['a path with a trailing slash', '/data/orders/', 'file:///data/orders'],
    ['a relative path', 'orders', 'file:///home/ada/lake/orders'],
    ['dots', '../x/./y', 'file:///home/ada/x/y'],
    ['the working folder', '.', 'file:///home/ada/lake'],
    ['a percent sign in a path, literally', '/data/a%20b', 'file:///data/a%2520b'],
    ['characters that URIs escape', '/data/a b#c?', 'file:///data/a%20b%23c%3F'],
    ['a tilde, which is the business of the shell', '~/x', 'file:///home/ada/lake/~/x'],
    ['a URI with one slash', 'file:/data/orders', 'file:///data/orders'],
    ['an encoded URI', 'file:///data/a%20b', 'file:///data/a%20b'],
    ['a store by another spelling', 's3a://bucket/orders/', 's3://bucket/orders'],
  ])('resolves %s', (_what, text, expected) => {
    expect(resolveLocation(text, posix)).toBe(expected);
  });

  it.each([
    ['C:\\data\\orders', 'file:///C:/data/orders'],
    ['D:/orders', 'file:///D:/orders'],
    ['orders', 'file:///C:/lake/orders'],
  ])('resolves %s on Windows', (text, expected) => {
    expect(resolveLocation(text, windows)).toBe(expected);
  });

  it('refuses an empty text, and a relative path where there is no working folder', () => {
    expect(() => resolveLocation(' ', posix)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
    expect(() => resolveLocation('orders', { isWindows: false })).toThrow(/relative path/);
  });

  it('accepts what it gave, unchanged', () => {
    for (const text of ['/data/a b%#é', 's3://bucket/k e y']) {
      const location = resolveLocation(text, posix);
      expect(resolveLocation(location, posix)).toBe(location);
    }
  });
});

describe('displayLocation', () => {
  it('shows paths of local places and URIs of others', () => {
    expect(displayLocation('file:///data/a%20b')).toBe('/data/a b');
    expect(displayLocation('file:///C:/data')).toBe('C:/data');
    expect(displayLocation('s3://bucket/a%20b')).toBe('s3://bucket/a%20b');
  });
});
