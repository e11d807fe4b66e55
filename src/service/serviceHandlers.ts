/** A DeltaService as the handlers of an endpoint: every method by its name, its arguments in order. */
import type { Json } from '../protocol/json';
import type { Handler } from '../protocol/rpc';
import { deltaServiceMethods } from './deltaService';
import type { Call, DeltaService } from './deltaService';
import { throttleProgress } from './progressThrottle';

/** Number of arguments before the call, by method: arguments that were left out must not let the call slip forward. */
const argumentCounts = {
  findTables: 1,
  overview: 1,
  detail: 2,
  history: 2,
  files: 3,
  openFiles: 2,
  openRows: 2,
  readCursor: 2,
  closeCursor: 1,
  lineage: 1,
  plan: 1,
  planItems: 2,
  discardPlan: 1,
  execute: 2,
} as const satisfies Record<(typeof deltaServiceMethods)[number], number>;

/** @param now milliseconds on any clock that does not go backwards */
export function serviceHandlers(
  service: DeltaService,
  now: () => number,
): ReadonlyMap<string, Handler> {
  return new Map(
    deltaServiceMethods.map((method): [string, Handler] => [
      method,
      async (params, { signal, onProgress }) => {
        const call: Call = { signal, onProgress: throttleProgress(onProgress, now) };
        const given: unknown[] = Array.from(
          { length: argumentCounts[method] },
          (_, i) => params[i] ?? undefined,
        );
        const methods = service as unknown as Readonly<
          Record<string, (...args: readonly unknown[]) => Promise<unknown>>
        >;
        return ((await methods[method]?.(...given, call)) ?? null) as Json;
      },
    ]),
  );
}
