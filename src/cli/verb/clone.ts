/** `clone <source> <target>`: shallow or deep. */
import { UsageError } from '../args';
import { asOfArgument, locationArgument, timeArgument } from '../context';
import type { VerbContext } from '../context';
import { planOrExecute } from '../write';

export async function cloneVerb(context: VerbContext): Promise<void> {
  const { args } = context;
  const isDeep = args.has('deep');
  if (isDeep === args.has('shallow')) {
    throw new UsageError('Give either --shallow or --deep.', 'clone');
  }
  if (args.has('replace') && args.has('if-not-exists')) {
    throw new UsageError('Give --replace or --if-not-exists, not both.', 'clone');
  }
  if (args.has('copy-txn') && !isDeep) {
    throw new UsageError('--copy-txn goes with --deep.', 'clone');
  }
  const expires = args.value('expires');
  const properties = propertiesOf(args.values('property'));
  await planOrExecute(context, {
    kind: isDeep ? 'deep-clone' : 'shallow-clone',
    source: locationArgument(context, 0),
    target: locationArgument(context, 1),
    at: asOfArgument(context, 'clone') ?? 'latest',
    ...(args.has('replace') ? { replace: true } : {}),
    ...(args.has('if-not-exists') ? { ifNotExists: true } : {}),
    ...(properties === undefined ? {} : { properties }),
    ...(args.has('record') ? { record: true } : {}),
    ...(args.has('copy-txn') ? { copyTxn: true } : {}),
    ...(expires === undefined
      ? {}
      : { expires: timeArgument(context, 'expires', expires, 'clone') }),
  });
}

function propertiesOf(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (texts.length === 0) return undefined;
  const properties = new Map<string, string>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      throw new UsageError(`--property takes key=value, not "${text}".`, 'clone');
    }
    properties.set(text.slice(0, equals), text.slice(equals + 1));
  }
  return Object.fromEntries(properties);
}
