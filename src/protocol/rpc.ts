/**
 * One small request/response protocol over any port: a worker's, a webview's, or a pair in memory. Requests can be cancelled,
 * report progress and fail with a typed error; events go one way.
 */
import type { Json } from './json';
import type { ProgressEvent, WireError } from './views';

export type Envelope =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly method: string;
      readonly params: readonly Json[];
    }
  | { readonly type: 'result'; readonly id: number; readonly value: Json }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly event: ProgressEvent }
  | { readonly type: 'event'; readonly name: string; readonly params: Json };

/** Where envelopes go out and come in. */
export interface Port {
  post(message: Envelope): void;
  /** Sets the one receiver; what arrived before is delivered first. */
  onMessage(receive: (message: unknown) => void): void;
}

/** An error that came over a port; `code` is the code it was thrown with. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly code: string;
  readonly details: WireError['details'];
  constructor(error: WireError) {
    super(error.message);
    this.code = error.code;
    this.details = error.details;
  }
}

export interface RpcCall {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
}

export type Handler = (
  params: readonly Json[],
  call: Required<Pick<RpcCall, 'onProgress'>> & { readonly signal: AbortSignal },
) => Promise<Json>;

interface PendingRequest {
  readonly resolve: (value: Json) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((event: ProgressEvent) => void) | undefined;
  readonly release: () => void;
}

/** Both ends of the protocol: asks the other side, answers it, and tells it events. */
export class Endpoint {
  private nextId = 1;
  private closed: WireError | undefined;
  private readonly pending = new Map<number, PendingRequest>();
  private readonly running = new Map<number, AbortController>();
  private readonly eventHandlers = new Map<string, (params: Json) => void>();

  /**
   * @param handlers methods this side answers
   * @param toWireError turns anything thrown by a handler into what crosses the port
   */
  constructor(
    private readonly port: Port,
    private readonly handlers: ReadonlyMap<string, Handler>,
    private readonly toWireError: (error: unknown) => WireError,
  ) {
    port.onMessage((message) => {
      this.receive(message);
    });
  }

  /** Asks the other side. Rejects with {@link RemoteError}; aborting sends a cancel and rejects with what the other side answers. */
  request(method: string, params: readonly Json[], call: RpcCall = {}): Promise<Json> {
    const closed = this.closed;
    if (closed !== undefined) return Promise.reject(new RemoteError(closed));
    const { signal } = call;
    if (signal?.aborted === true) return Promise.reject(new RemoteError(cancelledWire));
    const id = this.nextId++;
    return new Promise<Json>((resolve, reject) => {
      const onAbort = (): void => {
        this.port.post({ type: 'cancel', id });
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.pending.set(id, {
        resolve,
        reject,
        onProgress: call.onProgress,
        release: () => {
          signal?.removeEventListener('abort', onAbort);
        },
      });
      this.port.post({ type: 'request', id, method, params });
    });
  }

  /** Tells the other side something; nobody answers. */
  emit(name: string, params: Json): void {
    if (this.closed === undefined) this.port.post({ type: 'event', name, params });
  }

  on(name: string, handler: (params: Json) => void): void {
    this.eventHandlers.set(name, handler);
  }

  /** Rejects everything in flight, aborts what runs here, and refuses what comes later. */
  close(error: WireError): void {
    if (this.closed !== undefined) return;
    this.closed = error;
    for (const controller of this.running.values()) controller.abort();
    const pending = [...this.pending.values()];
    this.pending.clear();
    for (const request of pending) {
      request.release();
      request.reject(new RemoteError(error));
    }
  }

  private receive(message: unknown): void {
    if (!isEnvelope(message) || this.closed !== undefined) return;
    switch (message.type) {
      case 'request':
        void this.answer(message.id, message.method, message.params);
        return;
      case 'cancel':
        this.running.get(message.id)?.abort();
        return;
      case 'progress':
        this.pending.get(message.id)?.onProgress?.(message.event);
        return;
      case 'event':
        this.eventHandlers.get(message.name)?.(message.params);
        return;
      case 'result':
      case 'error': {
        const request = this.pending.get(message.id);
        if (request === undefined) return;
        this.pending.delete(message.id);
        request.release();
        if (message.type === 'result') request.resolve(message.value);
        else request.reject(new RemoteError(message.error));
        return;
      }
      default:
        message satisfies never;
    }
  }

  private async answer(id: number, method: string, params: readonly Json[]): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const handler = this.handlers.get(method);
      if (handler === undefined) throw new Error(`No handler for the method "${method}".`);
      const value = await handler(params, {
        signal: controller.signal,
        onProgress: (event) => {
          if (this.running.has(id) && this.closed === undefined) {
            this.port.post({ type: 'progress', id, event });
          }
        },
      });
      this.reply({ type: 'result', id, value });
    } catch (error) {
      this.reply({ type: 'error', id, error: this.toWireError(error) });
    } finally {
      this.running.delete(id);
    }
  }

  private reply(message: Envelope): void {
    if (this.closed === undefined) this.port.post(message);
  }
}

const cancelledWire: WireError = {
  code: 'cancelled',
  message: 'The operation was cancelled.',
  details: {},
};

const envelopeTypes = new Set(['request', 'result', 'error', 'cancel', 'progress', 'event']);

function isEnvelope(message: unknown): message is Envelope {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    typeof message.type === 'string' &&
    envelopeTypes.has(message.type)
  );
}
