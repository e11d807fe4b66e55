/**
 * The properties that tell where in-commit timestamps begin. They belong to a table's own history: a clone never takes its source's.
 * Source: PROTOCOL.md, In-Commit Timestamps; delta-semantics.md 2.4.
 */
import type { Metadata, Protocol } from '../actions';
import type { Version } from '../log/logPath';
import { usesInCommitTimestamps } from '../transaction';

const versionProperty = 'delta.inCommitTimestampEnablementVersion';
const timestampProperty = 'delta.inCommitTimestampEnablementTimestamp';

/**
 * The metadata with the enablement properties that are right for the commit: the table's own where the timestamps stay on, fresh ones
 * where this commit switches them on, none at version 0 and where they are off.
 */
export function withOwnEnablement(
  before: { readonly protocol: Protocol; readonly metadata: Metadata } | undefined,
  after: { readonly protocol: Protocol; readonly metadata: Metadata },
  version: Version,
  timestamp: number,
): Metadata {
  const {
    [versionProperty]: _version,
    [timestampProperty]: _time,
    ...configuration
  } = after.metadata.configuration;
  const own = before?.metadata.configuration;
  if (!usesInCommitTimestamps(after) || before === undefined || own === undefined) {
    return { ...after.metadata, configuration };
  }
  if (!usesInCommitTimestamps(before)) {
    return {
      ...after.metadata,
      configuration: {
        ...configuration,
        [versionProperty]: String(version),
        [timestampProperty]: String(timestamp),
      },
    };
  }
  const kept = Object.fromEntries(
    [versionProperty, timestampProperty].flatMap((key) => {
      const value = own[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return { ...after.metadata, configuration: { ...configuration, ...kept } };
}
