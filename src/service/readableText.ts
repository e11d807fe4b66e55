/** Sentences for people name local tables by their path, not by their URI. Codes, locations and details keep the URI. */
import { decodePercent } from '../engine/objectUri';

/** The text with every `file:///` URI as the local path it stands for. */
export function withLocalPaths(text: string): string {
  return text.replace(/file:\/\/(\/[^\s"'`]*)/g, (_uri, path: string) => {
    const decoded = decodePercent(path);
    return /^\/[A-Za-z]:(\/|$)/.test(decoded) ? decoded.slice(1) : decoded;
  });
}
