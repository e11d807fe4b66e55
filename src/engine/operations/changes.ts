/** What changes between two states of a table, for people: columns, properties, protocol. */
import type { Metadata, Protocol } from '../actions';
import { protocolFeatures } from '../protocol';
import { describeType, parseSchema, type StructType } from '../schema';
import type { ValueChange } from './operation';

/** Columns by name, nested ones by dotted path, with their types; `not null` where it is so. */
export function schemaChanges(before: Metadata, after: Metadata): readonly ValueChange[] {
  if (before.schemaString === after.schemaString) {
    return valueChanges(partitioning(before), partitioning(after));
  }
  return valueChanges(
    new Map([...columnTypes(parseSchema(before.schemaString)), ...partitioning(before)]),
    new Map([...columnTypes(parseSchema(after.schemaString)), ...partitioning(after)]),
  );
}

export function propertyChanges(before: Metadata, after: Metadata): readonly ValueChange[] {
  return valueChanges(
    new Map(Object.entries(before.configuration)),
    new Map(Object.entries(after.configuration)),
  );
}

export function protocolChanges(before: Protocol, after: Protocol): readonly ValueChange[] {
  return valueChanges(protocolValues(before), protocolValues(after));
}

function partitioning(metadata: Metadata): ReadonlyMap<string, string> {
  return new Map([['partitionColumns', metadata.partitionColumns.join(', ')]]);
}

function columnTypes(
  type: StructType,
  prefix = '',
  types = new Map<string, string>(),
): Map<string, string> {
  for (const field of type.fields) {
    const path = `${prefix}${field.name}`;
    if (field.type.kind === 'struct') columnTypes(field.type, `${path}.`, types);
    else types.set(path, `${describeType(field.type)}${field.nullable ? '' : ' not null'}`);
  }
  return types;
}

function protocolValues(protocol: Protocol): ReadonlyMap<string, string> {
  return new Map([
    ['minReaderVersion', String(protocol.minReaderVersion)],
    ['minWriterVersion', String(protocol.minWriterVersion)],
    ...[...protocolFeatures(protocol)].map((name): [string, string] => [
      `delta.feature.${name}`,
      'supported',
    ]),
  ]);
}

function valueChanges(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly ValueChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((key) => ({ key, before: before.get(key) ?? null, after: after.get(key) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** True when two protocols mean the same and are written the same way. */
export function sameProtocol(a: Protocol, b: Protocol): boolean {
  return protocolChanges(a, b).length === 0;
}

/** True when two metadata actions say the same. */
export function sameMetadata(a: Metadata, b: Metadata): boolean {
  return (
    a.id === b.id &&
    a.name === b.name &&
    a.description === b.description &&
    a.createdTime === b.createdTime &&
    a.schemaString === b.schemaString &&
    a.format.provider === b.format.provider &&
    a.partitionColumns.length === b.partitionColumns.length &&
    a.partitionColumns.every((column, i) => column === b.partitionColumns[i]) &&
    propertyChanges(a, b).length === 0
  );
}
