/** `tables <root>`: every table found below a folder. */
import type { TableEntry } from '../../protocol/views';
import { displayLocation } from '../../service/location';
import { callOf, locationArgument } from '../context';
import type { VerbContext } from '../context';
import { findTablesQuery } from '../findRoots';
import { toJsonText } from '../json';
import { byteText, countText, textTable } from '../textTable';

export async function tablesVerb(context: VerbContext): Promise<void> {
  const { service, output } = context;
  const call = callOf(context);
  const entries = await service.findTables(findTablesQuery([locationArgument(context, 0)]), {
    ...call,
    onProgress: (event) => {
      if (event.unreadable !== undefined) {
        output.say(`${displayLocation(event.unreadable)} could not be listed and was passed over.`);
      }
      call.onProgress?.(event);
    },
  });
  output.progress('');
  if (context.isJson) {
    for (const entry of entries) await output.line(toJsonText(entryJson(entry)));
    return;
  }
  if (entries.length === 0) {
    output.say('No Delta tables were found.');
    return;
  }
  const lines = textTable(
    [
      { title: 'NAME', mayShrink: true },
      { title: 'VERSION', align: 'right' },
      { title: 'FILES', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'CLONE OF', mayShrink: true },
      { title: 'LOCATION' },
    ],
    entries.map((entry) => [
      entry.name,
      entry.version === undefined ? null : String(entry.version),
      known(entry.numFiles, countText),
      known(entry.sizeInBytes, byteText),
      entry.error === undefined ? cloneText(entry) : `${entry.error.code}: ${entry.error.message}`,
      displayLocation(entry.location),
    ]),
    { width: output.width, bold: output.bold },
  );
  for (const line of lines) await output.line(line);
}

function known(value: number | null | undefined, show: (value: number) => string): string | null {
  return typeof value === 'number' ? show(value) : null;
}

function entryJson(entry: TableEntry): object {
  const { location, name, error } = entry;
  if (error !== undefined) {
    return { location, name, error: { code: error.code, message: error.message } };
  }
  return {
    location,
    name,
    version: entry.version,
    cloneOf: entry.cloneOf,
    numFiles: entry.numFiles,
    sizeInBytes: entry.sizeInBytes,
  };
}

function cloneText(entry: TableEntry): string | null {
  const { cloneOf } = entry;
  if (cloneOf === undefined) return null;
  const version = cloneOf.version === null ? '' : ` at version ${cloneOf.version}`;
  const kind = cloneOf.kind === 'unknown' ? '' : `${cloneOf.kind}, `;
  return `${kind}${displayLocation(cloneOf.location)}${version}`;
}
