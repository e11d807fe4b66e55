import { describe, expect, it } from 'vitest';
import {
  commandLineOf,
  commitJson,
  copyForms,
  copyText,
  quoteArgument,
  sqlOf,
} from '../../../src/vscode/copyForms';
import { commit } from './fakes';

describe('copy forms', () => {
  it('are path, URI, SQL, command line and JSON', () => {
    expect(copyForms.map(({ form }) => form)).toEqual([
      'path',
      'uri',
      'sql',
      'command-line',
      'json',
    ]);
    const location = 'file:///w/my%20table';
    expect(copyText('path', location, 3)).toBe('/w/my table');
    expect(copyText('uri', location, 3)).toBe(location);
    expect(copyText('sql', location, 3)).toBe('SELECT * FROM delta.`/w/my table` VERSION AS OF 3');
    expect(copyText('command-line', location, 3)).toBe(`delta-clones detail '/w/my table' --json`);
  });

  it('leave the version out of SQL where it is not known', () => {
    expect(sqlOf('s3://b/t')).toBe('SELECT * FROM delta.`s3://b/t`');
  });

  it('quote backticks in SQL and quotes in a shell', () => {
    expect(sqlOf('/w/a`b', 0, ['x`y'])).toBe('SELECT `x``y` FROM delta.`/w/a``b` VERSION AS OF 0');
    expect(quoteArgument(`it's $HOME; rm`)).toBe(`'it'\\''s $HOME; rm'`);
    expect(quoteArgument('/w/plain_1')).toBe('/w/plain_1');
  });

  it('read a version on the command line', () => {
    expect(commandLineOf('/w/t', 3)).toBe('delta-clones rows /w/t --version 3');
  });

  it('write a commit as JSON that reads back', () => {
    expect(JSON.parse(commitJson(commit(2)))).toEqual(commit(2));
  });
});
