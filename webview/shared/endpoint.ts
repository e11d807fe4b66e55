/** The page's end of the protocol: typed questions to the editor, its events, and the state kept over hiding and reloading. */
import type { Json } from '../../src/protocol/json';
import { Endpoint, RemoteError } from '../../src/protocol/rpc';
import type { Envelope, Port, RpcCall } from '../../src/protocol/rpc';
import type { WireError } from '../../src/protocol/views';

interface EditorApi {
  postMessage(message: Envelope): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** A table of methods as `src/protocol` writes them. */
export type MethodTable<M> = {
  readonly [K in keyof M]: { readonly params: readonly unknown[]; readonly result: unknown };
};

/** What a page asks and hears; `Methods` and `Events` are the page's contract in `src/protocol`. */
export interface PageLink<Methods extends MethodTable<Methods>, Events> {
  /** Rejects with {@link RemoteError}. */
  ask<K extends keyof Methods & string>(
    method: K,
    params: Methods[K]['params'],
    call?: RpcCall,
  ): Promise<Methods[K]['result']>;
  on<K extends keyof Events & string>(name: K, handler: (event: Events[K]) => void): void;
  /** What was last saved, or undefined; older versions of the page may have saved another shape. */
  savedState(): unknown;
  saveState(state: unknown): void;
}

/** Connects to the editor. May be called once in a page's life. */
export function connect<Methods extends MethodTable<Methods>, Events>(): PageLink<Methods, Events> {
  const editor = acquireVsCodeApi();
  const port: Port = {
    post: (message) => {
      editor.postMessage(message);
    },
    onMessage: (receive) => {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        receive(event.data);
      });
    },
  };
  const endpoint = new Endpoint(port, new Map(), toWireError);
  return {
    // The contract types are JSON-safe by the rule of src/protocol; interfaces only lack the index signature to prove it.
    ask: (method, params, call) => endpoint.request(method, params as readonly Json[], call),
    on: <K extends keyof Events & string>(name: K, handler: (event: Events[K]) => void) => {
      endpoint.on(name, (event) => {
        handler(event as Events[K]);
      });
    },
    savedState: () => editor.getState(),
    saveState: (state) => {
      editor.setState(state);
    },
  };
}

/** Anything thrown, as what is shown of it. */
export function toWireError(error: unknown): WireError {
  if (error instanceof RemoteError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    details: {},
  };
}
