/**
 * Protocol, metadata, domains and transactions of a clone. Source: delta-semantics.md 3.2 and 4.2 step 8, which tell what engines take
 * from the source, keep of the target, and make afresh.
 */
import type { DomainMetadata, Metadata, Protocol, SetTransaction } from '../actions';
import type { Engine } from '../engine';
import { mergeProtocols, protocolFeatures, protocolForProperties } from '../protocol';
import type { Snapshot } from '../snapshot';
import { sameMetadata, sameProtocol } from './changes';
import { keepMaxColumnId } from './columnIds';
import { mergeIdentityMarks } from './identityColumns';
import { withOwnEnablement } from './inCommitTimestamps';
import type { CloneSpec, TargetState } from './operation';
import { parseOverrides } from './propertyOverrides';
import { rowIdColumnProperty, rowVersionColumnProperty } from './rowTracking';

const clustering = 'delta.clustering';
/** Features that tie a table to a catalog; its clone is a table of its own. */
const catalogBound = new Set([
  'catalogManaged',
  'catalogOwned-preview',
  'coordinatedCommits-preview',
]);

/** True for a property that ties a table to a catalog or a coordinator. */
function isCatalogProperty(key: string): boolean {
  return (
    key.startsWith('delta.coordinatedCommits.') ||
    key === 'ucTableId' ||
    key === 'io.unitycatalog.tableId' ||
    key === 'delta.unityCatalog.tableId'
  );
}

/** The state of a clone's target after the commit. Throws `invalid-argument` for an override that cannot be. */
export function cloneState(
  engine: Engine,
  spec: CloneSpec,
  source: Snapshot,
  target: Snapshot | undefined,
): TargetState {
  const overrides = parseOverrides(spec.properties, source.metadata);
  const protocol = mergeProtocols(
    withoutCatalogFeatures(source.protocol),
    protocolForProperties({ ...overrides.configuration, ...overrides.features }),
    ...(target === undefined ? [] : [target.protocol]),
  );
  const metadata: Metadata = {
    id: target?.metadata.id ?? engine.ids.uuid(),
    ...(target?.metadata.name === undefined ? {} : { name: target.metadata.name }),
    ...(target?.metadata.description === undefined
      ? {}
      : { description: target.metadata.description }),
    format: source.metadata.format,
    schemaString: mergeIdentityMarks(
      source.metadata.schemaString,
      target?.metadata.schemaString ?? '',
    ),
    partitionColumns: source.metadata.partitionColumns,
    configuration: configurationOf(engine, source, target, overrides.configuration),
    ...(source.metadata.createdTime === undefined
      ? {}
      : { createdTime: source.metadata.createdTime }),
  };
  // Timestamps are settled when the commit is made; whether anything changes is known before.
  const settled = withOwnEnablement(target, { protocol, metadata }, (target?.version ?? -1) + 1, 0);
  return {
    protocol,
    metadata,
    writesMetadata: target === undefined || !sameMetadata(target.metadata, settled),
    writesProtocol: target === undefined || !sameProtocol(target.protocol, protocol),
    domains: clusteringDomain(source, target),
    transactions:
      spec.kind === 'deep-clone' && spec.copyTxn === true ? newTransactions(source, target) : [],
  };
}

function withoutCatalogFeatures(protocol: Protocol): Protocol {
  if (![...protocolFeatures(protocol)].some((name) => catalogBound.has(name))) return protocol;
  const keep = (names: readonly string[]): readonly string[] =>
    names.filter((name) => !catalogBound.has(name));
  return {
    minReaderVersion: protocol.minReaderVersion,
    minWriterVersion: protocol.minWriterVersion,
    ...(protocol.readerFeatures === undefined
      ? {}
      : { readerFeatures: keep(protocol.readerFeatures) }),
    ...(protocol.writerFeatures === undefined
      ? {}
      : { writerFeatures: keep(protocol.writerFeatures) }),
  };
}

function configurationOf(
  engine: Engine,
  source: Snapshot,
  target: Snapshot | undefined,
  overrides: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = target?.metadata.configuration ?? {};
  const taken = Object.entries({ ...source.metadata.configuration, ...overrides }).filter(
    ([key]) =>
      !isCatalogProperty(key) && key !== rowIdColumnProperty && key !== rowVersionColumnProperty,
  );
  const configuration = keepMaxColumnId(
    {
      ...Object.fromEntries(taken),
      ...Object.fromEntries(Object.entries(own).filter(([key]) => isCatalogProperty(key))),
    },
    own,
  );
  if (configuration['delta.enableRowTracking']?.toLowerCase() !== 'true') return configuration;
  // The source's names would bring its row ids back to life in files that are written again.
  return {
    ...configuration,
    [rowIdColumnProperty]: own[rowIdColumnProperty] ?? `_row-id-col-${engine.ids.uuid()}`,
    [rowVersionColumnProperty]:
      own[rowVersionColumnProperty] ?? `_row-commit-version-col-${engine.ids.uuid()}`,
  };
}

function clusteringDomain(
  source: Snapshot,
  target: Snapshot | undefined,
): readonly DomainMetadata[] {
  const from = source.domains.get(clustering);
  const own = target?.domains.get(clustering);
  if (from === undefined) return own === undefined ? [] : [{ ...own, removed: true }];
  return own?.configuration === from.configuration ? [] : [from];
}

/** Those of the source that the target does not have at the same version; its other ones stay as they are. */
function newTransactions(
  source: Snapshot,
  target: Snapshot | undefined,
): readonly SetTransaction[] {
  return [...source.transactions.values()].filter(
    ({ appId, version }) => target?.transactions.get(appId)?.version !== version,
  );
}
