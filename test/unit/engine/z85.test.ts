import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUuid, decodeZ85, encodeUuid, encodeZ85 } from '../../../src/engine/util/z85';

describe('Z85', () => {
  it("encodes the RFC's own example", () => {
    const bytes = Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b);
    expect(encodeZ85(bytes)).toBe('HelloWorld');
    expect(decodeZ85('HelloWorld')).toEqual(bytes);
  });

  it('gives back whatever bytes it was given, in whole groups of four', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const decoded = decodeZ85(encodeZ85(bytes));
        expect(decoded?.subarray(0, bytes.length)).toEqual(bytes);
        expect(decoded?.subarray(bytes.length).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });

  it('says undefined for what is no Z85', () => {
    expect(decodeZ85('Hell')).toBeUndefined();
    expect(decodeZ85('Hell"')).toBeUndefined();
    expect(decodeZ85('Hellé')).toBeUndefined();
    expect(decodeZ85('#####'), 'beyond 32 bits').toBeUndefined();
  });

  it('reads a last group that # marks as shorter', () => {
    expect(decodeZ85('##093')).toEqual(Uint8Array.of(3, 0));
    expect(decodeZ85('HelloWorld###04')).toHaveLength(9);
    expect(decodeZ85('##%%%'), 'beyond 16 bits').toBeUndefined();
  });

  it("decodes the protocol's example UUID, and encodes it back", () => {
    expect(decodeUuid('^-aqEH.-t@S}K{vb[*k^')).toBe('d2c639aa-8816-431a-aaf6-d3fe2512ff61');
    expect(encodeUuid('d2c639aa-8816-431a-aaf6-d3fe2512ff61')).toBe('^-aqEH.-t@S}K{vb[*k^');
    expect(encodeUuid('no uuid')).toBeUndefined();
  });

  it('keeps any UUID', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(decodeUuid(encodeUuid(uuid) ?? '')).toBe(uuid);
      }),
    );
  });
});
