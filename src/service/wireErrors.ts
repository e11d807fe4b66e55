/**
 * Errors as they cross a port or reach the command line: code, sentence, and JSON-safe facts. Our own types pass with what they
 * say; anything else is `internal`, without the places of our code that its text may name.
 */
import { DeltaError, StoreError } from '../engine/errors';
import type { Json, JsonObject } from '../protocol/json';
import { RemoteError } from '../protocol/rpc';
import type { WireError } from '../protocol/views';
import { withLocalPaths } from './readableText';

/** Turns anything thrown into what may be shown; never throws. */
export function toWireError(error: unknown): WireError {
  if (error instanceof DeltaError) {
    return {
      code: error.code,
      message: withLocalPaths(error.message),
      details: toJson(error.details) as JsonObject,
    };
  }
  if (error instanceof StoreError) {
    return {
      code: error.code,
      message: withLocalPaths(error.message),
      details: { location: error.uri },
    };
  }
  if (error instanceof RemoteError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return { code: 'cancelled', message: 'The operation was cancelled.', details: {} };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'internal', message: `An internal error: ${withoutOurPaths(text)}`, details: {} };
}

/** A JSON copy: bigints that are too long for a number become their digits, maps objects, sets lists, functions nothing. */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(toJson);
      if (value instanceof Set) return [...value].map(toJson);
      const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
      const result: Record<string, Json> = {};
      for (const [key, inner] of entries as [unknown, unknown][]) {
        if (inner === undefined || typeof inner === 'function') continue;
        Object.defineProperty(result, String(key), {
          value: toJson(inner),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return result;
    }
    case 'undefined':
    case 'function':
    case 'symbol':
      return null;
    default:
      return null;
  }
}

/** Paths of scripts, with their line numbers, are of no use to the reader and tell about the machine. */
function withoutOurPaths(text: string): string {
  return text
    .split('\n', 1)
    .join('')
    .replace(
      /(?:file:\/\/)?(?:[A-Za-z]:)?[\\/][^\s'"()]*\.(?:[cm]?[jt]s)(?::\d+){0,2}/g,
      'the program',
    );
}
