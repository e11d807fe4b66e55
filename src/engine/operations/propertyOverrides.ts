/**
 * Properties that a clone is given instead of its source's. Keys are brought to their canonical case; what would make the files wrong
 * (column mapping, constraints, ids of rows) cannot be changed by a clone. Sources: delta-semantics.md 3.3; Delta's table properties.
 */
import type { Metadata } from '../actions';
import { DeltaError } from '../errors';
import { parseInterval } from '../properties';
import { tableFeature } from '../tableFeatures';

type ValueKind = 'boolean' | 'interval' | 'count' | 'text';

/** Known `delta.` properties that may be set on a clone, in canonical case. */
const settable: Readonly<Record<string, ValueKind>> = {
  'delta.appendOnly': 'boolean',
  'delta.autoOptimize.autoCompact': 'text',
  'delta.autoOptimize.optimizeWrite': 'boolean',
  'delta.checkpoint.writeStatsAsJson': 'boolean',
  'delta.checkpoint.writeStatsAsStruct': 'boolean',
  'delta.checkpointInterval': 'count',
  'delta.checkpointPolicy': 'text',
  'delta.checkpointRetentionDuration': 'interval',
  'delta.compatibility.symlinkFormatManifest.enabled': 'boolean',
  'delta.dataSkippingNumIndexedCols': 'text',
  'delta.dataSkippingStatsColumns': 'text',
  'delta.deletedFileRetentionDuration': 'interval',
  'delta.enableChangeDataFeed': 'boolean',
  'delta.enableDeletionVectors': 'boolean',
  'delta.enableExpiredLogCleanup': 'boolean',
  'delta.enableFullRetentionRollback': 'boolean',
  'delta.enableInCommitTimestamps': 'boolean',
  'delta.enableRowTracking': 'boolean',
  'delta.enableTypeWidening': 'boolean',
  'delta.isolationLevel': 'text',
  'delta.logRetentionDuration': 'interval',
  'delta.parquet.compression.codec': 'text',
  'delta.parquet.format.version': 'text',
  'delta.randomizeFilePrefixes': 'boolean',
  'delta.randomPrefixLength': 'count',
  'delta.sampleRetentionDuration': 'interval',
  'delta.setTransactionRetentionDuration': 'interval',
  'delta.targetFileSize': 'text',
  'delta.tuneFileSizesForRewrites': 'boolean',
  'delta.universalFormat.enabledFormats': 'text',
};

const canonical: ReadonlyMap<string, string> = new Map(
  Object.keys(settable).map((key) => [key.toLowerCase(), key]),
);

/** Properties that a clone takes from its source as they are: another value would contradict the files. */
const fixed = ['delta.columnmapping.', 'delta.constraints.', 'delta.identity.'];

export interface Overrides {
  /** To be set in the configuration. */
  readonly configuration: Readonly<Record<string, string>>;
  /** `delta.feature.` requests, which end in the protocol and not in the configuration. */
  readonly features: Readonly<Record<string, string>>;
}

/** Throws `invalid-argument` naming the property that cannot be set, and why. */
export function parseOverrides(
  properties: Readonly<Record<string, string>> | undefined,
  source: Metadata,
): Overrides {
  const configuration: Record<string, string> = {};
  const features: Record<string, string> = {};
  for (const [written, value] of Object.entries(properties ?? {})) {
    const lower = written.toLowerCase();
    if (lower.startsWith('delta.feature.')) {
      features[`delta.feature.${featureName(written, value)}`] = 'supported';
      continue;
    }
    if (!lower.startsWith('delta.')) {
      configuration[written] = value;
      continue;
    }
    if (fixed.some((prefix) => lower.startsWith(prefix))) {
      const own = Object.entries(source.configuration).find(
        ([key]) => key.toLowerCase() === lower,
      )?.[1];
      if (own === value) continue;
      throw refused(
        written,
        'a clone keeps the one of its source, because the files were written under it',
      );
    }
    const key = canonical.get(lower);
    if (key === undefined)
      throw refused(written, 'it is not a known table property, or one that only the engine sets');
    configuration[key] = checked(key, value);
  }
  return { configuration, features };
}

function featureName(written: string, value: string): string {
  const name = written.slice('delta.feature.'.length);
  if (!/^(supported|enabled)$/i.test(value)) {
    throw refused(written, `its value must be "supported", not "${value}"`);
  }
  const feature = tableFeature(name);
  if (feature?.write !== true)
    throw refused(written, 'tables with this feature cannot be written by this version');
  return name;
}

function checked(key: string, value: string): string {
  const kind = settable[key] ?? 'text';
  const isValid =
    kind === 'text' ||
    (kind === 'boolean' && /^(true|false)$/i.test(value)) ||
    (kind === 'count' && /^[1-9]\d*$/.test(value)) ||
    (kind === 'interval' && (parseInterval(value) ?? -1) >= 0);
  if (isValid) return value;
  const expected = {
    boolean: 'true or false',
    count: 'a whole number above 0',
    interval: 'a time such as "7 days"',
    text: '',
  }[kind];
  throw refused(key, `"${value}" is not ${expected}`);
}

function refused(key: string, why: string): DeltaError {
  return new DeltaError(
    'invalid-argument',
    `The property ${key} cannot be set on a clone: ${why}.`,
    {
      details: { property: key },
    },
  );
}
