import { describe, expect, it } from 'vitest';
import { parseArgs, UsageError, wholeNumber } from '../../../src/cli/args';
import { exitCodeOf } from '../../../src/cli/exitCodes';
import { generalHelp, verbHelp } from '../../../src/cli/help';
import { RawJson, toJsonText } from '../../../src/cli/json';
import { memberTexts } from '../../../src/cli/jsonMembers';
import { nearest } from '../../../src/cli/suggest';
import { byteText, countText, printable, textTable, textWidth } from '../../../src/cli/textTable';
import { verbs } from '../../../src/cli/verbs';
import type { VerbSpec } from '../../../src/cli/verbs';

function verb(name: string): VerbSpec {
  const found = verbs.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe('parseArgs', () => {
  it('takes options anywhere, in both forms', () => {
    const args = parseArgs(verb('clone'), [
      '--deep',
      'a',
      '--property=k=v=w',
      '--version',
      '3',
      'b',
      '--property',
      'x=',
    ]);
    expect(args.positionals).toEqual(['a', 'b']);
    expect(args.has('deep')).toBe(true);
    expect(args.value('version')).toBe('3');
    expect(args.values('property')).toEqual(['k=v=w', 'x=']);
    expect(args.has('shallow')).toBe(false);
  });

  it('takes everything behind -- as it is', () => {
    expect(parseArgs(verb('detail'), ['--json', '--', '--odd name']).positionals).toEqual([
      '--odd name',
    ]);
  });

  it.each([
    [
      'an unknown option, with the nearest',
      'detail',
      ['t', '--cuont'],
      /--cuont.*did you mean --count/,
    ],
    ['a short option', 'detail', ['-v', 't'], /Unknown option -v/],
    ['a missing value', 'detail', ['t', '--version'], /--version needs a value/],
    ['a value for a switch', 'detail', ['t', '--json=yes'], /takes no value/],
    ['a repeated option', 'detail', ['t', '--version', '1', '--version', '2'], /once/],
    ['too few arguments', 'clone', ['a', '--deep'], /needs <target>/],
    ['too many arguments', 'detail', ['a', 'b'], /does not take "b"/],
    ['an empty argument', 'detail', [''], /<table> is empty/],
  ])('refuses %s', (_what, name, args, message) => {
    expect(() => parseArgs(verb(name), args)).toThrow(UsageError);
    expect(() => parseArgs(verb(name), args)).toThrow(message);
  });

  it('asks for no arguments when help is wanted', () => {
    expect(parseArgs(verb('clone'), ['--help']).has('help')).toBe(true);
  });

  it('accepts whole numbers only', () => {
    expect(wholeNumber('12', 'version', 'detail')).toBe(12);
    for (const text of ['-1', '1.5', 'x', '', '1e3', '99999999999999999999']) {
      expect(() => wholeNumber(text, 'version', 'detail')).toThrow(UsageError);
    }
  });

  it('lets every verb be scanned, printed as JSON and explained; writing ones be executed', () => {
    for (const spec of verbs as readonly VerbSpec[]) {
      const names = spec.options.map((option) => option.name);
      expect(names).toEqual(expect.arrayContaining(['scan', 'json', 'help']));
      expect(new Set(names).size).toBe(names.length);
      expect(verbHelp(spec)).toContain(`delta-clones ${spec.name}`);
    }
    for (const name of ['clone', 'restore']) {
      expect(verb(name).options.map((option) => option.name)).toEqual(
        expect.arrayContaining(['execute', 'acknowledge', 'confirm']),
      );
    }
    expect(generalHelp()).toContain('lineage <root>');
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['invalid-argument', 2],
    ['not-a-table', 3],
    ['not-found', 3],
    ['unsupported-read', 3],
    ['refused', 4],
    ['unsupported-write', 4],
    ['already-exists', 4],
    ['conflict', 5],
    ['stale-plan', 5],
    ['access-denied', 6],
    ['throttled', 6],
    ['unreachable', 6],
    ['internal', 70],
    ['never heard of', 70],
    ['cancelled', 130],
  ])('%s is %d', (code, exit) => {
    expect(exitCodeOf(code)).toBe(exit);
  });
});

describe('nearest', () => {
  it('finds a mistyped word and none that is far', () => {
    expect(nearest('histroy', ['history', 'restore'])).toBe('history');
    expect(nearest('dteail', ['detail', 'tables'])).toBe('detail');
    expect(nearest('xyz', ['detail', 'tables'])).toBeUndefined();
  });
});

describe('JSON', () => {
  it('writes numbers beyond 2^53 with all digits and leaves undefined out', () => {
    expect(
      toJsonText({
        a: 9007199254740993n,
        b: undefined,
        c: [1, undefined, 'x"'],
        d: new RawJson('{"n": 12345678901234567890}'),
        e: null,
      }),
    ).toBe('{"a":9007199254740993,"c":[1,null,"x\\""],"d":{"n": 12345678901234567890},"e":null}');
  });

  it('takes the members of a line apart without touching them', () => {
    expect(
      memberTexts(
        '{"a":9007199254740993,"b":"x, \\"y\\"","c":{"d":[1,{"e":"}"}]},"f":null,"g":true}',
      ),
    ).toEqual([
      ['a', '9007199254740993'],
      ['b', 'x, "y"'],
      ['c', '{"d":[1,{"e":"}"}]}'],
      ['f', null],
      ['g', 'true'],
    ]);
    expect(memberTexts('{}')).toEqual([]);
  });
});

describe('textTable', () => {
  it('aligns cells by what a terminal shows', () => {
    expect(
      textTable(
        [{ title: 'NAME' }, { title: 'N', align: 'right' }],
        [
          ['漢字', '1'],
          ['é', '1000'],
          [null, null],
        ],
      ),
    ).toEqual(['NAME     N', '漢字     1', 'é     1000', '-        -']);
    expect(textWidth('e\u0301')).toBe(1);
  });

  it('shortens only what may be, to the width of the terminal', () => {
    const lines = textTable(
      [{ title: 'A', mayShrink: true }, { title: 'B' }],
      [['x'.repeat(50), 'keep']],
      { width: 30 },
    );
    expect(lines[1]).toBe(`${'x'.repeat(23)}…  keep`);
  });

  it('prints no control characters', () => {
    expect(printable('a\u001b[31mb\nc\u0007')).toBe('a\ufffd[31mb c\ufffd');
  });

  it('writes sizes and counts for people', () => {
    expect([byteText(0), byteText(1023), byteText(1536), byteText(5 * 1024 ** 3)]).toEqual([
      '0 B',
      '1023 B',
      '1.5 KiB',
      '5.0 GiB',
    ]);
    expect([countText(7), countText(1234567)]).toEqual(['7', '1,234,567']);
  });
});
