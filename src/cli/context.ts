/** What a verb is given. */
import type { Call, DeltaService } from '../service/deltaService';
import type { AsOf, ProgressEvent } from '../protocol/views';
import { throttleProgress } from '../service/progressThrottle';
import { parseTimestamp } from '../service/timestamps';
import { UsageError, wholeNumber } from './args';
import type { ParsedArgs } from './args';
import type { Output } from './output';

export interface VerbContext {
  readonly service: DeltaService;
  readonly args: ParsedArgs;
  readonly output: Output;
  readonly isJson: boolean;
  readonly signal: AbortSignal;
  /** A path or URI as written -> an absolute URI. */
  readonly locate: (text: string) => string;
}

/** A call that can be cancelled and draws its progress. */
export function callOf(context: VerbContext): Call {
  return {
    signal: context.signal,
    onProgress: context.output.drawsProgress
      ? throttleProgress(
          (event) => {
            context.output.progress(progressText(event));
          },
          () => performance.now(),
        )
      : undefined,
  };
}

function progressText(event: ProgressEvent): string {
  const of = event.total === undefined ? '' : ` of ${event.total}`;
  return `${event.phase}: ${event.done}${of} ${event.unit}`;
}

/** The positional argument number `index`, as a location. */
export function locationArgument(context: VerbContext, index: number): string {
  return context.locate(context.args.positionals[index] ?? '');
}

/** `--version N`, `--timestamp T`, or undefined. A time without a zone is UTC, and that is said. */
export function asOfArgument(context: VerbContext, verb: string): AsOf | undefined {
  const { args } = context;
  const version = args.value('version');
  const timestamp = args.value('timestamp');
  if (version !== undefined && timestamp !== undefined) {
    throw new UsageError('Give --version or --timestamp, not both.', verb);
  }
  if (version !== undefined) return { version: wholeNumber(version, 'version', verb) };
  return timestamp === undefined
    ? undefined
    : { timestamp: timeArgument(context, 'timestamp', timestamp, verb) };
}

/** A time in canonical form. Throws {@link UsageError} for a text that is none. */
export function timeArgument(
  context: VerbContext,
  option: string,
  text: string,
  verb: string,
): string {
  try {
    const { ms, hasZone } = parseTimestamp(text);
    const iso = new Date(ms).toISOString();
    if (!hasZone) context.output.say(`--${option} ${text} has no zone: UTC is taken (${iso}).`);
    return iso;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), verb);
  }
}

/** `--limit N`, or undefined for all. */
export function limitArgument(context: VerbContext, verb: string): number | undefined {
  const text = context.args.value('limit');
  return text === undefined ? undefined : wholeNumber(text, 'limit', verb);
}
