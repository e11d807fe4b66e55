import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointHintChecksum } from '../../../src/engine/log/lastCheckpointWriter';
import { parseJson, type JsonObject } from '../../../src/engine/util/json';
import { md5Hex } from '../../../src/engine/util/md5';
import { sha1, shortHash, uuidOfUri } from '../../../src/engine/util/sha1';

describe('hashes', () => {
  it('agree with the platform at every length around the block size', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff);
      expect(md5Hex(bytes)).toBe(createHash('md5').update(bytes).digest('hex'));
      expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(
        createHash('sha1').update(bytes).digest('hex'),
      );
    }
  });

  it('give the version 5 UUID of RFC 9562 for a URI', () => {
    // The example of RFC 9562, appendix A.4, is in the DNS namespace; this one was made with another implementation.
    expect(uuidOfUri('http://example.com/')).toBe('0a300ee9-f9e4-5697-a51a-efc7fafaba67');
    expect(shortHash('abc')).toBe('a9993e36');
  });

  it('give the checksum of the protocol for its self-test', () => {
    const hint = parseJson(
      `{"k0":"'v 0'","checksum":"x","k1":{"k2":2,"k3":["v3",[1,2],{"k4":"v4","k5":["v5","v6","v7"]}]}}`,
    );
    expect(checkpointHintChecksum(hint as JsonObject)).toBe('6a92d155a59bf2eecbd4b4ec7fd1f875');
  });
});
